"""When a digest is due: once a day, missed days together once, whatever is done to the hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.digest import HOUR, Tally, looked_back, moment, newest, next_due

DAY = date(2026, 3, 10)


def at(hour, minute=0, day=DAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "now", "day"), [(9, at(9), 0), (9, at(8, 59), -1), (0, at(0), 0), (23, at(22), -1)]
)
def test_the_newest_digest_is_today_s_from_its_hour_on(hour, now, day):
    assert newest(hour, now) == DAY + timedelta(days=day)


def test_hours_are_in_utc_wherever_the_clock_is_read():
    tokyo = timezone(timedelta(hours=9))
    assert newest(9, datetime(2026, 3, 10, 17, 59, tzinfo=tokyo)) == date(2026, 3, 9)
    assert newest(9, datetime(2026, 3, 10, 18, 0, tzinfo=tokyo)) == DAY


def test_after_an_outage_only_the_newest_is_made_up():
    assert next_due(9, DAY - timedelta(days=5), at(15)) == at(9)
    assert next_due(9, DAY, at(15)) == at(9) + timedelta(days=1)


def test_moving_the_hour_neither_doubles_nor_skips_a_day():
    assert next_due(20, DAY, at(15)) == at(20) + timedelta(days=1)
    assert next_due(9, DAY - timedelta(days=1), at(15)) == at(9)
    assert next_due(16, DAY - timedelta(days=1), at(15)) == at(16)


def test_who_wants_none_is_looked_at_in_the_default_hour():
    assert moment(DAY, None) == moment(DAY, HOUR)


@given(some.lists(some.tuples(some.integers(0, 23), some.integers(1, 60 * 50)), min_size=1, max_size=40))
def test_no_day_has_two_and_each_looks_back_to_where_the_last_ended(steps):
    now, settled, told = at(0), DAY - timedelta(days=1), []
    for hour, minutes in steps:
        now += timedelta(minutes=minutes)
        if next_due(hour, settled, now) <= now:
            day = newest(hour, now)
            assert day > settled
            told.append((looked_back(settled, day), day))
            settled = day
    assert len({day for _, day in told}) == len(told)
    for (_, before), (since, day) in pairwise(told):
        assert since == before or day - since == timedelta(days=7)
        assert since < day


def test_nothing_waiting_and_nothing_done_is_nothing_to_tell():
    assert Tally(DAY, DAY + timedelta(days=1)).quiet
    assert not Tally(DAY, DAY + timedelta(days=1), expired=1).quiet
