"""Moderators' decisions as labels: which rules fired and what they were worth, for `spotter eval safety --decisions`.

What was written goes along only where the server has consented (`GuildSettings.export_text`); nobody's id ever does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.review import REASONS, Outcome
from bot.store import chain, codec, rows
from bot.store.models import Audit, Case, Evidence, Guild

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

    from bot.review import Case as ReviewCase
    from bot.store.database import Database

MOST = 20_000
"""Decisions in one export, the newest first."""
PART = 400
"""Cases asked about at once: databases take so many parameters and no more."""


class Labels:
    """Exports the decisions of one guild at a time."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def export(
        self, guild: str, moderator: str, *, after: datetime | None = None
    ) -> list[dict[str, Any]]:
        """One record a decided case, fit for JSON; the export is put into the guild's audit under `moderator`."""

        def work(connection: Connection) -> list[dict[str, Any]]:
            kept = connection.execute(select(Guild.settings).where(Guild.guild == guild)).scalar()
            with_text = kept is not None and codec.SETTINGS.validate_json(kept).export_text
            made = [
                record
                for part in _parts(self._decided(connection, guild, after))
                for record in self._records(connection, guild, part, with_text=with_text)
            ]
            detail = f"{len(made)} decisions, {'with' if with_text else 'without'} text"
            chain.append(
                connection, self._database, guild, moderator, "exported", datetime.now(UTC), detail=detail
            )
            return made

        return await self._database.write(work)

    def _decided(self, connection: Connection, guild: str, after: datetime | None) -> list[ReviewCase]:
        """Cases that somebody decided, newest first."""
        wanted = [Case.guild == guild, Case.status == "resolved", Case.outcome.is_not(None)]
        wanted += [Case.outcome != Outcome.EXPIRED.value]
        wanted += [Case.resolved_at >= after] if after else []
        query = select(Case.__table__).where(*wanted).order_by(Case.resolved_at.desc()).limit(MOST)
        return [rows.case(row) for row in connection.execute(query)]

    def _records(
        self, connection: Connection, guild: str, cases: Sequence[ReviewCase], *, with_text: bool
    ) -> Iterator[dict[str, Any]]:
        """The records of a few cases."""
        ids = [case.id for case in cases]
        reasons = _reasons(connection, guild, ids)
        texts = self._texts(connection, guild, ids) if with_text else {}
        for case in cases:
            record = {
                "case": case.id, "rules": list(case.rules), "outcome": str(case.outcome).replace("-", " "), "reason": reasons.get(case.id, ""),
                "tier": case.tier.name, "crisis": case.crisis, "corrected": case.corrected.name if case.corrected is not None else None,
                "opened_for": case.reason, "language": case.language, "actions": list(case.actions),
            }  # fmt: skip
            yield record | ({"texts": texts.get(case.id, [])} if with_text else {})

    def _texts(self, connection: Connection, guild: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """The flagged messages of cases, oldest first."""
        query = select(Evidence.__table__).where(
            Evidence.guild == guild, Evidence.case_id.in_(ids), Evidence.kind == "exchange"
        )
        found: dict[str, list[str]] = {}
        for row in connection.execute(query.order_by(Evidence.at)):
            shown = codec.SHOWN.validate_json(self._database.unseal(row.sealed, "evidence", guild, row.id))
            if shown.written is not None:
                found.setdefault(row.case_id, []).append(shown.written.question)
        return found


def _reasons(connection: Connection, guild: str, ids: Sequence[str]) -> dict[str, str]:
    """Why each case was decided so, where somebody said: from the audit, which keeps it longer than the note."""
    query = (
        select(Audit.case_id, Audit.detail)
        .where(Audit.guild == guild, Audit.case_id.in_(ids), Audit.action == "resolved")
        .order_by(Audit.number)
    )
    found = {str(row.case_id): row.detail.rpartition(", ")[2] for row in connection.execute(query)}
    return {case: reason for case, reason in found.items() if reason in REASONS}


def _parts(cases: list[ReviewCase]) -> Iterator[list[ReviewCase]]:
    """A few at a time."""
    for first in range(0, len(cases), PART):
        yield cases[first : first + PART]
