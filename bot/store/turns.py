"""Turns that processes on different machines take one after the other, by PostgreSQL's advisory locks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.logs import logger

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database

log = logger("turns")

TAKE = text("SELECT pg_try_advisory_lock(:number)")
GIVE_BACK = text("SELECT pg_advisory_unlock(:number)")
AGAIN = 0.2
"""Seconds between two looks whether a turn is free."""


class Turns:
    """Turns by name. All that this process holds hang on one connection, which is closed when none is held."""

    def __init__(self, database: Database) -> None:
        """Take turns on `database`, a PostgreSQL one."""
        self._database = database
        self._one_at_a_time = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._held: dict[str, asyncio.Task[None]] = {}

    async def take(self, name: str, *, hold: float) -> None:
        """Wait until nobody has the turn `name`, and keep it for `hold` seconds from now. Raises what the database raises."""
        while not await self._try(name, hold):  # noqa: ASYNC110 - another process may have it
            await asyncio.sleep(AGAIN)

    async def close(self) -> None:
        """Give everything back at once."""
        for task in self._held.values():
            task.cancel()
        await asyncio.gather(*self._held.values(), return_exceptions=True)
        self._held.clear()
        await self._let_go()

    async def _try(self, name: str, hold: float) -> bool:
        """Whether the turn is free, and ours now."""
        async with self._one_at_a_time:
            if name in self._held:  # PostgreSQL would give it to the same connection again
                return False
            server = self._database.server
            assert server is not None
            if self._connection is None:
                connection = await server.connect()
                self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                taken = await self._connection.execute(TAKE, {"number": lock_number(name)})
            except (DBAPIError, OSError, asyncio.CancelledError):
                await self._let_go()
                raise
            if not taken.scalar_one():
                return False
            self._held[name] = asyncio.create_task(self._give_back(name, hold))
            return True

    async def _give_back(self, name: str, hold: float) -> None:
        """End a turn. A connection that broke meanwhile has ended it already."""
        await asyncio.sleep(hold)
        async with self._one_at_a_time:
            del self._held[name]
            try:
                if self._held and self._connection is not None:
                    await self._connection.execute(GIVE_BACK, {"number": lock_number(name)})
                    return
            except (DBAPIError, OSError) as error:
                log.warning("connection of turns broke", exc_info=error)
            await self._let_go()

    async def _let_go(self) -> None:
        """Close the connection; locks that hang on it end with it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()


def lock_number(name: str) -> int:
    """The number under which PostgreSQL knows the lock of a name."""
    return int.from_bytes(name.encode()[:8].ljust(8), "big") >> 1
