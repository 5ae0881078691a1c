"""Helpful or not helpful, one vote a person and answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.models import Exchange, Vote

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.database import Database

REASONS = ("", "wrong", "unsafe", "not-my-question", "unclear", "too-long", "other")
"""What may stand beside a vote; anything freer is a report."""


class Votes:
    """Votes on answers."""

    def __init__(self, database: Database) -> None:
        """Write to `database`."""
        self._database = database

    async def cast(
        self, exchange: str, guild: str | None, person: str, *, helpful: bool, reason: str = ""
    ) -> bool:
        """Keep a vote, in place of this person's earlier one.

        False when the exchange is not there (any more). Raises `ValueError` for a reason that is not in
        `REASONS`.
        """
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason!r}: one of {', '.join(filter(None, REASONS))}")
        guild_id = guild or ""
        insert = self._database.insert(Vote)
        changed = {name: insert.excluded[name] for name in ("helpful", "reason", "at")}
        row = {"guild": guild_id, "exchange": exchange, "person": self._database.pepper.person(person), "helpful": helpful,
               "reason": reason, "at": datetime.now(UTC)}  # fmt: skip

        def work(connection: Connection) -> bool:
            there = select(Exchange.id).where(Exchange.id == exchange, Exchange.guild == guild_id)
            if connection.execute(there).first() is None:
                return False
            connection.execute(
                insert.on_conflict_do_update(index_elements=["guild", "exchange", "person"], set_=changed),
                row,
            )
            return True

        return await self._database.write(work)
