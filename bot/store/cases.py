"""Review cases as moderators decide them. The rules are in `bot.review`; this file keeps them, one compare-and-set at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import and_, func, or_, select

from bot import review
from bot.review import Case, Outcome, Stale
from bot.store import codec, lifting, rows
from bot.store.casefile import SYSTEM, CaseFile, Item
from bot.store.models import Audit, Skip
from bot.store.models import Case as Row
from safety.types import Turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from sqlalchemy.engine import Connection

    from bot.store.database import Database
    from safety.types import Tier

    Transition: TypeAlias = Callable[[Case, datetime], Case]


class Cases:
    """Cases of all guilds, one guild at a time.

    Every change raises `review.Refused` when the rules forbid it (`review.Stale`, a kind of it, when somebody was faster or `version` is not
    the one that stands), and `KeyError` when the guild has no such case.
    """

    def __init__(self, database: Database, file: CaseFile) -> None:
        """Write cases through `file`."""
        self._database = database
        self._file = file

    async def claim(
        self, case: str, guild: str | None, moderator: str, *, version: int | None = None
    ) -> Case:
        """Take a case, or extend one's own lease."""
        return await self._change(
            case,
            guild,
            moderator,
            "claimed",
            lambda old, now: review.claim(old, moderator, now),
            version=version,
        )

    async def extend(self, case: str, guild: str | None, moderator: str) -> Case:
        """Renew one's lease."""
        return await self._change(
            case, guild, moderator, "extended", lambda old, now: review.extend(old, moderator, now)
        )

    async def release(
        self, case: str, guild: str | None, moderator: str, *, version: int | None = None
    ) -> Case:
        """Give a case back."""
        return await self._change(
            case,
            guild,
            moderator,
            "released",
            lambda old, now: review.release(old, moderator, now),
            version=version,
        )

    async def escalate(
        self, case: str, guild: str | None, moderator: str, *, note: str = "", version: int | None = None
    ) -> Case:
        """Hand a case up."""

        def up(old: Case, now: datetime) -> Case:
            return review.escalate(old, moderator, now)

        return await self._change(case, guild, moderator, "escalated", up, version=version, note=note)

    async def resolve(
        self,
        case: str,
        guild: str | None,
        moderator: str,
        outcome: Outcome,
        *,
        note: str = "",
        corrected: Tier | None = None,
        reason: str = "",
        version: int | None = None,
    ) -> Case:
        """Decide a case.

        A false alarm, or a tier corrected to below REFER, lifts the person's sticky tier; another corrected tier replaces it.
        `reason`, one of `review.REASONS`, goes into the audit beside the outcome.
        """

        def decide(old: Case, now: datetime) -> Case:
            return review.resolve(old, moderator, outcome, now, corrected=corrected, reason=reason)

        detail = outcome.value + (f" {corrected.name}" if corrected is not None else "")
        detail += f", {reason}" if reason else ""
        return await self._change(
            case, guild, moderator, "resolved", decide, version=version, note=note, detail=detail
        )

    async def reopen(
        self, case: str, guild: str | None, moderator: str, *, note: str = "", version: int | None = None
    ) -> Case:
        """Open a resolved case again; the sticky tier that the decision lifted or replaced stands again."""
        return await self._change(
            case, guild, moderator, "reopened", review.reopen, version=version, note=note
        )

    async def note(self, case: str, guild: str | None, moderator: str, text: str) -> None:
        """Add a note; it counts as activity and extends one's own lease."""
        now = datetime.now(UTC)

        def work(connection: Connection) -> None:
            old = self._file.one(connection, case, guild or "")
            self._file.keep(connection, old, codec.Shown(text=text), kind="note", author=moderator, at=now)
            if old.held_by(moderator, now):
                old = self._file.write(connection, old, review.extend(old, moderator, now))
            self._file.audit(connection, old, moderator, "noted", now)

        await self._database.write(work)

    async def skip(self, case: str, guild: str | None, moderator: str) -> None:
        """Leave a case out of this moderator's queue."""
        now = datetime.now(UTC)

        def work(connection: Connection) -> None:
            old = self._file.one(connection, case, guild or "")
            row = {"guild": old.guild, "case_id": case, "moderator": moderator, "at": now}
            connection.execute(self._database.insert(Skip).on_conflict_do_nothing(), row)
            self._file.audit(connection, old, moderator, "skipped", now)

        await self._database.write(work)

    async def seen(self, case: str, guild: str | None, moderator: str, *, revealed: bool = False) -> None:
        """Put into the audit that a moderator opened a case, or uncovered its text."""

        def work(connection: Connection) -> None:
            old = self._file.one(connection, case, guild or "")
            self._file.audit(
                connection, old, moderator, "revealed" if revealed else "viewed", datetime.now(UTC)
            )

        await self._database.write(work)

    async def lapse(self, now: datetime | None = None) -> list[Case]:
        """Put every case whose lease ran out back into its pool. For one process at a time (`Store.leader`); reads do not need it."""
        moment = now or datetime.now(UTC)
        query = select(Row.id, Row.guild).where(Row.status == "claimed", Row.lease_until <= moment).limit(500)
        lapsed = []
        for row in await self._database.read(lambda connection: connection.execute(query).all()):
            try:
                lapsed.append(
                    await self._change(
                        row.id, row.guild, SYSTEM, "lapsed", lambda old, _now: review.lapse(old, moment)
                    )
                )
            except review.Refused:
                continue  # extended or decided in between
        return lapsed

    async def expire(self, *, keep: timedelta, now: datetime | None = None) -> int:
        """Close what nobody decides, and delete its text: see `bot.config.Settings.keep_cases_days`. Returns how many were closed."""
        moment = now or datetime.now(UTC)
        alone = and_(Row.guild == "", Row.opened_at <= moment - keep)
        query = (
            select(Row.id, Row.guild)
            .where(Row.active.is_not(None), or_(alone, Row.updated_at <= moment - 2 * keep))
            .limit(500)
        )
        closed = 0
        for row in await self._database.read(lambda connection: connection.execute(query).all()):
            try:
                await self._database.write(partial(self._expire, case=row.id, guild=row.guild, now=moment))
            except review.Refused:
                continue  # decided or added to in between
            closed += 1
        return closed

    def _expire(self, connection: Connection, *, case: str, guild: str, now: datetime) -> None:
        """Close one case and delete its evidence and its place."""
        old = self._file.one(connection, case, guild)
        new = self._file.write(connection, old, review.expire(old, SYSTEM, now))
        self._file.empty(connection, new)
        self._file.audit(connection, new, SYSTEM, "expired", now)

    async def case(self, case: str, guild: str | None) -> Case | None:
        """One case of a guild."""
        row = await self._database.read(lambda connection: self._file.row(connection, case, guild or ""))
        return rows.case(row) if row is not None else None

    async def evidence(self, case: str, guild: str | None) -> list[Item]:
        """What a moderator needs to decide a case, oldest first. Whoever shows it puts that into the audit with `seen`."""
        return await self._database.read(lambda connection: self._file.items(connection, case, guild or ""))

    async def place(self, case: str, guild: str | None) -> codec.Place | None:
        """Where a case happened: person, channel and message ids."""
        row = await self._database.read(lambda connection: self._file.row(connection, case, guild or ""))
        return (
            codec.PLACE.validate_json(self._database.unseal(row.sealed, "cases", row.guild, row.id))
            if row is not None
            else None
        )

    async def _change(
        self,
        case: str,
        guild: str | None,
        actor: str,
        action: str,
        transition: Transition,
        *,
        version: int | None = None,
        note: str = "",
        detail: str = "",
    ) -> Case:
        """Read, change by the pure rules, write where the version still stands, and put it into the audit: one transaction."""
        now = datetime.now(UTC)

        def work(connection: Connection) -> Case:
            old = self._file.one(connection, case, guild or "")
            if (
                version is not None
                and version != old.version
                and not _only_extended(connection, old, actor, version)
            ):
                raise Stale("Somebody changed this case in between.")
            new = self._file.write(connection, old, transition(old, now))
            self._file.audit(connection, new, actor, action, now, detail=detail)
            if note:
                self._file.keep(connection, new, codec.Shown(text=note), kind="note", author=actor, at=now)
            if action == "resolved":
                lifting.act(connection, self._database, new, now)
            elif action == "reopened":
                lifting.undo(connection, self._database, old)
            return new

        return await self._database.write(work)


def _only_extended(connection: Connection, case: Case, moderator: str, version: int) -> bool:
    """Whether all that happened since `version` is that `moderator`'s own lease was renewed.

    The console renews it while somebody types: a decision sent in the same moment must not meet a conflict with its own author.
    """
    own = (Audit.guild == case.guild, Audit.case_id == case.id, Audit.version > version)
    query = select(func.count()).where(*own, Audit.action == "extended", Audit.actor == moderator)
    return version < case.version and connection.execute(query).scalar_one() == case.version - version


def shown_turns(items: list[Item]) -> tuple[Turn, ...]:
    """All turns in a case's evidence, oldest first, each once: what a transcript shows."""
    turns: dict[tuple[str, str], Turn] = {}
    for item in items:
        written = item.shown.written
        said = (
            (Turn(written.question, "person", item.at), Turn(written.reply, "bot", item.at))
            if written
            else ()
        )
        for turn in (*item.shown.turns, *said):
            turns.setdefault((turn.speaker, turn.text), turn)
    return tuple(turns.values())
