"""How a case begins: an exchange is flagged, or somebody reports an answer. The same conversation adds to its case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot import review
from bot.ids import new_id
from bot.review import Case
from bot.store import codec, rows
from bot.store.casefile import SYSTEM
from bot.store.models import Case as Row
from bot.store.models import Evidence
from bot.store.models import Exchange as Kept
from safety.types import Tier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.review import Targets
    from bot.store.casefile import CaseFile
    from bot.store.database import Database
    from bot.store.guilds import Guilds
    from bot.store.who import Who
    from bot.types import Exchange

WHY = frozenset({"tier", "crisis", "clarify", "failure"})
"""The guard's reasons that are no rules: the case has them as its own reason."""
TURNS = 6
"""Earlier turns kept with a flagged exchange: three of the person's and three of the bot's."""


class Flags:
    """Opens cases and adds to them."""

    def __init__(self, database: Database, file: CaseFile, guilds: Guilds) -> None:
        """Write cases through `file`; target times come from `guilds`."""
        self._database = database
        self._file = file
        self._guilds = guilds

    def flag(self, connection: Connection, exchange: Exchange, written: codec.Written, who: Who) -> str:
        """Open a case for a flagged exchange, or add it to the one open on its conversation. Returns the case's id."""
        targets = self._guilds.read(connection, who.guild).targets
        question = exchange.question
        place = codec.Place(question.person, question.channel, question.message, question.conversation)
        case = self._open_or_join(connection, _opened(exchange, who, targets), place, exchange.at)
        shown = codec.Shown(turns=question.turns[-TURNS:], written=written)
        self._file.keep(
            connection, case, shown, kind="exchange", author=who.person, at=exchange.at, exchange=exchange.id
        )
        return case.id

    def add_context(
        self, connection: Connection, case: str, exchange: Exchange, written: codec.Written, who: Who
    ) -> None:
        """Keep an unflagged exchange that followed a flagged one."""
        row = self._file.row(connection, case, who.guild)
        if row is not None and row.status != "resolved":
            shown = codec.Shown(written=written)
            self._file.keep(
                connection,
                rows.case(row),
                shown,
                kind="context",
                author=who.person,
                at=exchange.at,
                exchange=exchange.id,
            )

    async def report(
        self,
        exchange: str,
        guild: str | None,
        reporter: str,
        reason: str,
        text: str = "",
        *,
        kind: str = "report",
    ) -> Case | None:
        """Open a case on an answer, or add to one: a reader's report, or a moderator's "Flag for review" (`kind` "flag").

        `reason` is from a fixed list, `text` is free. None when the exchange is not there (any more).
        """
        author = self._database.pepper.person(reporter)
        shown = codec.Shown(text=text, reason=reason)
        return await self._database.write(
            lambda connection: self._report(connection, exchange, guild or "", author, shown, kind)
        )

    def _report(
        self, connection: Connection, exchange: str, guild: str, author: str, shown: codec.Shown, kind: str
    ) -> Case | None:
        """`report`, inside its transaction."""
        where, now = (Kept.id == exchange, Kept.guild == guild), datetime.now(UTC)
        found = connection.execute(select(Kept.__table__).where(*where)).one_or_none()
        if found is None:
            return None
        written = codec.EXCHANGE.validate_json(
            self._database.unseal(found.sealed, "exchanges", guild, exchange)
        )
        tier = Tier(found.tier)
        fresh = Case(
            id=new_id(), guild=guild, reason=kind, tier=tier, opened_at=now, crisis=found.crisis, person=found.person,
            due_at=now + self._guilds.read(connection, guild).targets.of(tier, crisis=found.crisis), updated_at=now,
            conversation=found.conversation, actions=(found.action,), language=written.assessment.language,
        )  # fmt: skip
        case = self._open_or_join(connection, fresh, codec.Place("", written.channel, written.message), now)
        known = connection.execute(
            select(Evidence.id).where(
                Evidence.guild == guild, Evidence.case_id == case.id, Evidence.exchange == exchange
            )
        )
        if known.first() is None:
            self._file.keep(
                connection,
                case,
                codec.Shown(written=written),
                kind="exchange",
                author=found.person,
                at=found.at,
                exchange=exchange,
            )
        self._file.keep(connection, case, shown, kind="report", author=author, at=now, exchange=exchange)
        connection.execute(update(Kept).where(*where).values(case_id=case.id))
        return case

    def _open_or_join(self, connection: Connection, fresh: Case, place: codec.Place, now: datetime) -> Case:
        """The case of this conversation: `fresh` if none is active."""
        active = f"{fresh.person}:{fresh.conversation}"
        values = rows.values(fresh) | {
            "active": active, "card_version": 0, "card_channel": None, "card_message": None, "expires_at": None,
            "sealed": self._database.seal(codec.PLACE.dump_json(place), "cases", fresh.guild, fresh.id),
        }  # fmt: skip
        detail = f"{fresh.reason} {fresh.tier.name}"
        if connection.execute(self._database.insert(Row).on_conflict_do_nothing(), values).rowcount:
            self._file.audit(connection, fresh, SYSTEM, "opened", now, detail=detail)
            return fresh
        query = select(Row.__table__).where(Row.guild == fresh.guild, Row.active == active).with_for_update()
        old = rows.case(connection.execute(query).one())
        action = fresh.actions[0] if fresh.actions else ""
        joined = review.join(
            old,
            tier=fresh.tier,
            crisis=fresh.crisis,
            rules=fresh.rules,
            action=action,
            due_at=fresh.due_at,
            now=now,
        )
        self._file.write(connection, old, joined)
        self._file.audit(connection, joined, SYSTEM, "joined", now, detail=detail)
        return joined


def _opened(exchange: Exchange, who: Who, targets: Targets) -> Case:
    """A case as it begins."""
    assessment = exchange.assessment
    reasons = (reason for reason in exchange.guarded.reasons if reason not in WHY)
    fired = (*(finding.concept for finding in assessment.asserted), *assessment.rules, *reasons)
    return Case(
        id=new_id(), guild=who.guild, reason=exchange.flagged or "flag", tier=assessment.tier, opened_at=exchange.at,
        due_at=exchange.at + targets.of(assessment.tier, crisis=assessment.crisis), crisis=assessment.crisis, updated_at=exchange.at,
        rules=tuple(dict.fromkeys(fired)), person=who.person, conversation=who.conversation, language=assessment.language,
        actions=(exchange.guarded.action.value,),
    )  # fmt: skip
