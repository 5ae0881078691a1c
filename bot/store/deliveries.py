"""Replies that were promised: found again after a crash, and answered or apologised for exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.store.exchanges import LEASE
from bot.store.models import Delivery, Exchange

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A question whose reply never went out."""

    question: str
    guild: str | None
    handle: str
    """Where the reply goes, as `Question.handle` said."""
    exchange: str | None
    """The recorded exchange, if it came that far: `Exchanges.read` has the reply. None: ask again, or apologise."""
    at: datetime


class Deliveries:
    """The outbox."""

    def __init__(self, database: Database) -> None:
        """Work on `database`."""
        self._database = database

    async def orphans(
        self, guilds: tuple[str, ...] | None = None, *, now: datetime | None = None, limit: int = 50
    ) -> list[Undelivered]:
        """Take over questions whose process died before the reply was out (its lease ran out).

        Each is handed to one caller only, who then calls `Exchanges.delivered` or `apologised`. `guilds` are
        those this process serves; None: all.
        """
        moment = now or datetime.now(UTC)
        query = (
            select(Delivery.__table__)
            .where(Delivery.status == "begun", Delivery.lease_until <= moment)
            .order_by(Delivery.at)
            .limit(limit)
        )
        if guilds is not None:
            query = query.where(Delivery.guild.in_(guilds))
        return await self._database.write(
            lambda connection: [
                found
                for row in connection.execute(query).all()
                if (found := self._taken(connection, row, moment)) is not None
            ]
        )

    async def apologised(self, question: str, guild: str | None) -> None:
        """Note that an apology went out instead of a reply."""
        where = (Delivery.guild == (guild or ""), Delivery.question == question)
        change = update(Delivery).where(*where).values(status="apologised")
        await self._database.write(lambda connection: connection.execute(change))

    def _taken(self, connection: Connection, row: Any, now: datetime) -> Undelivered | None:
        """Take one orphan over; None when another process was faster."""
        where = (
            Delivery.guild == row.guild,
            Delivery.question == row.question,
            Delivery.lease_until == row.lease_until,
        )
        if not connection.execute(update(Delivery).where(*where).values(lease_until=now + LEASE)).rowcount:
            return None
        handle = self._database.unseal(row.sealed, "deliveries", row.guild, row.question).decode()
        exchange = select(Exchange.id).where(Exchange.guild == row.guild, Exchange.question == row.question)
        return Undelivered(
            row.question, row.guild or None, handle, connection.execute(exchange).scalar_one_or_none(), row.at
        )
