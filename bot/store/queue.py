"""The moderators' queue: which cases wait, in what order, how many. Reads only; no message text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Select, and_, case, func, or_, select, update

from bot.store import rows
from bot.store.models import Case, Skip

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.review import Case as ReviewCase
    from bot.store.database import Database

Tab = Literal["open", "mine", "claimed", "escalated", "resolved", "reports", "all"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases of a guild to list."""

    tab: Tab = "open"
    severity: int | None = None
    """0 to 5, as `review.Case.severity`."""
    rule: str = ""
    holder: str = ""
    reason: str = ""
    outcome: str = ""
    opened_before: datetime | None = None
    opened_after: datetime | None = None
    without_skipped_by: str = ""
    """Leave out what this moderator skipped."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases of a guild, tab by tab."""

    open: int = 0
    mine: int = 0
    claimed: int = 0
    escalated: int = 0
    resolved: int = 0
    reports: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits over all guilds."""

    by_severity: dict[int, int]
    oldest_seconds: float
    overdue: int


class Queue:
    """Lists and counts."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def cases(
        self,
        guild: str | None,
        chosen: Filter | None = None,
        *,
        moderator: str = "",
        limit: int = 50,
        offset: int = 0,
        now: datetime | None = None,
    ) -> list[ReviewCase]:
        """Cases by priority: overdue first, then severity, then oldest. Resolved ones by when they were resolved, newest first."""
        moment, chosen = now or datetime.now(UTC), chosen or Filter()
        query = self._chosen(
            select(Case.__table__).where(Case.guild == (guild or "")), chosen, moderator, moment
        )

        def work(connection: Connection) -> list[ReviewCase]:
            if chosen.tab in ("resolved", "all"):
                order = Case.resolved_at.desc() if chosen.tab == "resolved" else Case.opened_at.desc()
                return [
                    rows.case(row)
                    for row in connection.execute(query.order_by(order).limit(limit).offset(offset))
                ]
            return _by_priority(connection, query, moment, limit, offset)

        return await self._database.read(work)

    async def next(
        self, guild: str | None, moderator: str, *, now: datetime | None = None
    ) -> ReviewCase | None:
        """The unclaimed case that this moderator should see next: escalated ones last, skipped ones not at all."""
        for tab in ("open", "escalated"):
            found = await self.cases(
                guild, Filter(tab=tab, without_skipped_by=moderator), moderator=moderator, limit=1, now=now
            )
            if found:
                return found[0]
        return None

    async def counts(self, guild: str | None, *, moderator: str = "", now: datetime | None = None) -> Counts:
        """How many cases stand under each tab, in one pass."""
        moment = now or datetime.now(UTC)
        live = and_(Case.status == "claimed", Case.lease_until > moment)
        kind = case(
            (Case.status == "resolved", "resolved"),
            (live, "claimed"),
            (Case.escalated, "escalated"),
            else_="open",
        )
        grouped = select(
            kind.label("kind"),
            func.count().label("number"),
            func.sum(case((and_(live, Case.holder == moderator), 1), else_=0)).label("mine"),
            func.sum(
                case((and_(Case.status != "resolved", Case.reason.in_(("report", "flag"))), 1), else_=0)
            ).label("reports"),
            func.sum(case((and_(Case.status != "resolved", Case.due_at < moment), 1), else_=0)).label(
                "overdue"
            ),
        ).where(Case.guild == (guild or ""))
        found = await self._database.read(
            lambda connection: connection.execute(grouped.group_by("kind")).all()
        )
        by_kind = {row.kind: int(row.number) for row in found}
        sums = {
            name: sum(int(getattr(row, name) or 0) for row in found)
            for name in ("mine", "reports", "overdue")
        }
        return Counts(
            **{name: by_kind.get(name, 0) for name in ("open", "claimed", "escalated", "resolved")}, **sums
        )

    async def overview(self, *, now: datetime | None = None) -> Overview:
        """What waits over all guilds, for the metrics; for one process at a time."""
        moment = now or datetime.now(UTC)
        waits = Case.status != "resolved"
        grouped = (
            select(Case.severity, func.count(), func.min(Case.opened_at)).where(waits).group_by(Case.severity)
        )
        late = select(func.count()).where(waits, Case.due_at < moment)

        def work(connection: Connection) -> Overview:
            found = connection.execute(grouped).all()
            oldest = min((row[2] for row in found), default=moment)
            overdue = int(connection.execute(late).scalar_one())
            return Overview(
                {int(row[0]): int(row[1]) for row in found}, (moment - oldest).total_seconds(), overdue
            )

        return await self._database.read(work)

    async def cards_due(
        self, guilds: tuple[str, ...] | None = None, *, limit: int = 100
    ) -> list[tuple[ReviewCase, str | None, str | None]]:
        """Cases whose card in the review channel is missing or out of date, with its channel and message: (case, channel, message).

        `guilds` are those this process serves; None: all.
        """
        query = (
            select(Case.__table__)
            .where(Case.card_version < Case.version, Case.guild != "")
            .order_by(Case.updated_at)
            .limit(limit)
        )
        if guilds is not None:
            query = query.where(Case.guild.in_(guilds))
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [(rows.case(row), row.card_channel, row.card_message) for row in found]

    async def card_posted(
        self, posted: str, guild: str, version: int, channel: str | None, message: str | None
    ) -> None:
        """Note that the card of a case shows `version`, in `message` of `channel`."""
        where = (Case.id == posted, Case.guild == guild, Case.card_version < version)
        change = (
            update(Case)
            .where(*where)
            .values(card_version=version, card_channel=channel, card_message=message)
        )
        await self._database.write(lambda connection: connection.execute(change))

    def _chosen(self, query: Select[Any], chosen: Filter, moderator: str, now: datetime) -> Select[Any]:
        """`query` narrowed to a filter. A claim whose lease ran out counts as unclaimed."""
        lapsed = and_(Case.status == "claimed", Case.lease_until <= now)
        live = and_(Case.status == "claimed", Case.lease_until > now)
        tabs: dict[str, Any] = {
            "open": or_(Case.status == "open", and_(lapsed, ~Case.escalated)),
            "escalated": or_(Case.status == "escalated", and_(lapsed, Case.escalated)),
            "claimed": live,
            "mine": and_(live, Case.holder == moderator),
            "resolved": Case.status == "resolved",
            "reports": and_(Case.status != "resolved", Case.reason.in_(("report", "flag"))),
        }
        wanted: list[Any] = [tabs[chosen.tab]] if chosen.tab in tabs else []
        wanted += [Case.severity == chosen.severity] if chosen.severity is not None else []
        wanted += [Case.rules.contains(f"|{chosen.rule}|", autoescape=True)] if chosen.rule else []
        wanted += [Case.holder == chosen.holder] if chosen.holder else []
        wanted += [Case.reason == chosen.reason] if chosen.reason else []
        wanted += [Case.outcome == chosen.outcome] if chosen.outcome else []
        wanted += [Case.opened_at < chosen.opened_before] if chosen.opened_before else []
        wanted += [Case.opened_at >= chosen.opened_after] if chosen.opened_after else []
        if chosen.without_skipped_by:
            skipped = select(Skip.case_id).where(
                Skip.guild == Case.guild, Skip.moderator == chosen.without_skipped_by
            )
            wanted.append(Case.id.not_in(skipped))
        return query.where(*wanted)


def _by_priority(
    connection: Connection, query: Select[Any], now: datetime, limit: int, offset: int
) -> list[ReviewCase]:
    """Overdue first, then severity, then oldest: two walks along the index instead of one sort of everything that waits."""
    ranked = query.order_by(Case.severity.desc(), Case.opened_at)
    found = list(connection.execute(ranked.where(Case.due_at < now).limit(limit).offset(offset)).all())
    if len(found) < limit:
        skipped = 0
        if offset and not found:
            late = select(func.count()).select_from(query.where(Case.due_at < now).subquery())
            skipped = offset - int(connection.execute(late).scalar_one())
        timely = ranked.where(Case.due_at >= now).limit(limit - len(found)).offset(max(0, skipped))
        found += connection.execute(timely).all()
    return [rows.case(row) for row in found]
