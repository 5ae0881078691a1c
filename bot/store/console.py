"""What the moderators' console reads beside the queue: excerpts, decisions, earlier cases, the audit by filters, what is new. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from bot.store import chain, codec, rows
from bot.store.casefile import Item
from bot.store.models import Audit, Case, Evidence, Guild, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from bot.review import Case as ReviewCase
    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a row of the queue shows of a case: its newest flagged exchange or report, and where it happened."""

    item: Item | None
    place: codec.Place


@dataclass(frozen=True, slots=True)
class Decided:
    """Which decisions of a guild to list."""

    outcome: str = ""
    moderator: str = ""
    severity: int | None = None
    rule: str = ""
    after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """Which links of a guild's audit to list."""

    actor: str = ""
    action: str = ""
    case: str = ""
    before: int | None = None


class Console:
    """Reads for `bot.web`, one guild at a time."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def guilds(self) -> list[str]:
        """Every server that has settings or cases."""

        def work(connection: Connection) -> list[str]:
            set_up = connection.execute(select(Guild.guild)).scalars().all()
            flagged = connection.execute(select(Case.guild).distinct()).scalars().all()
            return sorted({guild for guild in (*set_up, *flagged) if guild})

        return await self._database.read(work)

    async def glimpses(self, guild: str, cases: Sequence[str]) -> dict[str, Glimpse]:
        """For each of `cases` what a row shows; opens no more than one piece of evidence a case."""
        if not cases:
            return {}
        kinds = Evidence.kind.in_(("exchange", "report"))
        found = select(Evidence.__table__).where(Evidence.guild == guild, Evidence.case_id.in_(cases), kinds)
        # the guild is compared as an expression, so that the planner goes by the ids and not through every case of the guild
        places = select(Case.id, Case.sealed).where(Case.guild.concat("") == guild, Case.id.in_(cases))

        def work(connection: Connection) -> dict[str, Glimpse]:
            newest: dict[str, Any] = {}
            for row in connection.execute(found):
                best = newest.get(row.case_id)
                if best is None or _telling(row) > _telling(best):
                    newest[row.case_id] = row
            return {
                row.id: Glimpse(self._item(newest.get(row.id), guild), self._place(row, guild))
                for row in connection.execute(places)
            }

        return await self._database.read(work)

    async def found(self, guild: str, words: str, *, limit: int = 50) -> list[ReviewCase]:
        """Cases whose id begins with `words` or whose rules hold it: text is encrypted and cannot be searched."""
        query = (
            select(Case.__table__)
            .where(
                Case.guild == guild,
                or_(
                    Case.id.startswith(words.lower(), autoescape=True),
                    Case.rules.contains(words, autoescape=True),
                ),
            )
            .order_by(Case.opened_at.desc())
            .limit(limit)
        )
        return await self._database.read(
            lambda connection: [rows.case(row) for row in connection.execute(query)]
        )

    async def earlier(self, case: ReviewCase) -> dict[str, int]:
        """How many other cases this person had in this guild, by outcome ("open" for those without): counts only."""
        if not case.person:
            return {}
        query = (
            select(Case.outcome, func.count())
            .where(Case.guild == case.guild, Case.person == case.person, Case.id != case.id)
            .group_by(Case.outcome)
        )
        counted = await self._database.read(lambda connection: connection.execute(query).all())
        return {str(outcome or "open"): int(number) for outcome, number in counted}

    async def decisions(
        self, guild: str, chosen: Decided, *, limit: int = 50, offset: int = 0
    ) -> list[ReviewCase]:
        """Resolved cases, newest decision first."""
        wanted: list[Any] = [Case.guild == guild, Case.resolved_at.is_not(None)]
        wanted += [Case.outcome == chosen.outcome] if chosen.outcome else []
        wanted += [Case.resolved_by == chosen.moderator] if chosen.moderator else []
        wanted += [Case.severity == chosen.severity] if chosen.severity is not None else []
        wanted += [Case.rules.contains(f"|{chosen.rule}|", autoescape=True)] if chosen.rule else []
        wanted += [Case.resolved_at >= chosen.after] if chosen.after else []
        query = select(Case.__table__).where(*wanted).order_by(Case.resolved_at.desc())
        return await self._database.read(
            lambda connection: [
                rows.case(row) for row in connection.execute(query.limit(limit).offset(offset))
            ]
        )

    async def deciders(self, guild: str, since: datetime) -> list[str]:
        """Ids of the moderators who have decided cases of this guild since then."""
        query = select(Case.resolved_by).where(Case.guild == guild, Case.resolved_at >= since).distinct()
        return await self._database.read(
            lambda connection: sorted(str(one) for one in connection.execute(query).scalars() if one)
        )

    async def rules(self, guild: str, *, limit: int = 500) -> list[str]:
        """Rules that fired in the newest cases that wait, the most frequent first: what the filter offers."""
        query = (
            select(Case.rules)
            .where(Case.guild == guild, Case.status != "resolved")
            .order_by(Case.opened_at.desc())
            .limit(limit)
        )
        texts = await self._database.read(lambda connection: connection.execute(query).scalars().all())
        return [
            rule for rule, _ in Counter(rule for text in texts for rule in rows.unbar(text)).most_common(40)
        ]

    async def skipped(self, guild: str, moderator: str) -> frozenset[str]:
        """Cases that this moderator skipped."""
        query = select(Skip.case_id).where(Skip.guild == guild, Skip.moderator == moderator)
        return frozenset(
            await self._database.read(lambda connection: connection.execute(query).scalars().all())
        )

    async def opened_since(self, guild: str, moment: datetime, *, limit: int = 100) -> list[ReviewCase]:
        """Cases opened after `moment`, oldest first."""
        query = (
            select(Case.__table__)
            .where(Case.guild == guild, Case.opened_at > moment)
            .order_by(Case.opened_at)
            .limit(limit)
        )
        return await self._database.read(
            lambda connection: [rows.case(row) for row in connection.execute(query)]
        )

    async def trail(self, guild: str, chosen: Trail, *, limit: int = 100) -> list[chain.Link]:
        """Links of a guild's audit, newest first."""
        wanted: list[Any] = [Audit.guild == guild]
        wanted += [Audit.actor == chosen.actor] if chosen.actor else []
        wanted += [Audit.action == chosen.action] if chosen.action else []
        wanted += [Audit.case_id == chosen.case] if chosen.case else []
        wanted += [Audit.number < chosen.before] if chosen.before is not None else []
        query = select(Audit.__table__).where(*wanted).order_by(Audit.number.desc()).limit(limit)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            chain.Link(row.number, row.at, row.actor, row.action, row.case_id, row.version, row.detail)
            for row in found
        ]

    async def last_change(self, guild: str, case: str) -> chain.Link | None:
        """Who changed a case last, and how: what a moderator is shown whose submission came too late."""
        changes = (
            "claimed",
            "extended",
            "released",
            "escalated",
            "resolved",
            "reopened",
            "joined",
            "lapsed",
            "expired",
        )
        query = (
            select(Audit.__table__)
            .where(Audit.guild == guild, Audit.case_id == case, Audit.action.in_(changes))
            .order_by(Audit.number.desc())
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return (
            chain.Link(row.number, row.at, row.actor, row.action, row.case_id, row.version, row.detail)
            if row is not None
            else None
        )

    async def verify(self, guild: str) -> chain.Verdict:
        """Check the audit chain of one guild."""
        return await chain.verify(self._database, guild)

    def _item(self, row: Any, guild: str) -> Item | None:
        """A row of evidence, opened."""
        if row is None:
            return None
        shown = codec.SHOWN.validate_json(self._database.unseal(row.sealed, "evidence", guild, row.id))
        return Item(row.id, row.kind, row.at, row.author, row.exchange, shown)

    def _place(self, row: Any, guild: str) -> codec.Place:
        """Where a case happened."""
        return codec.PLACE.validate_json(self._database.unseal(row.sealed, "cases", guild, row.id))


def _telling(row: Any) -> tuple[bool, Any]:
    """Rank of a piece of evidence for the excerpt: exchanges before reports, newer before older."""
    return row.kind == "exchange", row.at
