"""Turns that processes on different machines take one after the other, by PostgreSQL's advisory locks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database

AGAIN = 0.2
"""Seconds between two looks whether a turn is free."""


class Turns:
    """Turns by name. All that this process holds hang on one connection, which is closed when none is held."""

    def __init__(self, database: Database) -> None:
        """Take turns on `database`; on SQLite, which one machine shares at most, there is nothing to wait for."""
        self._database = database
        self._one_at_a_time = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._held: set[asyncio.Task[None]] = set()

    async def take(self, name: str, *, hold: float) -> None:
        """Wait until no other process has the turn `name`, and keep it for `hold` seconds from now. Raises what the database raises."""
        number = lock_number(name)
        if self._database.server is None:
            return
        while not await self._try(number):  # noqa: ASYNC110 - whoever has it is another process
            await asyncio.sleep(AGAIN)
        task = asyncio.create_task(self._give_back(number, hold))
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    async def close(self) -> None:
        """Give everything back at once."""
        for task in self._held:
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)
        await self._let_go()

    async def _try(self, number: int) -> bool:
        """Whether the turn is free, and ours now."""
        async with self._one_at_a_time:
            server = self._database.server
            assert server is not None
            if self._connection is None:
                connection = await server.connect()
                self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                taken = await self._connection.execute(
                    text("SELECT pg_try_advisory_lock(:number)"), {"number": number}
                )
            except (DBAPIError, OSError, asyncio.CancelledError):
                await self._let_go()
                raise
            return bool(taken.scalar_one())

    async def _give_back(self, number: int, hold: float) -> None:
        """End a turn. A connection that broke meanwhile has ended it already."""
        await asyncio.sleep(hold)
        async with self._one_at_a_time:
            if self._connection is not None:
                try:
                    await self._connection.execute(
                        text("SELECT pg_advisory_unlock(:number)"), {"number": number}
                    )
                finally:
                    if len(self._held) == 1:
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
