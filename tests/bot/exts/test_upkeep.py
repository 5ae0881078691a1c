"""Loops that must go on whatever a turn runs into."""

from __future__ import annotations

from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from bot.exts.upkeep import Upkeep


class Store:
    """A store whose leader's lock and work can fail."""

    def __init__(self):
        self.mine, self.error, self.done = True, None, []
        self.cases = SimpleNamespace(lapse=lambda: self._work("lapse"))

    @asynccontextmanager
    async def leader(self, task):
        if self.error:
            raise self.error
        yield self.mine

    def purge(self):
        return self._work("purge")

    async def _work(self, name):
        self.done.append(name)
        return {"exchanges": 2}


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def upkeep(store):
    digest = SimpleNamespace(send_due=lambda: store._work("digest"))
    cogs = {"Digest": digest}
    return Upkeep(SimpleNamespace(app=SimpleNamespace(store=store), get_cog=cogs.get))


@pytest.mark.parametrize("loop", ["claims", "purge", "digest"])
async def test_a_database_that_restarts_ends_no_loop(upkeep, store, loop):
    store.error = RuntimeError("the database system is shutting down")
    await getattr(Upkeep, loop).coro(upkeep)
    store.error = None
    await getattr(Upkeep, loop).coro(upkeep)
    assert store.done == [{"claims": "lapse"}.get(loop, loop)]


@pytest.mark.parametrize("loop", ["claims", "purge", "digest"])
async def test_who_does_not_lead_does_nothing(upkeep, store, loop):
    store.mine = False
    await getattr(Upkeep, loop).coro(upkeep)
    assert store.done == []
