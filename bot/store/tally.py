"""The figures of a server's daily digest: counts and medians of its cases. No text, no people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from bot.digest import Tally, Waiting
from bot.review import Outcome
from bot.store.models import Case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from bot.store.database import Database

WAITING = ("open", "claimed", "escalated")
"""Spelt out because the planner then keeps to the index; see `bot.store.console_queue`."""


async def tally(database: Database, guild: str, since: date, until: date, *, now: datetime) -> Tally:
    """What waits in a guild at `now`, and what happened on the days (UTC) from `since` to the one before `until`."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (since, until))
    here = Case.guild == guild
    live = and_(Case.status == "claimed", Case.lease_until > now)
    kind = case((live, "claimed"), (Case.escalated, "escalated"), else_="open").label("kind")
    waiting = (
        select(
            Case.severity, kind, func.count().label("number"), func.min(Case.opened_at).label("oldest"),
            func.sum(case((Case.due_at < now, 1), else_=0)).label("overdue"),
        )
        .where(here, Case.status.in_(WAITING))
        .group_by(Case.severity, kind)
    )  # fmt: skip
    opened = select(func.count()).where(here, Case.opened_at >= begin, Case.opened_at < end)
    times = (Case.outcome, Case.opened_at, Case.claimed_at, Case.resolved_at)
    resolved = select(*times).where(here, Case.resolved_at >= begin, Case.resolved_at < end)

    def work(connection: Connection) -> Tally:
        return _put_together(
            since,
            until,
            connection.execute(waiting).all(),
            int(connection.execute(opened).scalar_one()),
            connection.execute(resolved).all(),
        )

    return await database.read(work)


def _put_together(
    since: date, until: date, waiting: Sequence[Any], opened: int, resolved: Sequence[Any]
) -> Tally:
    """The tally out of rows."""
    decided = [row for row in resolved if row.outcome != Outcome.EXPIRED]
    claims = [_minutes(row.claimed_at - row.opened_at) for row in decided if row.claimed_at]
    decisions = [_minutes(row.resolved_at - row.opened_at) for row in decided]
    severities = sorted({int(row.severity) for row in waiting}, reverse=True)
    return Tally(
        since=since,
        until=until,
        waiting=tuple(
            _of(severity, [row for row in waiting if row.severity == severity]) for severity in severities
        ),
        opened=opened,
        decided=len(decided),
        expired=len(resolved) - len(decided),
        false_alarms=sum(1 for row in decided if row.outcome == Outcome.FALSE_ALARM),
        claim_minutes=median(claims) if claims else None,
        decide_minutes=median(decisions) if decisions else None,
    )


def _of(severity: int, rows: Sequence[Any]) -> Waiting:
    """What waits of one severity."""
    numbers = {row.kind: int(row.number) for row in rows}
    overdue = sum(int(row.overdue) for row in rows)
    return Waiting(severity, min(row.oldest for row in rows), **numbers, overdue=overdue)


def _minutes(span: Any) -> float:
    """A span of time in minutes."""
    minutes: float = span.total_seconds() / 60
    return minutes
