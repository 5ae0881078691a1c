"""What each guild has spent on the chat model, a row a day: the budget holds over restarts and over all processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.chat.budget import Spent
from bot.store.models import Spending as Row

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import Connection

    from bot.store.database import Database

SPECK = 1e-9
"""Money below which a limit is not passed: sums of fractions are not exact."""


class Spending:
    """A `bot.chat.budget.Ledger` in the database."""

    def __init__(self, database: Database) -> None:
        """Write to `database`."""
        self._database = database

    async def book(self, guild: str | None, day: date, change: Spent, most: Spent) -> Spent | None:
        """Add `change` to a guild's day unless it would pass `most` (0: no limit); the day with it, or None.

        One UPDATE decides and adds, so that of two processes one gets the last of a budget.
        """
        fits = [Row.guild == (guild or ""), Row.day == day]
        if most.tokens:
            fits.append(Row.tokens + change.tokens <= most.tokens)
        if most.cost:
            fits.append(Row.cost + change.cost <= most.cost + SPECK)
        first = self._database.insert(Row).values(guild=guild or "", day=day, tokens=0, cost=0.0, requests=0)
        added = update(Row).where(*fits).values(_added(change)).returning(Row.tokens, Row.cost, Row.requests)

        def work(connection: Connection) -> Spent | None:
            connection.execute(first.on_conflict_do_nothing())
            row = connection.execute(added).one_or_none()
            return None if row is None else Spent(*row)

        return await self._database.write(work)

    async def settle(self, guild: str | None, day: date, change: Spent) -> None:
        """Add `change`, mostly less than nothing, to what was booked."""
        settled = update(Row).where(Row.guild == (guild or ""), Row.day == day).values(_added(change))
        await self._database.write(lambda connection: connection.execute(settled))

    async def spent(self, guild: str | None, day: date) -> Spent:
        """What a guild (None: outside of guilds) has spent on that day."""
        query = select(Row.tokens, Row.cost, Row.requests).where(Row.guild == (guild or ""), Row.day == day)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return Spent() if row is None else Spent(*row)


def _added(change: Spent) -> dict[str, object]:
    """The columns with `change` on top."""
    return {
        "tokens": Row.tokens + change.tokens,
        "cost": Row.cost + change.cost,
        "requests": Row.requests + change.requests,
    }
