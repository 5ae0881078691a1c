"""Settings chosen in Discord."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.exts.setup import with_choice, with_times
from bot.guild import GuildSettings, on_duty, quiet


def test_a_choice_changes_its_own_field_only():
    before = GuildSettings(review_channel="1", moderator_roles=("2",))
    after = with_choice(before, "quiet", ("7", "8"))
    assert after.quiet_channels == ("7", "8")
    assert (after.review_channel, after.moderator_roles) == ("1", ("2",))
    assert with_choice(after, "review", ()).review_channel is None
    assert with_choice(after, "nonsense", ("1",)) == after


def test_what_is_no_id_or_language_is_left_out():
    assert with_choice(GuildSettings(), "moderators", ("5", "x; drop")).moderator_roles == ("5",)
    assert with_choice(GuildSettings(), "language", ("klingon",)).language is None
    assert with_choice(GuildSettings(), "language", ("de",)).language == "de"


def test_times_are_read_and_nonsense_refused():
    given = {"emergency": "20", "urgent": "2,5", "refer": "48", "quiet": "22-7"}
    made = with_times(GuildSettings(), given)
    assert made.targets.emergency == timedelta(minutes=20)
    assert made.targets.urgent == timedelta(hours=2.5)
    assert made.quiet_hours == (22, 7)
    for wrong in ({"emergency": "0"}, {"urgent": "soon"}, {"quiet": "25-3"}, {"quiet": "night"}):
        with pytest.raises(ValueError):
            with_times(GuildSettings(), given | wrong)


def test_the_digest_s_hour_is_read_kept_where_it_was_not_asked_for_and_turned_off_by_nothing():
    given = {"emergency": "20", "urgent": "2", "refer": "48", "quiet": ""}
    assert GuildSettings().digest_hour == 9
    assert with_times(GuildSettings(), given | {"digest": "0"}).digest_hour == 0
    assert with_times(GuildSettings(digest_hour=7), given).digest_hour == 7
    assert with_times(GuildSettings(), given | {"digest": " "}).digest_hour is None
    for wrong in ("24", "-1", "nine", "9:30"):
        with pytest.raises(ValueError):
            with_times(GuildSettings(), given | {"digest": wrong})


@pytest.mark.parametrize(("hour", "inside"), [(23, True), (3, True), (7, False), (12, False)])
def test_quiet_hours_may_run_over_midnight(hour, inside):
    assert quiet((22, 7), hour) is inside


def test_moderators_take_turns_by_the_day_and_sleep_in_quiet_hours():
    settings = GuildSettings(rota=("1", "2", "3"), quiet_hours=(22, 7))
    days = [on_duty(settings, datetime(2026, 11, day, 12, tzinfo=UTC)) for day in range(1, 7)]
    assert days[:3] == days[3:]
    assert set(days) == {"1", "2", "3"}
    assert on_duty(settings, datetime(2026, 11, 1, 23, tzinfo=UTC)) is None
    assert on_duty(GuildSettings(), datetime(2026, 11, 1, 12, tzinfo=UTC)) is None
    assert with_choice(GuildSettings(), "rota", ("5", "4", "no id")).rota == ("5", "4")
