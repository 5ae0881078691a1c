"""Turns over processes on different machines, here two stores on one PostgreSQL."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.store.store import Store
from tests.bot.store.conftest import KEY

pytestmark = pytest.mark.slow


@pytest.fixture
async def pair(url):
    if url.startswith("sqlite"):
        pytest.skip("SQLite has no advisory locks; the data folder's own turns hold there")
    first = await Store.open(url, [KEY], migrate=True)
    second = await Store.open(url, [KEY])
    yield first, second
    await first.close()
    await second.close()


async def timed(store, name, hold) -> float:
    began = time.monotonic()
    await asyncio.wait_for(store.turns.take(name, hold=hold), 20)
    return time.monotonic() - began


async def test_one_name_is_taken_in_turn_and_another_at_once(pair):
    first, second = pair
    assert await timed(first, "id0", 3.0) < 2.5
    assert await timed(second, "id1", 3.0) < 2.5
    assert await timed(second, "id0", 0.1) > 0.3


async def test_a_process_waits_for_itself_too(pair):
    first, _ = pair
    await timed(first, "id0", 0.8)
    assert await timed(first, "id0", 0.1) > 0.3


async def test_who_closes_gives_back_at_once(pair):
    first, second = pair
    await timed(first, "id0", 60.0)
    await first.turns.close()
    assert await timed(second, "id0", 0.1) < 5
