"""Replies that were promised: found again after a crash, and answered or apologised for exactly once.

A promise is "promised" (noted before the question was acknowledged), "begun" (claimed), "retaken" (its process died and another one has it
now), and in the end "delivered" or "apologised"; then nothing of what was asked or where the reply went is left in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.store.exchanges import LEASE
from bot.store.models import Delivery, Exchange

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.engine import Connection

    from bot.store.database import Database
    from bot.types import Question


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A question whose reply never went out."""

    question: str
    guild: str | None
    handle: str
    """Where the reply goes and what was asked, as `Question.handle` said."""
    exchange: str | None
    """The recorded exchange, if it came that far: `Exchanges.read` has the reply. None: ask again, or apologise."""
    at: datetime
    again: bool = False
    """It was taken over once before, and that process did not come to an end with it either."""


OPEN = ("promised", "begun", "retaken")
"""States of a promise that somebody still waits for."""


class Deliveries:
    """The outbox."""

    def __init__(self, database: Database) -> None:
        """Work on `database`."""
        self._database = database

    async def promise(self, question: Question) -> bool:
        """Note a question before it is acknowledged, so that a crash between the two leaves nobody waiting; `Exchanges.begin` claims it.

        False when somebody noted or claimed it before.
        """
        database, guild, now = self._database, question.guild or "", datetime.now(UTC)
        row = {
            "guild": guild, "question": question.id, "status": "promised", "person": database.pepper.person(question.person), "at": now,
            "lease_until": now + LEASE, "message": None, "sealed": database.seal(question.handle, "deliveries", guild, question.id),
        }  # fmt: skip
        promise = database.insert(Delivery).on_conflict_do_nothing()
        return bool(await database.at_once(lambda connection: connection.execute(promise, row).rowcount))

    async def known(self, guild: str | None, questions: Collection[str]) -> frozenset[str]:
        """Those of `questions` that somebody has taken up."""
        query = select(Delivery.question).where(
            Delivery.guild == (guild or ""), Delivery.question.in_(questions)
        )
        return frozenset(
            await self._database.read(lambda connection: connection.execute(query).scalars().all())
        )

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
            .where(Delivery.status.in_(OPEN), Delivery.lease_until <= moment)
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
        change = update(Delivery).where(*where).values(status="apologised", sealed=b"")
        await self._database.at_once(lambda connection: connection.execute(change))

    def _taken(self, connection: Connection, row: Any, now: datetime) -> Undelivered | None:
        """Take one orphan over; None when another process was faster."""
        where = (
            Delivery.guild == row.guild,
            Delivery.question == row.question,
            Delivery.lease_until == row.lease_until,
        )
        change = update(Delivery).where(*where).values(lease_until=now + LEASE, status="retaken")
        if not connection.execute(change).rowcount:
            return None
        handle = self._database.unseal(row.sealed, "deliveries", row.guild, row.question).decode()
        exchange = select(Exchange.id).where(Exchange.guild == row.guild, Exchange.question == row.question)
        found = connection.execute(exchange).scalar_one_or_none()
        return Undelivered(
            row.question, row.guild or None, handle, found, row.at, again=row.status == "retaken"
        )
