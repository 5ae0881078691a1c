"""The schedule of digests and their figures, on both databases: what two processes, a restart or a change of settings may not spoil."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import inspect, update

from bot.guild import GuildSettings
from bot.review import Case, Outcome, Status
from bot.store import migrate
from bot.store.console_history import write_history
from bot.store.digests import LEASE, Due
from bot.store.models import DailyDigest
from bot.store.store import Store
from safety.types import Tier
from tests.bot.store.conftest import KEY

NOW = datetime(2026, 3, 10, 9, 0, 30, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)
READY = GuildSettings(review_channel="7")


async def enrolled(store, guild="1", settings=READY, *, day=YESTERDAY, due=NOW, tried=None):
    """A server whose digests up to `day` are dealt with, and which is due at `due`."""
    await store.guilds.save(guild, settings, "boss")
    await store.digests.enrol(now=NOW)
    change = update(DailyDigest).where(DailyDigest.guild == guild).values(day=day, due_at=due, tried=tried)
    await store.database.write(lambda connection: connection.execute(change))
    return Due(guild, due, day, tried)


async def test_a_server_is_taken_in_with_its_settings_and_begins_with_the_day_after(store):
    await store.digests.enrol(now=NOW)
    assert await store.digests.due(now=NOW) == []
    await store.guilds.save("1", READY, "boss")
    await store.guilds.save(None, READY, "boss")  # the terminal has no review channel
    await store.digests.enrol(now=NOW)
    await store.digests.enrol(now=NOW + timedelta(days=1))
    assert await store.digests.due(now=NOW) == [Due("1", NOW, TODAY, None)]
    await store.digests.settle("1", TODAY, now=NOW)
    assert await store.digests.due(now=NOW + timedelta(hours=23)) == []
    assert [due.guild for due in await store.digests.due(now=NOW + timedelta(hours=24))] == ["1"]


async def test_of_many_processes_one_gets_a_digest(url):
    stores = [await Store.open(url, [KEY], migrate=True) for _ in range(3)]
    due = await enrolled(stores[0])
    taken = await asyncio.gather(*(store.digests.claim(due, TODAY, now=NOW) for store in stores * 4))
    assert sum(taken) == 1
    assert await stores[1].digests.due(now=NOW) == []
    for store in stores:
        await store.close()


async def test_a_claim_whose_process_died_is_due_again_and_says_so_after_a_restart(url):
    first = await Store.open(url, [KEY], migrate=True)
    assert await first.digests.claim(await enrolled(first), TODAY, now=NOW)
    await first.close()
    again = await Store.open(url, [KEY])
    assert await again.digests.due(now=NOW + LEASE - timedelta(seconds=1)) == []
    assert await again.digests.due(now=NOW + LEASE) == [Due("1", NOW + LEASE, YESTERDAY, TODAY)]
    await again.close()


async def test_what_was_settled_stays_so_after_a_restart(url):
    first = await Store.open(url, [KEY], migrate=True)
    await enrolled(first)
    await first.digests.settle("1", TODAY, now=NOW)
    await first.close()
    again = await Store.open(url, [KEY])
    assert await again.digests.due(now=NOW + timedelta(hours=12)) == []
    (due,) = await again.digests.due(now=NOW + timedelta(days=1))
    assert (due.day, due.tried) == (TODAY, None)
    await again.close()


async def test_a_day_that_is_settled_cannot_be_claimed_or_taken_back(store):
    due = await enrolled(store)
    await store.digests.settle("1", TODAY, now=NOW)
    assert not await store.digests.claim(due, TODAY, now=NOW)
    await store.digests.settle("1", YESTERDAY, now=NOW)
    (later,) = await store.digests.due(now=NOW + timedelta(days=1))
    assert later.day == TODAY


async def test_moving_the_hour_moves_what_is_due(store):
    now = datetime.now(UTC)
    today = now.date()
    await enrolled(store, day=today, due=now + timedelta(days=3))
    await store.guilds.save("1", replace(READY, digest_hour=5), "boss")
    tomorrow = datetime.combine(today + timedelta(days=1), time(5), UTC)
    assert await store.digests.due(now=tomorrow - timedelta(seconds=1)) == []
    assert [due.due_at for due in await store.digests.due(now=tomorrow)] == [tomorrow]


async def test_changing_settings_while_a_digest_is_sent_lets_nobody_send_it_again(store):
    now = datetime.now(UTC)
    day = now.date()
    due = await enrolled(store, day=day - timedelta(days=2), due=now)
    assert await store.digests.claim(due, day, now=now)
    await store.guilds.save("1", replace(READY, digest_hour=0), "boss")
    assert await store.digests.due(now=now + timedelta(minutes=1)) == []
    await store.digests.settle("1", day, now=now)
    (later,) = await store.digests.due(now=now + timedelta(days=3))
    assert later.due_at == datetime.combine(day + timedelta(days=1), time(0), UTC)


async def test_what_was_put_off_comes_again(store):
    due = await enrolled(store)
    await store.digests.claim(due, TODAY, now=NOW)
    await store.digests.put_off("1", NOW + timedelta(minutes=1), tried=TODAY)
    assert await store.digests.due(now=NOW) == []
    (again,) = await store.digests.due(now=NOW + timedelta(minutes=1))
    assert (again.day, again.tried) == (YESTERDAY, TODAY)


async def test_nothing_is_kept_of_a_server_that_is_left(store):
    await enrolled(store)
    await store.guilds.forget("1")
    await store.digests.enrol(now=NOW)
    assert await store.digests.due(now=NOW + timedelta(days=9)) == []
    await store.digests.settle("1", TODAY, now=NOW)
    assert await store.guilds.kept() == set()


async def test_a_release_can_be_rolled_back_and_forward(store):
    await store.guilds.save("1", READY, "boss")
    await migrate.downgrade(store.database, "0002")
    assert "digests" not in await store.database.read(lambda c: inspect(c).get_table_names())
    await migrate.upgrade(store.database)
    await store.digests.enrol(now=NOW)
    assert [due.day for due in await store.digests.due(now=NOW)] == [TODAY]


def case(number, *, tier=Tier.URGENT, crisis=False, opened, guild="1", **fields):
    return Case(
        f"{guild}-{number}", guild, "tier", tier, opened, opened + timedelta(hours=4), crisis=crisis, person=f"p{number}",
        conversation="c", updated_at=opened, **fields,
    )  # fmt: skip


def done(number, outcome, *, opened, claimed=None, took, guild="1"):
    return case(
        number, opened=opened, guild=guild, status=Status.RESOLVED, outcome=outcome, resolved_at=opened + took, resolved_by="mo",
        claimed_at=opened + claimed if claimed else None,
    )  # fmt: skip


@pytest.fixture
async def worked(store):
    """A server with some of everything, and another one."""
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    noon, night = datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 9, 23, 50, tzinfo=UTC)
    held = {"status": Status.CLAIMED, "holder": "mo", "claimed_at": NOW}
    cases = [
        case(1, opened=NOW - hour),
        case(2, opened=NOW - 30 * hour),
        case(3, opened=NOW - hour, lease_until=NOW + minute, **held),
        case(4, opened=NOW - 2 * hour, lease_until=NOW - minute, **held),
        case(5, opened=NOW - hour, status=Status.ESCALATED, escalated=True),
        case(6, opened=NOW - hour, lease_until=NOW - minute, escalated=True, **held),
        case(7, tier=Tier.NONE, crisis=True, opened=NOW - 5 * hour),
        done(8, Outcome.CORRECT, opened=noon, claimed=10 * minute, took=20 * minute),
        done(9, Outcome.FALSE_ALARM, opened=noon, claimed=30 * minute, took=60 * minute),
        done(10, Outcome.FALSE_ALARM, opened=noon - 40 * hour, took=41 * hour),
        done(11, Outcome.EXPIRED, opened=noon - 1400 * hour, took=1400 * hour),
        done(12, Outcome.CORRECT, opened=night, claimed=5 * minute, took=15 * minute),  # decided today
        done(13, Outcome.FALSE_ALARM, opened=noon - 90 * hour, took=minute),  # decided days ago
        case(14, opened=NOW - hour, guild="2"),
        done(15, Outcome.FALSE_ALARM, opened=noon, took=minute, guild="2"),
    ]  # fmt: skip
    await write_history(store.database, cases, keep=timedelta(days=30))
    return store


async def test_a_digest_counts_what_waits_by_severity(worked):
    tally = await worked.tally("1", YESTERDAY, TODAY, now=NOW)
    crisis, urgent = tally.waiting
    assert (crisis.severity, crisis.open, crisis.overdue, crisis.oldest) == (
        5,
        1,
        1,
        NOW - timedelta(hours=5),
    )
    assert (urgent.open, urgent.claimed, urgent.escalated, urgent.overdue) == (3, 1, 2, 1)
    assert urgent.oldest == NOW - timedelta(hours=30)


async def test_a_digest_tells_of_the_days_looked_back_on_and_of_no_others(worked):
    tally = await worked.tally("1", YESTERDAY, TODAY, now=NOW)
    assert (tally.opened, tally.decided, tally.expired, tally.false_alarms) == (4, 3, 1, 2)
    assert (tally.claim_minutes, tally.decide_minutes) == (20.0, 60.0)
    longer = await worked.tally("1", TODAY - timedelta(days=7), TODAY, now=NOW)
    assert (longer.decided, longer.false_alarms) == (4, 3)


async def test_a_server_without_cases_is_quiet(worked):
    assert (await worked.tally("3", YESTERDAY, TODAY, now=NOW)).quiet
