"""Figures about the moderators' work and the bot's answers, per guild. No text, no people: moderators' ids and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from bot.review import Outcome
from bot.store import rows
from bot.store.models import Case, Exchange, Vote

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.review import Case as ReviewCase
    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Figures:
    """A guild's figures over some days."""

    since: datetime
    cases_by_day: dict[str, dict[str, int]]
    """ISO date -> tier name (or "CRISIS") -> cases opened."""
    median_claim_minutes: float | None
    p90_claim_minutes: float | None
    median_resolve_minutes: float | None
    p90_resolve_minutes: float | None
    overdue_share: float
    """Of the resolved cases, how many were resolved after their target time."""
    outcomes: dict[str, int]
    false_alarms_by_rule: dict[str, tuple[int, int]]
    """Rule -> (false alarms, resolved cases in which it fired)."""
    load: dict[str, int]
    """Moderator -> cases resolved."""
    helpful: int
    not_helpful: int
    questions: int
    declined: int
    written: int = 0
    """Answers that a chat model wrote."""


class Statistics:
    """Counts and medians."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def figures(self, guild: str | None, *, days: int = 30, now: datetime | None = None) -> Figures:
        """The figures of a guild over the last `days`."""
        since = (now or datetime.now(UTC)) - timedelta(days=days)
        guild_id = guild or ""
        recent = or_(Case.opened_at >= since, Case.resolved_at >= since)
        votes = (
            select(Vote.helpful, func.count())
            .where(Vote.guild == guild_id, Vote.at >= since)
            .group_by(Vote.helpful)
        )
        asked = (
            select(Exchange.answered, func.count())
            .where(Exchange.guild == guild_id, Exchange.at >= since)
            .group_by(Exchange.answered)
        )

        by_model = select(func.count()).where(
            Exchange.guild == guild_id, Exchange.at >= since, Exchange.prompt_version != ""
        )

        def work(connection: Connection) -> Figures:
            found = connection.execute(select(Case.__table__).where(Case.guild == guild_id, recent)).all()
            voted = {bool(row[0]): int(row[1]) for row in connection.execute(votes)}
            answered = {bool(row[0]): int(row[1]) for row in connection.execute(asked)}
            written = int(connection.execute(by_model).scalar_one())
            figures = _figures([rows.case(row) for row in found], since, voted, answered)
            return replace(figures, written=written)

        return await self._database.read(work)


def _figures(
    cases: list[ReviewCase], since: datetime, voted: dict[bool, int], answered: dict[bool, int]
) -> Figures:
    """Put the figures together."""
    resolved = [case for case in cases if case.resolved_at is not None and case.resolved_at >= since]
    claims = [(case.claimed_at - case.opened_at).total_seconds() / 60 for case in cases if case.claimed_at]
    resolves = [
        (case.resolved_at - case.opened_at).total_seconds() / 60 for case in resolved if case.resolved_at
    ]
    late = [case for case in resolved if case.resolved_at and case.resolved_at > case.due_at]
    return Figures(
        since=since,
        cases_by_day=_by_day([case for case in cases if case.opened_at >= since]),
        median_claim_minutes=median(claims) if claims else None,
        p90_claim_minutes=_p90(claims),
        median_resolve_minutes=median(resolves) if resolves else None,
        p90_resolve_minutes=_p90(resolves),
        overdue_share=len(late) / len(resolved) if resolved else 0.0,
        outcomes=dict(Counter(str(case.outcome.value) for case in resolved if case.outcome)),
        false_alarms_by_rule=_alarms(resolved),
        load=dict(
            Counter(
                case.resolved_by for case in resolved if case.resolved_by and case.outcome != Outcome.EXPIRED
            )
        ),
        helpful=voted.get(True, 0),
        not_helpful=voted.get(False, 0),
        questions=sum(answered.values()),
        declined=answered.get(False, 0),
    )


def _by_day(cases: list[ReviewCase]) -> dict[str, dict[str, int]]:
    """Cases opened, by day and tier."""
    days: dict[str, dict[str, int]] = {}
    for case in sorted(cases, key=lambda one: one.opened_at):
        tiers = days.setdefault(case.opened_at.date().isoformat(), {})
        name = "CRISIS" if case.crisis else case.tier.name
        tiers[name] = tiers.get(name, 0) + 1
    return days


def _alarms(resolved: list[ReviewCase]) -> dict[str, tuple[int, int]]:
    """How often each rule cried wolf."""
    fired: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for case in resolved:
        fired.update(case.rules)
        if case.outcome == "false-alarm":
            wrong.update(case.rules)
    return {rule: (wrong[rule], number) for rule, number in fired.most_common()}


def _p90(values: list[float]) -> float | None:
    """The ninetieth percentile, nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(0.9 * len(ranked)))] if ranked else None
