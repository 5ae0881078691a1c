"""Review cases: opened by flagged exchanges, decided by moderators. The rules are in `bot.review`, this file keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import review
from bot.ids import new_id
from bot.review import Case, Outcome, Stale, Targets
from bot.store import chain, codec
from bot.store import rows as as_rows
from bot.store.models import Case as Row
from bot.store.models import Evidence, Sticky
from bot.types import Exchange
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.store.database import Database
    from bot.store.guilds import Guilds

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


class Cases:
    """Cases of all guilds, one guild at a time."""

    def __init__(self, database: Database, guilds: Guilds, *, keep: timedelta) -> None:
        """`keep` is how long a case stays after it was resolved."""
        self._database = database
        self._guilds = guilds
        self._keep = keep

    # -- opened and added to by the path ---------------------------------------------------------------------------------------------

    async def flag(
        self,
        connection: AsyncConnection,
        exchange: Exchange,
        written: codec.Written,
        person: str,
        conversation: str,
    ) -> str:
        """Open a case for a flagged exchange, or add it to the one that is open on its conversation. Returns the case's id."""
        guild = exchange.question.guild or ""
        targets = await self._targets(connection, guild)
        fresh = _opened(exchange, guild, person, conversation, targets)
        place = codec.Place(
            exchange.question.person,
            exchange.question.channel,
            exchange.question.message,
            exchange.question.conversation,
        )
        case = await self._open_or_join(connection, fresh, place, exchange.at)
        turns = tuple(exchange.question.turns[-6:])
        await self._keep_evidence(
            connection,
            case,
            "exchange",
            person,
            codec.Shown(turns=turns, written=written),
            exchange.at,
            exchange.id,
        )
        return case.id

    async def add_context(
        self,
        connection: AsyncConnection,
        guild: str,
        case: str,
        exchange: Exchange,
        written: codec.Written,
        person: str,
    ) -> None:
        """Keep an unflagged exchange that followed a flagged one (three are)."""
        row = await self._row(connection, case, guild)
        if row is not None and row.status != "resolved":
            shown = codec.Shown(written=written)
            await self._keep_evidence(
                connection, as_rows.case(row), "context", person, shown, exchange.at, exchange.id
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
        """A reader's report of an answer (or a moderator's "Flag for review", `kind` "flag"): opens a case or adds to one.
        None when the exchange is not there (any more).
        """
        from bot.store.models import Exchange as Kept

        guild_id, now = guild or "", datetime.now(UTC)
        async with self._database.write() as connection:
            found = (
                await connection.execute(
                    select(Kept.__table__).where(Kept.id == exchange, Kept.guild == guild_id)
                )
            ).one_or_none()
            if found is None:
                return None
            written = codec.EXCHANGE.validate_json(
                self._database.unseal(found.sealed, "exchanges", guild_id, exchange)
            )
            targets = await self._targets(connection, guild_id)
            tier = Tier(found.tier)
            fresh = Case(
                id=new_id(), guild=guild_id, reason=kind, tier=tier, opened_at=now, due_at=now + targets.of(tier, crisis=found.crisis),
                crisis=found.crisis, person=found.person, conversation=found.conversation, rules=(), actions=(found.action,),
                language=written.assessment.language, updated_at=now,
            )  # fmt: skip
            case = await self._open_or_join(
                connection, fresh, codec.Place("", written.channel, written.message), now
            )
            await self._keep_evidence(
                connection, case, "exchange", found.person, codec.Shown(written=written), found.at, exchange
            )
            author = self._database.pepper.person(reporter)
            await self._keep_evidence(
                connection, case, "report", author, codec.Shown(text=text, reason=reason), now, exchange
            )
            await connection.execute(
                update(Kept)
                .where(Kept.id == exchange, Kept.guild == guild_id)
                .values(case_id=case.id, flagged=kind)
            )
        return case

    async def _open_or_join(
        self, connection: AsyncConnection, fresh: Case, place: codec.Place, now: datetime
    ) -> Case:
        """The case of this conversation: `fresh` if none is active."""
        active = f"{fresh.person}:{fresh.conversation}"
        values = as_rows.values(fresh) | {
            "active": active, "card_version": 0, "card_channel": None, "card_message": None, "expires_at": None,
            "sealed": self._database.seal(codec.PLACE.dump_json(place), "cases", fresh.guild, fresh.id),
        }  # fmt: skip
        done = await connection.execute(self._database.insert(Row).on_conflict_do_nothing(), values)
        if done.rowcount:
            await self._note_change(
                connection, fresh, SYSTEM, "opened", now, f"{fresh.reason} {fresh.tier.name}"
            )
            return fresh
        query = select(Row.__table__).where(Row.guild == fresh.guild, Row.active == active).with_for_update()
        old = as_rows.case((await connection.execute(query)).one())
        joined = review.join(
            old, tier=fresh.tier, crisis=fresh.crisis, rules=fresh.rules, action=fresh.actions[0] if fresh.actions else "",
            due_at=fresh.due_at, now=now,
        )  # fmt: skip
        await self._write(connection, old, joined)
        await self._note_change(
            connection, joined, SYSTEM, "joined", now, f"{fresh.reason} {fresh.tier.name}"
        )
        return joined

    async def _keep_evidence(
        self,
        connection: AsyncConnection,
        case: Case,
        kind: str,
        author: str,
        shown: codec.Shown,
        at: datetime,
        exchange: str | None,
    ) -> str:
        """Add one piece of evidence."""
        item = new_id()
        sealed = self._database.seal(codec.SHOWN.dump_json(shown), "evidence", case.guild, item)
        row = {
            "id": item,
            "guild": case.guild,
            "case_id": case.id,
            "kind": kind,
            "exchange": exchange,
            "author": author,
            "at": at,
            "sealed": sealed,
        }
        await connection.execute(self._database.insert(Evidence), row)
        return item

    async def _targets(self, connection: AsyncConnection, guild: str) -> Targets:
        """The guild's target times."""
        return (await self._guilds.read(connection, guild)).targets

    # -- decided by moderators -------------------------------------------------------------------------------------------------------

    async def claim(
        self, case: str, guild: str | None, moderator: str, *, version: int | None = None
    ) -> Case:
        """Take a case, or extend one's own lease. Raises `review.Refused` (`review.Stale` when somebody was faster), `KeyError`."""
        return await self._change(
            case, guild, moderator, "claimed", lambda old, now: review.claim(old, moderator, now), version
        )

    async def extend(self, case: str, guild: str | None, moderator: str) -> Case:
        """Renew one's lease. Raises `review.Refused`, `KeyError`."""
        return await self._change(
            case, guild, moderator, "extended", lambda old, now: review.extend(old, moderator, now), None
        )

    async def release(
        self, case: str, guild: str | None, moderator: str, *, version: int | None = None
    ) -> Case:
        """Give a case back. Raises `review.Refused`, `KeyError`."""
        return await self._change(
            case, guild, moderator, "released", lambda old, now: review.release(old, moderator, now), version
        )

    async def escalate(
        self, case: str, guild: str | None, moderator: str, *, version: int | None = None
    ) -> Case:
        """Hand a case up. Raises `review.Refused`, `KeyError`."""
        return await self._change(
            case,
            guild,
            moderator,
            "escalated",
            lambda old, now: review.escalate(old, moderator, now),
            version,
        )

    async def resolve(
        self,
        case: str,
        guild: str | None,
        moderator: str,
        outcome: Outcome,
        *,
        note: str = "",
        corrected: Tier | None = None,
        version: int | None = None,
    ) -> Case:
        """Decide a case. A false alarm or a tier corrected to below REFER lifts the person's sticky tier; another corrected tier replaces
        it. Raises `review.Refused`, `KeyError`.
        """

        def decide(old: Case, now: datetime) -> Case:
            return review.resolve(old, moderator, outcome, now, corrected=corrected)

        detail = outcome.value + (f" {corrected.name}" if corrected is not None else "")
        return await self._change(
            case, guild, moderator, "resolved", decide, version, note=note, detail=detail
        )

    async def reopen(
        self, case: str, guild: str | None, moderator: str, *, note: str = "", version: int | None = None
    ) -> Case:
        """Open a resolved case again. Raises `review.Refused`, `KeyError`."""
        return await self._change(case, guild, moderator, "reopened", review.reopen, version, note=note)

    async def note(self, case: str, guild: str | None, moderator: str, text: str) -> None:
        """Add a note; it counts as activity and extends one's own lease. Raises `KeyError`."""
        now = datetime.now(UTC)
        async with self._database.write() as connection:
            old = await self._one(connection, case, guild or "")
            await self._keep_evidence(connection, old, "note", moderator, codec.Shown(text=text), now, None)
            if old.held_by(moderator, now):
                old = await self._write(connection, old, review.extend(old, moderator, now))
            await self._note_change(connection, old, moderator, "noted", now)

    async def skip(self, case: str, guild: str | None, moderator: str) -> None:
        """Leave a case out of this moderator's queue. Raises `KeyError`."""
        from bot.store.models import Skip

        now = datetime.now(UTC)
        async with self._database.write() as connection:
            old = await self._one(connection, case, guild or "")
            row = {"guild": old.guild, "case_id": case, "moderator": moderator, "at": now}
            await connection.execute(self._database.insert(Skip).on_conflict_do_nothing(), row)
            await self._note_change(connection, old, moderator, "skipped", now)

    async def seen(self, case: str, guild: str | None, moderator: str, *, revealed: bool = False) -> None:
        """Put into the audit that a moderator opened a case, or uncovered its text. Raises `KeyError`."""
        async with self._database.write() as connection:
            old = await self._one(connection, case, guild or "")
            await self._note_change(
                connection, old, moderator, "revealed" if revealed else "viewed", datetime.now(UTC)
            )

    async def lapse(self, now: datetime | None = None) -> list[Case]:
        """Put every case whose lease ran out back into its pool. For one process at a time (`store.leader`); reads do not need it."""
        moment = now or datetime.now(UTC)
        query = select(Row.id, Row.guild).where(Row.status == "claimed", Row.lease_until <= moment).limit(500)
        async with self._database.read() as connection:
            due = (await connection.execute(query)).all()
        lapsed = []
        for row in due:
            try:
                lapsed.append(
                    await self._change(
                        row.id, row.guild, SYSTEM, "lapsed", lambda old, _now: review.lapse(old, moment), None
                    )
                )
            except review.Refused:
                continue  # extended or decided in between
        return lapsed

    async def _change(
        self,
        case: str,
        guild: str | None,
        actor: str,
        action: str,
        transition: Callable[[Case, datetime], Case],
        version: int | None,
        *,
        note: str = "",
        detail: str = "",
    ) -> Case:
        """Read, change by the pure rules, write where the version still stands, and put it into the audit: one transaction."""
        now = datetime.now(UTC)
        async with self._database.write() as connection:
            old = await self._one(connection, case, guild or "")
            if version is not None and version != old.version:
                raise Stale("Somebody changed this case in between.")
            new = await self._write(connection, old, transition(old, now))
            await self._note_change(connection, new, actor, action, now, detail)
            if note:
                await self._keep_evidence(connection, new, "note", actor, codec.Shown(text=note), now, None)
            if action == "resolved":
                await self._feed_back(connection, new, now)
        return new

    async def _write(self, connection: AsyncConnection, old: Case, new: Case) -> Case:
        """Write `new` if `old` still stands. Raises `review.Stale`."""
        values = as_rows.values(new)
        values["active"] = None if new.status == "resolved" else f"{new.person}:{new.conversation}"
        values["expires_at"] = new.resolved_at + self._keep if new.resolved_at else None
        if old.status == "resolved" and new.status != "resolved":
            await self._vacant(connection, new, str(values["active"]))
        where = (Row.id == old.id, Row.guild == old.guild, Row.version == old.version)
        done = await connection.execute(update(Row).where(*where).values(**values))
        if not done.rowcount:
            raise Stale("Somebody else was faster with this case.")
        return new

    async def _vacant(self, connection: AsyncConnection, case: Case, active: str) -> None:
        """Refuse to reopen a case whose conversation has a newer one."""
        newer = await connection.execute(select(Row.id).where(Row.guild == case.guild, Row.active == active))
        if newer.first() is not None:
            raise review.Refused("The same conversation has a newer open case: work on that one.")

    async def _feed_back(self, connection: AsyncConnection, case: Case, now: datetime) -> None:
        """Let the decision act on the person's sticky state: lift it, or set the corrected tier."""
        where = (Sticky.guild == case.guild, Sticky.person == case.person)
        if review.releases(case):
            busy = select(Row.conversation).where(
                Row.guild == case.guild, Row.person == case.person, Row.active.is_not(None)
            )
            blank = select(Sticky.conversation).where(*where, Sticky.conversation.not_in(busy))
            for conversation in (await connection.execute(blank)).scalars().all():
                await self._set_state(connection, case, conversation, Tier.NONE, now)
        elif case.corrected is not None:
            await self._set_state(connection, case, case.conversation, case.corrected, now)

    async def _set_state(
        self, connection: AsyncConnection, case: Case, conversation: str, tier: Tier, now: datetime
    ) -> None:
        """Write a conversation's state at `tier`; at NONE what was written before counts no more."""
        from safety.types import State

        place = ("states", case.guild, case.person, conversation)
        sealed = self._database.seal(
            codec.STATE.dump_json(State(tier=tier, nerve=tier >= Tier.REFER, since=now)), *place
        )
        lifted = {"released_at": now} if tier is Tier.NONE else {}
        where = (
            Sticky.guild == case.guild,
            Sticky.person == case.person,
            Sticky.conversation == conversation,
        )
        await connection.execute(
            update(Sticky).where(*where).values(sealed=sealed, case_id=None, after=0, **lifted)
        )

    async def _note_change(
        self,
        connection: AsyncConnection,
        case: Case,
        actor: str,
        action: str,
        now: datetime,
        detail: str = "",
    ) -> None:
        """Put a change into the guild's audit chain."""
        await chain.append(
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

    # -- read ------------------------------------------------------------------------------------------------------------------------

    async def case(self, case: str, guild: str | None) -> Case | None:
        """One case of a guild."""
        async with self._database.read() as connection:
            row = await self._row(connection, case, guild or "")
        return as_rows.case(row) if row is not None else None

    async def evidence(self, case: str, guild: str | None) -> list[Item]:
        """What a moderator needs to decide a case, oldest first. The caller puts the reading into the audit with `seen`."""
        guild_id = guild or ""
        query = (
            select(Evidence.__table__)
            .where(Evidence.guild == guild_id, Evidence.case_id == case)
            .order_by(Evidence.at, Evidence.id)
        )
        async with self._database.read() as connection:
            found = (await connection.execute(query)).all()
        return [
            Item(row.id, row.kind, row.at, row.author, row.exchange,
                 codec.SHOWN.validate_json(self._database.unseal(row.sealed, "evidence", guild_id, row.id)))
            for row in found
        ]  # fmt: skip

    async def place(self, case: str, guild: str | None) -> codec.Place | None:
        """Where a case happened: person, channel and message ids."""
        async with self._database.read() as connection:
            row = await self._row(connection, case, guild or "")
        return (
            codec.PLACE.validate_json(self._database.unseal(row.sealed, "cases", row.guild, row.id))
            if row is not None
            else None
        )

    async def _row(self, connection: AsyncConnection, case: str, guild: str) -> Any:
        """A case's row, or None."""
        return (
            await connection.execute(select(Row.__table__).where(Row.id == case, Row.guild == guild))
        ).one_or_none()

    async def _one(self, connection: AsyncConnection, case: str, guild: str) -> Case:
        """A case. Raises `KeyError` when this guild has none of that id."""
        row = await self._row(connection, case, guild)
        if row is None:
            raise KeyError(case)
        return as_rows.case(row)


def _opened(exchange: Exchange, guild: str, person: str, conversation: str, targets: Targets) -> Case:
    """A case as it begins."""
    assessment = exchange.assessment
    rules = tuple(
        dict.fromkeys(
            (*(f.concept for f in assessment.asserted), *assessment.rules, *exchange.guarded.reasons)
        )
    )
    due = exchange.at + targets.of(assessment.tier, crisis=assessment.crisis)
    return Case(
        id=new_id(), guild=guild, reason=exchange.flagged or "flag", tier=assessment.tier, opened_at=exchange.at, due_at=due,
        crisis=assessment.crisis, updated_at=exchange.at, rules=rules, person=person, conversation=conversation,
        language=assessment.language, actions=(exchange.guarded.action.value,),
    )  # fmt: skip


def shown_turns(items: list[Item]) -> tuple[Turn, ...]:
    """All turns in a case's evidence, oldest first, each once: what the transcript shows."""
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
