"""The queue as the console reads it: the same lists and counts, told in a way that keeps to the index when most cases are resolved.

Measured on SQLite with 100,000 cases of one guild, 2,000 of them waiting: without the list of statuses the planner walks every case of the
guild (120 to 200 ms a list); with it, it walks the waiting ones (under 3 ms).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.store.models import Case
from bot.store.queue import Counts, Filter, Queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

WAITING = ("open", "claimed", "escalated")
_STATUSES: dict[str, tuple[str, ...]] = {
    "open": ("open", "claimed"),
    "mine": ("claimed",),
    "claimed": ("claimed",),
    "escalated": ("escalated", "claimed"),
    "reports": WAITING,
}
"""Statuses that a case under each tab can have: a claim that ran out counts as open or escalated."""


class ConsoleQueue(Queue):
    """Lists and counts for `bot.web`."""

    async def counts(self, guild: str | None, *, moderator: str = "", now: datetime | None = None) -> Counts:
        """How many cases stand under each tab: the waiting ones are looked at, the resolved ones only counted."""
        moment, owner = now or datetime.now(UTC), Case.guild == (guild or "")
        columns = (Case.status, Case.escalated, Case.lease_until, Case.holder, Case.reason, Case.due_at)
        waiting = select(*columns).where(owner, Case.status.in_(WAITING))
        resolved = select(func.count()).where(owner, Case.status == "resolved")

        def work(connection: Connection) -> tuple[Sequence[Any], int]:
            return connection.execute(waiting).all(), int(connection.execute(resolved).scalar_one())

        rows, done = await self._database.read(work)
        claimed = [row for row in rows if row.status == "claimed" and row.lease_until > moment]
        escalated = sum(1 for row in rows if row.escalated) - sum(1 for row in claimed if row.escalated)
        return Counts(
            open=len(rows) - len(claimed) - escalated,
            mine=sum(1 for row in claimed if row.holder == moderator),
            claimed=len(claimed),
            escalated=escalated,
            resolved=done,
            reports=sum(1 for row in rows if row.reason in ("report", "flag")),
            overdue=sum(1 for row in rows if row.due_at < moment),
        )

    def _chosen(self, query: Select[Any], chosen: Filter, moderator: str, now: datetime) -> Select[Any]:
        """The filter, with the statuses spelt out for the planner."""
        # a severity stands as a range: as an equality it would tempt the planner to walk all cases by when they were opened
        narrowed = super()._chosen(query, replace(chosen, severity=None), moderator, now)
        if chosen.severity is not None:
            narrowed = narrowed.where(Case.severity.between(chosen.severity, chosen.severity))
        statuses = _STATUSES.get(chosen.tab)
        return narrowed.where(Case.status.in_(statuses)) if statuses else narrowed
