"""A case as a row of the table, and back."""

from __future__ import annotations

from typing import Any

from bot.review import Case, Outcome, Status
from safety.types import Tier


def values(case: Case) -> dict[str, Any]:
    """The columns that hold a case's own fields."""
    return {
        "id": case.id, "guild": case.guild, "status": case.status.value, "severity": case.severity, "tier": int(case.tier),
        "crisis": case.crisis, "reason": case.reason, "rules": bars(case.rules), "actions": bars(case.actions)[:64],
        "version": case.version, "escalated": case.escalated, "holder": case.holder, "lease_until": case.lease_until,
        "outcome": case.outcome.value if case.outcome else None,
        "corrected": int(case.corrected) if case.corrected is not None else None, "opened_at": case.opened_at, "due_at": case.due_at,
        "updated_at": case.updated_at or case.opened_at, "claimed_at": case.claimed_at, "resolved_at": case.resolved_at,
        "resolved_by": case.resolved_by, "exchanges": case.exchanges, "reopened": case.reopened, "language": case.language,
        "person": case.person, "conversation": case.conversation,
    }  # fmt: skip


def case(row: Any) -> Case:
    """A row as a case."""
    return Case(
        id=row.id, guild=row.guild, reason=row.reason, tier=Tier(row.tier), opened_at=row.opened_at, due_at=row.due_at,
        status=Status(row.status), crisis=row.crisis, version=row.version, escalated=row.escalated, holder=row.holder,
        lease_until=row.lease_until, outcome=Outcome(row.outcome) if row.outcome else None,
        corrected=Tier(row.corrected) if row.corrected is not None else None, resolved_at=row.resolved_at,
        resolved_by=row.resolved_by, updated_at=row.updated_at, claimed_at=row.claimed_at, rules=unbar(row.rules),
        exchanges=row.exchanges, reopened=row.reopened, person=row.person, conversation=row.conversation, language=row.language,
        actions=unbar(row.actions),
    )  # fmt: skip


def bars(ids: tuple[str, ...]) -> str:
    """Ids between bars, so that one can be looked for: "|U3|T4|"."""
    return "|" + "|".join(ids) + "|" if ids else ""


def unbar(text: str) -> tuple[str, ...]:
    """The ids between bars."""
    return tuple(part for part in text.split("|") if part)
