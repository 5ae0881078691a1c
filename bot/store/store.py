"""The door to what is kept."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.store import chain
from bot.store.casefile import CaseFile
from bot.store.cases import Cases
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.digests import Digests
from bot.store.exchanges import Exchanges
from bot.store.flags import Flags
from bot.store.guilds import Guilds
from bot.store.persons import Persons
from bot.store.purge import purge
from bot.store.queue import Queue
from bot.store.reseal import reseal
from bot.store.sessions import Sessions
from bot.store.spending import Spending
from bot.store.statistics import Statistics
from bot.store.tally import tally
from bot.store.turns import Turns, lock_number
from bot.store.votes import Votes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date

    from bot.digest import Tally


class Store:
    """Everything that is kept, each kind under its own name. Make one with `Store.open`."""

    def __init__(
        self, database: Database, *, keep_exchanges: timedelta, keep_cases: timedelta, keep_audit: timedelta
    ) -> None:
        """Use `open` instead."""
        self.database = database
        self._keep_exchanges = keep_exchanges
        self._keep_cases = keep_cases
        self._keep_audit = keep_audit
        self.guilds = Guilds(database)
        file = CaseFile(database, keep=keep_cases)
        self.cases = Cases(database, file)
        self.flags = Flags(database, file, self.guilds)
        self.queue = Queue(database)
        self.exchanges = Exchanges(database, self.flags, keep=keep_exchanges)
        self.deliveries = Deliveries(database)
        self.digests = Digests(database, self.guilds)
        self.votes = Votes(database)
        self.persons = Persons(database)
        self.sessions = Sessions(database)
        self.spending = Spending(database)
        self.statistics = Statistics(database)
        self.turns = Turns(database)

    @classmethod
    async def open(
        cls,
        url: str,
        keys: Sequence[str],
        *,
        keep_exchanges: timedelta = timedelta(days=7),
        keep_cases: timedelta = timedelta(days=30),
        keep_audit: timedelta = timedelta(days=365),
        migrate: bool | None = None,
    ) -> Store:
        """Open the database at `url`; see `Database.open`. Raises `bot.store.database.StoreError`."""
        database = await Database.open(url, keys, migrate=migrate)
        return cls(database, keep_exchanges=keep_exchanges, keep_cases=keep_cases, keep_audit=keep_audit)

    async def close(self) -> None:
        """Let go of the database."""
        await self.turns.close()
        await self.database.close()

    async def ping(self) -> None:
        """Ask the database for anything. Raises what the database raises: for readiness checks."""
        await self.database.read(lambda connection: connection.execute(text("SELECT 1")))

    async def purge(self, now: datetime | None = None) -> dict[str, int]:
        """Close what nobody decides and delete what has been kept long enough; see `Cases.expire` and `bot.store.purge`."""
        expired = await self.cases.expire(keep=self._keep_cases, now=now)
        gone = await purge(
            self.database, keep_exchanges=self._keep_exchanges, keep_audit=self._keep_audit, now=now
        )
        return {"expired": expired, **gone}

    async def tally(self, guild: str, since: date, until: date, *, now: datetime | None = None) -> Tally:
        """The figures of a server's daily digest; see `bot.store.tally`."""
        return await tally(self.database, guild, since, until, now=now or datetime.now(UTC))

    async def reseal(self) -> int:
        """Seal everything under the first secret key."""
        return await reseal(self.database)

    async def audit(
        self, guild: str | None, *, case: str | None = None, before: int | None = None, limit: int = 100
    ) -> list[chain.Link]:
        """A guild's audit, newest first."""
        return await chain.links(self.database, guild or "", case=case, before=before, limit=limit)

    async def verify(self) -> list[chain.Verdict]:
        """Check the audit chain of every guild."""
        return [await chain.verify(self.database, guild) for guild in await chain.guilds(self.database)]

    @asynccontextmanager
    async def leader(self, task: str) -> AsyncIterator[bool]:
        """Whether this process may do `task` now: on PostgreSQL one of all processes gets True (an advisory lock), on SQLite each does, because its tasks may be repeated without harm."""
        server = self.database.server
        if server is None:
            yield True
            return
        async with server.connect() as connection:
            number = lock_number(task)
            mine = (
                await connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number})
            ).scalar_one()
            try:
                yield bool(mine)
            finally:
                if mine:
                    await connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
