"""The budget of a chat model holds over restarts and over processes."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.chat.budget import Budget, Price, Spent
from bot.chat.faults import ModelFault
from bot.store.store import Store
from tests.bot.store.conftest import KEY

DAY = date(2026, 3, 1)
LIMIT = Spent(3000, 0.0)


async def test_what_was_spent_is_there_after_a_restart(url):
    first = await Store.open(url, [KEY], migrate=True)
    assert await first.spending.book("1", DAY, Spent(2000, 0.5, 1), LIMIT) == Spent(2000, 0.5, 1)
    await first.close()
    again = await Store.open(url, [KEY])
    assert await again.spending.spent("1", DAY) == Spent(2000, 0.5, 1)
    assert await again.spending.book("1", DAY, Spent(2000, 0.5, 1), LIMIT) is None
    assert await again.spending.spent("1", DAY) == Spent(2000, 0.5, 1)
    await again.close()


async def test_processes_side_by_side_share_one_budget(url):
    stores = [await Store.open(url, [KEY], migrate=True) for _ in range(3)]
    booked = await asyncio.gather(
        *(store.spending.book("1", DAY, Spent(500, 0.0, 1), LIMIT) for store in stores * 4)
    )
    assert sum(one is not None for one in booked) == 6
    assert await stores[0].spending.spent("1", DAY) == Spent(3000, 0.0, 6)
    for store in stores:
        await store.close()


async def test_servers_and_days_have_budgets_of_their_own(store):
    await store.spending.book("1", DAY, Spent(3000, 0.0, 1), LIMIT)
    assert await store.spending.book("2", DAY, Spent(3000, 0.0, 1), LIMIT)
    assert await store.spending.book("1", DAY + timedelta(days=1), Spent(3000, 0.0, 1), LIMIT)
    assert await store.spending.book(None, DAY, Spent(3000, 0.0, 1), LIMIT)
    assert await store.spending.spent(None, DAY) == Spent(3000, 0.0, 1)


async def test_money_is_counted_to_the_last_of_it(store):
    for _ in range(10):
        assert await store.spending.book("1", DAY, Spent(1, 0.1, 1), Spent(0, 1.0))
    assert await store.spending.book("1", DAY, Spent(1, 0.1, 1), Spent(0, 1.0)) is None


async def test_a_booking_is_settled_on_the_day_it_was_made(store):
    now = [datetime(2026, 3, 1, 23, 59, tzinfo=UTC)]
    budget = Budget(tokens=3000, cost=0, price=Price(), ledger=store.spending, now=lambda: now[0])
    booking = await budget.reserve("1", 2000, 700)
    with pytest.raises(ModelFault, match="budget"):
        await budget.reserve("1", 2000, 700)
    now[0] += timedelta(minutes=2)
    await budget.settle(booking, 900, 100)
    assert await store.spending.spent("1", DAY) == Spent(1000, 0.0, 1)
    assert await budget.spent("1") == Spent()


async def test_old_days_are_purged(store):
    await store.spending.book("1", DAY, Spent(1, 0.0, 1), LIMIT)
    assert (await store.purge(datetime(2027, 2, 27, tzinfo=UTC)))["spending"] == 0
    assert (await store.purge(datetime(2027, 3, 2, tzinfo=UTC)))["spending"] == 1


async def test_a_release_can_be_rolled_back_and_forward(store):
    from bot.store import migrate

    await migrate.downgrade(store.database, "0001")
    await migrate.upgrade(store.database)
    assert await store.spending.book("1", DAY, Spent(1, 0.0, 1), LIMIT)
