"""Questions and their replies, sticky states, and the claim that makes one question answered once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import codec
from bot.store.models import Delivery, Exchange, Sticky
from bot.types import Exchange as Happened
from bot.types import Kept, Opening, Question
from safety.types import STICKY, State, Tier, Turn

if TYPE_CHECKING:
    from bot.store.cases import Cases
    from bot.store.database import Database

HISTORY = 8
"""Earlier exchanges read back as turns of the conversation."""
LEASE = timedelta(minutes=2)
"""How long a process may take over a question before another may think it dead."""
CONTEXT = 3
"""Exchanges kept on either side of a flagged one."""


class Exchanges:
    """Implements `bot.types.ExchangeStore`."""

    def __init__(self, database: Database, cases: Cases, *, keep: timedelta) -> None:
        """`keep` is how long exchanges stay."""
        self._database = database
        self._cases = cases
        self._keep = keep

    async def begin(self, question: Question) -> Opening:
        """Take the question up in one transaction; see `bot.types.Opening`."""
        database, guild = self._database, question.guild or ""
        person, conversation = (
            database.pepper.person(question.person),
            database.pepper.conversation(question.conversation),
        )
        now = datetime.now(UTC)
        async with database.write() as connection:
            if not await self._taken_up(connection, question, guild, person, now):
                return Opening(duplicate=True)
            rows = (await connection.execute(_STATES, {"guild": guild, "person": person})).all()
            if not rows:
                return Opening()
            own = next((row for row in rows if row.conversation == conversation), None)
            since = max(filter(None, [own.released_at if own else None, now - self._keep]))
            turns = (
                ()
                if question.turns or own is None
                else await self._turns(connection, guild, person, conversation, since)
            )
        state = self._state(rows, guild, person, conversation, now)
        if own is None:
            return Opening(state=state)
        return Opening(
            state=state, turns=turns, released_at=own.released_at, case=own.case_id, after=own.after
        )

    async def record(self, exchange: Happened, state: State, opening: Opening) -> str | None:
        """Keep the exchange, the state and, where flagged, the case: all or nothing. Returns the case's id."""
        database, question = self._database, exchange.question
        guild = question.guild or ""
        person, conversation = (
            database.pepper.person(question.person),
            database.pepper.conversation(question.conversation),
        )
        written = _written(exchange)
        case, after = opening.case, opening.after
        async with database.write() as connection:
            if exchange.flagged:
                if await self._recorded(connection, guild, question.id):
                    return case
                case, after = await self._cases.flag(connection, exchange, written, person, conversation), 0
            elif case and after < CONTEXT:
                after += 1
                await self._cases.add_context(connection, guild, case, exchange, written, person)
            row = self._row(
                exchange, written, guild, person, conversation, case if exchange.flagged else None
            )
            await connection.execute(database.insert(Exchange).on_conflict_do_nothing(), row)
            await self._remember(connection, guild, person, conversation, state, case, after, exchange.at)
        return case if exchange.flagged else None

    async def recall(self, exchange: str, guild: str | None, person: str) -> Kept | None:
        """One exchange of this person."""
        kept = await self.read(exchange, guild)
        return kept[0] if kept and kept[1] == self._database.pepper.person(person) else None

    async def read(self, exchange: str, guild: str | None) -> tuple[Kept, str] | None:
        """One exchange and the keyed hash of its person: for moderators' use."""
        query = select(Exchange.__table__).where(Exchange.id == exchange, Exchange.guild == (guild or ""))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (
            (self._kept(row), row.person) if row is not None and row.expires_at > datetime.now(UTC) else None
        )

    async def delivered(self, question: str, guild: str | None, message: str | None = None) -> None:
        """Note that the reply went out, in `message`."""
        where = (Delivery.guild == (guild or ""), Delivery.question == question)
        async with self._database.write() as connection:
            await connection.execute(
                update(Delivery).where(*where).values(status="delivered", message=message)
            )

    async def _taken_up(
        self, connection: AsyncConnection, question: Question, guild: str, person: str, now: datetime
    ) -> bool:
        """Claim the question's id; False when it was claimed before."""
        row = {
            "guild": guild, "question": question.id, "person": person, "at": now, "lease_until": now + LEASE, "message": None,
            "status": "begun" if question.handle else "delivered",
            "sealed": self._database.seal(question.handle, "deliveries", guild, question.id) if question.handle else b"",
        }  # fmt: skip
        done = await connection.execute(self._database.insert(Delivery).on_conflict_do_nothing(), row)
        return bool(done.rowcount)

    async def _recorded(self, connection: AsyncConnection, guild: str, question: str) -> bool:
        """Whether this question's exchange stands already (a retry after a lost answer of the database)."""
        found = await connection.execute(
            select(Exchange.id).where(Exchange.guild == guild, Exchange.question == question)
        )
        return found.first() is not None

    async def _turns(
        self, connection: AsyncConnection, guild: str, person: str, conversation: str, since: datetime
    ) -> tuple[Turn, ...]:
        """The last exchanges of a conversation as turns, oldest first."""
        query = (
            select(Exchange.id, Exchange.at, Exchange.sealed)
            .where(
                Exchange.guild == guild,
                Exchange.conversation == conversation,
                Exchange.person == person,
                Exchange.at > since,
            )
            .order_by(Exchange.at.desc())
            .limit(HISTORY)
        )
        turns: list[Turn] = []
        for row in reversed((await connection.execute(query)).all()):
            written = self._open(row.sealed, guild, row.id)
            turns += [Turn(written.question, "person", row.at), Turn(written.reply, "bot", row.at)]
        return tuple(turns)

    def _state(self, rows: Any, guild: str, person: str, conversation: str, now: datetime) -> State | None:
        """This conversation's state, with the tier raised to the highest that stands for the person in this guild (rule X17): a referral
        in one channel is not forgotten in the next, while the features of two conversations are never added up.
        """
        own, highest = None, None
        for row in rows:
            state = codec.STATE.validate_json(
                self._database.unseal(row.sealed, "states", guild, person, row.conversation)
            )
            if not state.standing(now):
                continue
            own = state if row.conversation == conversation else own
            if highest is None or (state.crisis, state.tier) > (highest.crisis, highest.tier):
                highest = state
        if highest is None or (highest.tier < Tier.REFER and not highest.crisis):
            return own
        return highest if own is None and highest is None else _raised(own, highest)

    async def _remember(
        self,
        connection: AsyncConnection,
        guild: str,
        person: str,
        conversation: str,
        state: State,
        case: str | None,
        after: int,
        now: datetime,
    ) -> None:
        """Keep the state of a conversation."""
        sealed = self._database.seal(codec.STATE.dump_json(state), "states", guild, person, conversation)
        row = {"guild": guild, "person": person, "conversation": conversation, "sealed": sealed, "case_id": case, "after": after,
               "until": now + max(STICKY, self._keep), "released_at": None}  # fmt: skip
        changed = {key: row[key] for key in ("sealed", "case_id", "after", "until")}
        insert = self._database.insert(Sticky)
        keys = ["guild", "person", "conversation"]
        await connection.execute(
            insert.on_conflict_do_update(
                index_elements=keys, set_={key: insert.excluded[key] for key in changed}
            ),
            row,
        )

    def _row(
        self,
        exchange: Happened,
        written: codec.Written,
        guild: str,
        person: str,
        conversation: str,
        case: str | None,
    ) -> dict[str, Any]:
        """The row of an exchange."""
        draft = exchange.draft
        return {
            "id": exchange.id, "guild": guild, "question": exchange.question.id, "person": person, "conversation": conversation,
            "surface": exchange.question.surface, "tier": int(exchange.assessment.tier), "crisis": exchange.assessment.crisis,
            "action": exchange.guarded.action.value, "answered": exchange.answered, "disagreement": exchange.disagreement,
            "flagged": exchange.flagged, "case_id": case, "model": draft.model if draft else "",
            "prompt_version": draft.prompt_version if draft else "", "ms": sum(ms for _, ms in exchange.timings), "at": exchange.at,
            "expires_at": exchange.at + self._keep,
            "sealed": self._database.seal(codec.EXCHANGE.dump_json(written), "exchanges", guild, exchange.id),
        }  # fmt: skip

    def _open(self, sealed: bytes, guild: str, exchange: str) -> codec.Written:
        """The sealed part of an exchange."""
        return codec.EXCHANGE.validate_json(self._database.unseal(sealed, "exchanges", guild, exchange))

    def _kept(self, row: Any) -> Kept:
        """A row as an exchange."""
        written = self._open(row.sealed, row.guild, row.id)
        return Kept(
            row.id, row.guild or None, written.question, written.reply, written.draft, written.assessment, row.action, written.reasons,
            written.citations, row.answered, row.disagreement, written.exercises, row.flagged, row.case_id, written.channel,
            written.message, written.locale, row.at,
        )  # fmt: skip


