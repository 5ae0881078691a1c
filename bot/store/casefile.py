"""What every change of a case has in common: it is written where the old version still stands, audited, and its evidence sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from bot import review
from bot.ids import new_id
from bot.review import Case, Stale
from bot.store import chain, codec, rows
from bot.store.models import Case as Row
from bot.store.models import Evidence

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.engine import Connection

    from bot.store.database import Database

SYSTEM = "spotter"
"""The actor of what nobody in particular did."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a case's evidence."""

    id: str
    kind: str
    """"exchange" (flagged), "context", "report" or "note"."""
    at: datetime
    author: str
    """A moderator's id for a note, the keyed hash of a person otherwise."""
    exchange: str | None
    shown: codec.Shown


class CaseFile:
    """Writes cases, their evidence and their audit inside a transaction that somebody else has begun."""

    def __init__(self, database: Database, *, keep: timedelta) -> None:
        """`keep` is how long a case stays after it was resolved."""
        self._database = database
        self._keep = keep

    def row(self, connection: Connection, case: str, guild: str) -> Any:
        """A case's row, or None."""
        return connection.execute(
            select(Row.__table__).where(Row.id == case, Row.guild == guild)
        ).one_or_none()

    def one(self, connection: Connection, case: str, guild: str) -> Case:
        """A case. Raises `KeyError` when this guild has none of that id."""
        row = self.row(connection, case, guild)
        if row is None:
            raise KeyError(case)
        return rows.case(row)

    def write(self, connection: Connection, old: Case, new: Case) -> Case:
        """Write `new` if `old` still stands. Raises `review.Stale`; `review.Refused` when a reopened case has a newer rival."""
        active = None if new.status == "resolved" else f"{new.person}:{new.conversation}"
        if old.status == "resolved" and active is not None:
            self._vacant(connection, new, active)
        expires = new.resolved_at + self._keep if new.resolved_at else None
        values = rows.values(new) | {"active": active, "expires_at": expires}
        where = (Row.id == old.id, Row.guild == old.guild, Row.version == old.version)
        if not connection.execute(update(Row).where(*where).values(**values)).rowcount:
            raise Stale("Somebody else was faster with this case.")
        return new

    def audit(
        self, connection: Connection, case: Case, actor: str, action: str, now: datetime, *, detail: str = ""
    ) -> None:
        """Put a change, a view or a reveal into the guild's audit chain."""
        chain.append(
            connection,
            self._database,
            case.guild,
            actor,
            action,
            now,
            case=case.id,
            version=case.version,
            detail=detail,
        )

    def keep(
        self,
        connection: Connection,
        case: Case,
        shown: codec.Shown,
        *,
        kind: str,
        author: str,
        at: datetime,
        exchange: str | None = None,
    ) -> None:
        """Add one piece of evidence."""
        item = new_id()
        sealed = self._database.seal(codec.SHOWN.dump_json(shown), "evidence", case.guild, item)
        row = {"id": item, "guild": case.guild, "case_id": case.id, "kind": kind, "exchange": exchange, "author": author, "at": at,
               "sealed": sealed}  # fmt: skip
        connection.execute(self._database.insert(Evidence), row)

    def empty(self, connection: Connection, case: Case) -> None:
        """Delete everything that somebody wrote in a case, and where that was."""
        mine = (Evidence.guild == case.guild, Evidence.case_id == case.id)
        connection.execute(delete(Evidence).where(*mine))
        nowhere = self._database.seal(codec.PLACE.dump_json(codec.Place("")), "cases", case.guild, case.id)
        connection.execute(
            update(Row).where(Row.id == case.id, Row.guild == case.guild).values(sealed=nowhere)
        )

    def items(self, connection: Connection, case: str, guild: str) -> list[Item]:
        """All evidence of a case, oldest first."""
        query = (
            select(Evidence.__table__)
            .where(Evidence.guild == guild, Evidence.case_id == case)
            .order_by(Evidence.at, Evidence.id)
        )
        return [
            Item(row.id, row.kind, row.at, row.author, row.exchange,
                 codec.SHOWN.validate_json(self._database.unseal(row.sealed, "evidence", guild, row.id)))
            for row in connection.execute(query)
        ]  # fmt: skip

    def _vacant(self, connection: Connection, case: Case, active: str) -> None:
        """Refuse to reopen a case whose conversation has a newer one, or whose person had it erased."""
        if not case.person:
            raise review.Refused("The person had this conversation erased; there is nothing left to decide.")
        newer = select(Row.id).where(Row.guild == case.guild, Row.active == active)
        if connection.execute(newer).first() is not None:
            raise review.Refused("The same conversation has a newer open case: work on that one.")
