"""What is kept of one person: shown to them, and deleted when they say so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from bot.store import chain, codec
from bot.store.models import Case, Delivery, Evidence, Exchange, Sticky, Vote

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.database import Database


class Persons:
    """Export and deletion, over all guilds: the person's own right, whichever server they ask from."""

    def __init__(self, database: Database) -> None:
        """Work on `database`."""
        self._database = database

    async def export(self, person: str) -> dict[str, Any]:
        """Everything that is kept of `person`, fit for JSON. Moderators' notes and other people's reports are not theirs and stay out."""
        digest = self._database.pepper.person(person)

        def work(connection: Connection) -> tuple[Any, ...]:
            return tuple(
                connection.execute(
                    select(table.__table__).where(table.person == digest).order_by(column)
                ).all()
                for table, column in (
                    (Exchange, Exchange.at),
                    (Sticky, Sticky.until),
                    (Case, Case.opened_at),
                    (Vote, Vote.at),
                )
            )

        exchanges, states, cases, votes = await self._database.read(work)
        return {
            "exchanges": [self._exchange(row) for row in exchanges],
            "safety_states": [self._state(row) for row in states],
            "cases": [
                {"guild": row.guild or None, "opened_at": row.opened_at.isoformat(), "reason": row.reason, "tier": row.tier,
                 "crisis": row.crisis, "status": row.status, "outcome": row.outcome}
                for row in cases
            ],
            "votes": [
                {"guild": row.guild or None, "exchange": row.exchange, "helpful": row.helpful, "reason": row.reason, "at": row.at.isoformat()}
                for row in votes
            ],
        }  # fmt: skip

    async def delete(self, person: str) -> dict[str, int]:
        """Delete what is kept of `person`.

        Cases stay as tombstones (when, tier, outcome) without text and without the person; the sticky safety
        tier goes too. Returns how many rows of each kind went.
        """
        digest, now = self._database.pepper.person(person), datetime.now(UTC)

        def work(connection: Connection) -> dict[str, int]:
            gone: dict[str, int] = {"cases": 0}
            found = select(Case.id, Case.guild, Case.version, Case.status).where(Case.person == digest)
            for case in connection.execute(found).all():
                connection.execute(
                    delete(Evidence).where(Evidence.guild == case.guild, Evidence.case_id == case.id)
                )
                left = self._tombstone(case, now)
                connection.execute(
                    update(Case).where(Case.id == case.id, Case.guild == case.guild).values(**left)
                )
                chain.append(
                    connection,
                    self._database,
                    case.guild,
                    "spotter",
                    "erased",
                    now,
                    case=case.id,
                    version=case.version + 1,
                )
                gone["cases"] += 1
            for kind, table in (
                ("exchanges", Exchange),
                ("safety_states", Sticky),
                ("votes", Vote),
                ("deliveries", Delivery),
            ):
                gone[kind] = int(connection.execute(delete(table).where(table.person == digest)).rowcount)
            return gone

        return await self._database.write(work)

    def _tombstone(self, case: Any, now: datetime) -> dict[str, Any]:
        """What is left of a case: an open one is closed, because nobody can decide it without its text."""
        sealed = self._database.seal(codec.PLACE.dump_json(codec.Place("")), "cases", case.guild, case.id)
        left: dict[str, Any] = {
            "person": "",
            "conversation": "",
            "active": None,
            "sealed": sealed,
            "version": case.version + 1,
            "updated_at": now,
        }
        if case.status != "resolved":
            left |= {"status": "resolved", "resolved_at": now, "resolved_by": "spotter", "holder": None, "lease_until": None,
                     "escalated": False, "expires_at": now}  # fmt: skip
        return left

    def _exchange(self, row: Any) -> dict[str, Any]:
        """One exchange, readable."""
        written = codec.EXCHANGE.validate_json(
            self._database.unseal(row.sealed, "exchanges", row.guild, row.id)
        )
        return {
            "id": row.id, "guild": row.guild or None, "at": row.at.isoformat(), "question": written.question, "reply": written.reply,
            "tier": row.tier, "expires_at": row.expires_at.isoformat(),
        }  # fmt: skip

    def _state(self, row: Any) -> dict[str, Any]:
        """One sticky state, readable."""
        place = ("states", row.guild, row.person, row.conversation)
        state = codec.STATE.validate_json(self._database.unseal(row.sealed, *place))
        return {
            "guild": row.guild or None,
            "tier": state.tier.name,
            "features": sorted(state.features),
            "since": state.since.isoformat(),
        }
