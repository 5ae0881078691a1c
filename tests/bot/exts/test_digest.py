"""The daily digest as a review channel sees it: one a day, whatever breaks; nothing where there is nothing to tell."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import discord
import pytest
from sqlalchemy import update

from bot.exts.digest import Digest
from bot.review import Outcome
from bot.store.digests import LEASE
from bot.store.models import DailyDigest
from bot.store.store import Store
from bot.ui import retrying
from tests.bot.exts.conftest import KEY

RED = "my groin and inner thighs have gone numb since yesterday and I cannot pee"
TITLE = "The day's review"


@pytest.fixture
def now():
    """A moment of today."""
    return datetime.now(UTC)


@pytest.fixture
async def due(scene, app, now):
    """A server with one open case, whose digest of today is due."""
    settings = await scene.client.book.read(scene.guild.id)
    changed = replace(settings, review_channel=str(scene.review.id), digest_hour=0)
    await scene.client.book.save(scene.guild.id, changed, 1)
    await scene.ann.slash(scene.channel, "ask", question=RED)
    await back(scene, app, now, days=1)
    return scene


async def back(scene, app, now, *, days):
    """As if the last digest had been dealt with `days` ago."""
    await app.store.digests.enrol(now=now)
    day = now.date() - timedelta(days=days)
    change = update(DailyDigest).values(day=day, due_at=now, tried=None)
    await app.store.database.write(lambda connection: connection.execute(change))


async def configure(scene, **changes):
    settings = await scene.client.book.read(scene.guild.id)
    await scene.client.book.save(scene.guild.id, replace(settings, **changes), 1)


def cog(scene) -> Digest:
    return scene.client.get_cog("Digest")


def digests(scene, title=TITLE):
    return [message for message in scene.review.history() if title in scene.words(message)]


def away(status=503):
    return discord.HTTPException(SimpleNamespace(status=status, reason="away"), "")


def broken(monkeypatch, *, status=503, after=False):
    """Sending to a channel fails, `after` it was done or before; returns how often it was tried."""
    tried, send = [], discord.PartialMessageable.send

    async def failing(self, *args, **options):
        tried.append(options)
        if after:
            await send(self, *args, **options)
        raise (discord.Forbidden(away(403).response, "") if status == 403 else away(status))

    monkeypatch.setattr(discord.PartialMessageable, "send", failing)
    monkeypatch.setattr(retrying, "_pause", lambda _state: 0)
    return tried


async def test_a_digest_tells_counts_once_pings_nobody_and_names_nobody(due, now):
    assert await cog(due).send_due(now) == 1
    (card,) = digests(due)
    text = due.words(card)
    assert "**Emergency:** 1 open, 0 claimed, 0 escalated; 0 overdue" in text
    assert "Yesterday (UTC):** 0 opened, 0 decided." in text
    assert set(due.buttons(card)) == {"Show the queue", "Open in console"}
    assert due.buttons(card)["Open in console"] == f"https://console.example.org/queue?guild={due.guild.id}"
    assert not re.search(r"<@|ann|groin|numb", text)
    assert (list(card.mentions), list(card.role_mentions)) == ([], [])
    assert await cog(due).send_due(now + timedelta(hours=1)) == 0
    assert len(digests(due)) == 1


async def test_tomorrow_comes_another_one(due, now):
    assert [await cog(due).send_due(now + timedelta(days=days)) for days in (0, 1)] == [1, 1]
    first, second = digests(due)
    assert "**Yesterday (UTC):** 1 opened" in due.words(second) + due.words(first)


async def test_days_missed_are_made_up_by_one_card(due, app, now):
    await back(due, app, now, days=4)
    assert await cog(due).send_due(now) == 1
    (card,) = digests(due)
    assert "The last 4 days (UTC)" in due.words(card)
    assert await cog(due).send_due(now + timedelta(minutes=5)) == 0


async def test_what_was_decided_is_told_with_its_times(due, app, now):
    guild = str(due.guild.id)
    (case,) = await app.store.queue.cases(guild)
    await app.store.cases.claim(case.id, guild, "5")
    await app.store.cases.resolve(case.id, guild, "5", Outcome.FALSE_ALARM, reason="joke")
    tomorrow = now + timedelta(days=1)
    assert await cog(due).send_due(tomorrow) == 1
    text = due.words(digests(due)[0])
    assert "Nothing waits." in text
    assert "1 opened, 1 decided." in text
    assert "Median to claim 0 min, to decide 0 min." in text
    assert "False alarms: 1 (100% of the decided)." in text


async def test_nothing_is_sent_where_there_is_nothing_to_tell(scene, app, now):
    await configure(scene, review_channel=str(scene.review.id), digest_hour=0)
    await back(scene, app, now, days=1)
    assert await cog(scene).send_due(now) == 0
    assert digests(scene) == []
    assert await app.store.digests.due(now=now + timedelta(hours=1)) == []


@pytest.mark.parametrize("off", [{"digest_hour": None}, {"review_channel": None}])
async def test_who_wants_none_gets_none_and_none_is_made_up_later(due, app, now, off):
    settings = await due.client.book.read(due.guild.id)
    tomorrow = now.replace(hour=23, minute=59) + timedelta(
        days=1
    )  # after the default hour, whenever the test runs
    await configure(due, **off)
    await back(due, app, now, days=3)
    assert await cog(due).send_due(tomorrow) == 0
    await due.client.book.save(due.guild.id, settings, 1)
    assert await cog(due).send_due(tomorrow) == 0
    assert digests(due) == []


async def test_before_its_hour_nothing_is_sent(due, app, now):
    midnight = now.replace(hour=0, minute=0, second=0)
    await configure(due, digest_hour=9)
    await back(due, app, midnight, days=1)
    assert await cog(due).send_due(midnight + timedelta(hours=8, minutes=59)) == 0
    assert await cog(due).send_due(midnight + timedelta(hours=9)) == 1


async def test_two_processes_at_once_send_it_once(due, app, now):
    other = await Store.open(app.settings.database, [KEY])
    second = SimpleNamespace(
        app=SimpleNamespace(store=other, settings=app.settings), stopping=False, working=due.client.working,
        get_partial_messageable=due.client.get_partial_messageable, get_guild=due.client.get_guild, user=due.client.user,
    )  # fmt: skip
    sent = await asyncio.gather(cog(due).send_due(now), Digest(second).send_due(now))
    assert sorted(sent) == [0, 1]
    assert len(digests(due)) == 1
    await other.close()


async def test_a_send_that_fails_is_tried_again_the_next_minute(due, now, monkeypatch):
    with monkeypatch.context() as patch:
        broken(patch)
        assert await cog(due).send_due(now) == 0
    assert await cog(due).send_due(now + timedelta(seconds=30)) == 0
    assert await cog(due).send_due(now + timedelta(minutes=1)) == 1
    assert len(digests(due)) == 1


async def test_one_that_went_out_while_the_answer_got_lost_is_not_sent_again(due, now, monkeypatch):
    with monkeypatch.context() as patch:
        tried = broken(patch, after=True)
        assert await cog(due).send_due(now) == 0
    before = len(digests(due))
    assert len({options["nonce"] for options in tried}) == 1
    assert {str(options["allowed_mentions"].to_dict()) for options in tried} == {"{'parse': []}"}
    assert await cog(due).send_due(now + timedelta(minutes=1)) == 1
    assert len(digests(due)) == before
    assert await cog(due).send_due(now + timedelta(minutes=5)) == 0


@pytest.mark.parametrize("sent", [True, False])
async def test_a_process_that_dies_in_between_neither_doubles_nor_skips_it(due, app, now, monkeypatch, sent):
    class Died(BaseException):
        pass

    async def dying(*_args, **_options):
        raise Died

    with monkeypatch.context() as patch:
        if sent:
            patch.setattr(app.store.digests, "settle", dying)
        else:
            patch.setattr(discord.PartialMessageable, "send", dying)
        with pytest.raises(Died):
            await cog(due).send_due(now)
    assert len(digests(due)) == sent
    assert await cog(due).send_due(now + timedelta(minutes=1)) == 0
    await cog(due).send_due(now + LEASE)
    assert len(digests(due)) == 1
    assert await app.store.digests.due(now=now + timedelta(hours=1)) == []


async def test_a_refusal_is_tried_again_an_hour_later_and_hinders_no_other_server(due, app, now, monkeypatch):
    with monkeypatch.context() as patch:
        tried = broken(patch, status=403)
        assert await cog(due).send_due(now) == 0
        assert await cog(due).send_due(now + timedelta(minutes=59)) == 0
        assert len(tried) == 1
    assert await cog(due).send_due(now + timedelta(hours=1)) == 1


async def test_while_discord_is_away_it_is_left_alone(due, app, now, monkeypatch):
    settings = await due.client.book.read(due.guild.id)
    for number in range(6):
        await app.store.guilds.save(f"90{number}", replace(settings, language="en"), "boss")
    figures = await app.store.tally(str(due.guild.id), now.date(), now.date(), now=now)

    async def busy(*_args, **_options):
        return figures

    monkeypatch.setattr(app.store, "tally", busy)
    await back(due, app, now, days=1)
    tried = broken(monkeypatch)
    assert await cog(due).send_due(now) == 0
    assert len(tried) == 3 * retrying.TRIES


async def test_a_server_whose_events_go_to_another_process_gets_its_digest_too(due, now, monkeypatch):
    monkeypatch.setattr(due.client, "get_guild", lambda _guild: None)
    assert await cog(due).send_due(now) == 1
    assert len(digests(due)) == 1


async def test_it_speaks_the_server_s_language(due, now):
    await configure(due, language="de")
    assert await cog(due).send_due(now) == 1
    (card,) = digests(due, "Der Stand des Tages")
    assert "**Notfall:** 1 offen" in due.words(card)


async def test_the_button_lists_what_waits_for_moderators_only(due, now):
    await cog(due).send_due(now)
    (card,) = digests(due)
    shown = await due.moderator.click(card, label="Show the queue")
    assert shown.ephemeral
    assert "Emergency" in due.words(shown.response)
    refused = await due.ann.click(card, label="Show the queue")
    assert "Only moderators" in (
        refused.followups[0].content if refused.followups else refused.response.content
    )


async def test_a_shutdown_begins_no_other(due, now, monkeypatch):
    monkeypatch.setattr(due.client, "stopping", True)
    assert await cog(due).send_due(now) == 0
    monkeypatch.setattr(due.client, "stopping", False)
    assert await cog(due).send_due(now) == 1


async def test_its_hour_is_set_in_discord_and_shown_on_the_card_of_settings(due):
    boss = due.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    owner = due.guild.add_member(due.env.create_user("boss"), roles=[boss])
    shown = await owner.slash(due.channel, "setup")
    assert "Daily digest in the review channel: 00:00 UTC." in due.words(shown.response)
    times = {"emergency": "15", "urgent": "4", "refer": "24", "quiet": ""}
    modal = await owner.click(shown.response, label="Target times, quiet hours, daily digest")
    changed = await owner.submit_modal(modal, {**times, "digest": "17"})
    assert (await due.client.book.read(due.guild.id)).digest_hour == 17
    modal = await owner.click(
        changed.response or shown.response, label="Target times, quiet hours, daily digest"
    )
    await owner.submit_modal(modal, {**times, "digest": ""})
    assert (await due.client.book.read(due.guild.id)).digest_hour is None
    again = await owner.slash(due.channel, "setup")
    assert "Daily digest in the review channel: off." in due.words(again.response)