def _bound_states() -> Any:
    """All states of a person in a guild, as one prepared statement."""
    from sqlalchemy import bindparam

    table = Sticky.__table__
    return select(table).where(table.c.guild == bindparam("guild"), table.c.person == bindparam("person"))


_STATES = _bound_states()


def _raised(own: State | None, highest: State) -> State:
    """`own` at the tier of `highest`; without one, the tier alone, without its features."""
    from dataclasses import replace

    base = own or State(since=highest.since)
    if (base.tier, base.crisis) == (highest.tier, highest.crisis):
        return base
    return replace(
        base, tier=max(base.tier, highest.tier), crisis=base.crisis or highest.crisis, nerve=base.nerve or highest.nerve,
        topic=highest.topic, since=highest.since,
    )  # fmt: skip


def _written(exchange: Happened) -> codec.Written:
    """The words of an exchange."""
    question = exchange.question
    return codec.Written(
        question=question.text,
        reply=exchange.guarded.text,
        assessment=exchange.assessment,
        draft=exchange.draft.text if exchange.draft else None,
        reasons=exchange.guarded.reasons,
        citations=exchange.citations,
        exercises=exchange.draft.exercises if exchange.draft else (),
        timings=exchange.timings,
        channel=question.channel,
        message=question.message,
        locale=question.locale,
    )
