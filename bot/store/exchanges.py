"""Questions and their replies, sticky states, and the claim that makes one question answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from bot.store import codec
from bot.store.models import Delivery, Exchange, Sticky
from bot.store.who import Who
from bot.types import Exchange as Happened
from bot.types import Kept, Opening, Question
from safety.types import STICKY, State, Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from bot.store.database import Database
    from bot.store.flags import Flags

HISTORY = 8
"""Earlier exchanges read back as turns of the conversation."""
LEASE = timedelta(minutes=2)
"""How long a process may take over a question before another may think it dead."""
CONTEXT = 3
"""Exchanges kept on either side of a flagged one."""


_STATES = select(Sticky.__table__).where(
    Sticky.guild == bindparam("guild"), Sticky.person == bindparam("person")
)
"""All states of a person in a guild."""
_OWN = select(Sticky.sealed).where(
    Sticky.guild == bindparam("guild"),
    Sticky.person == bindparam("person"),
    Sticky.conversation == bindparam("conversation"),
)
"""One conversation's state."""
_RECORDED = select(Exchange.id).where(
    Exchange.guild == bindparam("guild"), Exchange.question == bindparam("question")
)
"""The exchange of one question."""


class Exchanges:
    """Implements `bot.types.ExchangeStore`."""

    def __init__(self, database: Database, flags: Flags, *, keep: timedelta) -> None:
        """`keep` is how long exchanges stay."""
        self._database = database
        self._flags = flags
        self._keep = keep
        # built once: putting an INSERT with its ON CONFLICT together costs as much as running it
        self._take = _claim(database)
        self._keep_exchange = database.insert(Exchange).on_conflict_do_nothing()
        self._keep_state = _upsert(database)

    async def begin(self, question: Question) -> Opening:
        """Take the question up; see `bot.types.Opening`.

        Only a question that somebody may deliver twice (it has a `handle`) is claimed; for the others a look is enough.
        """
        do = self._database.at_once if question.handle else self._database.read
        return await do(lambda connection: self._begin(connection, question))

    async def record(self, exchange: Happened, state: State, opening: Opening) -> str | None:
        """Keep the exchange, the state and, where flagged, the case: all or nothing. Returns the case's id."""
        return await self._database.write(
            lambda connection: self._record(connection, exchange, state, opening)
        )

    def _begin(self, connection: Connection, question: Question) -> Opening:
        """`begin`, inside its transaction."""
        who = self._who(question)
        now = datetime.now(UTC)
        if self._taken_before(connection, question, who, now):
            return Opening(duplicate=True)
        rows = connection.execute(_STATES, {"guild": who.guild, "person": who.person}).all()
        own = next((row for row in rows if row.conversation == who.conversation), None)
        released_at = own.released_at if own is not None else None
        since = max(filter(None, [released_at, now - self._keep]))
        turns = () if question.turns else self._turns(connection, who, since)
        state = self._state(rows, who, now)
        if own is None:
            return Opening(state=state, turns=turns)
        return Opening(
            known=True, state=state, turns=turns, released_at=released_at, case=own.case_id, after=own.after
        )

    def _record(
        self, connection: Connection, exchange: Happened, state: State, opening: Opening
    ) -> str | None:
        """`record`, inside its transaction."""
        who = self._who(exchange.question)
        written = _written(exchange)
        case, after = opening.case, opening.after
        if exchange.flagged:
            if self._recorded(connection, who.guild, exchange.question.id):
                return case
            case, after = self._flags.flag(connection, exchange, written, who), 0
        elif case and after < CONTEXT:
            after += 1
            self._flags.add_context(connection, case, exchange, written, who)
        row = self._row(exchange, written, who, case if exchange.flagged else None)
        connection.execute(self._keep_exchange, row)
        if opening.known or case or _worth_keeping(state):
            overtaken = self._overtaken(connection, who, state, opening)
            self._remember(connection, who, overtaken, case, after, exchange.at)
        return case if exchange.flagged else None

    async def recall(self, exchange: str, guild: str | None, person: str) -> Kept | None:
        """One exchange of this person."""
        kept = await self.read(exchange, guild)
        return kept[0] if kept and kept[1] == self._database.pepper.person(person) else None

    async def read(self, exchange: str, guild: str | None) -> tuple[Kept, str] | None:
        """One exchange and the keyed hash of its person: for moderators' use."""
        query = select(Exchange.__table__).where(Exchange.id == exchange, Exchange.guild == (guild or ""))
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return (
            (self._kept(row), row.person) if row is not None and row.expires_at > datetime.now(UTC) else None
        )

    async def latest(self, guild: str | None, person: str) -> str | None:
        """The exchange of a person's latest answer in a guild; None where none is kept (any more)."""
        mine = (Exchange.guild == (guild or ""), Exchange.person == self._database.pepper.person(person))
        query = select(Exchange.id).where(*mine, Exchange.expires_at > datetime.now(UTC))
        newest = query.order_by(Exchange.at.desc()).limit(1)
        return await self._database.read(lambda connection: connection.execute(newest).scalar())

    async def delivered(self, question: str, guild: str | None, message: str | None = None) -> None:
        """Note that the reply went out, in `message`; where it went and what was asked is forgotten."""
        where = (Delivery.guild == (guild or ""), Delivery.question == question)
        change = update(Delivery).where(*where).values(status="delivered", message=message, sealed=b"")
        await self._database.at_once(lambda connection: connection.execute(change))

    def _who(self, question: Question) -> Who:
        """The keys under which a question's person and conversation are kept."""
        pepper = self._database.pepper
        return Who(
            question.guild or "", pepper.person(question.person), pepper.conversation(question.conversation)
        )

    def _taken_before(self, connection: Connection, question: Question, who: Who, now: datetime) -> bool:
        """Whether somebody took this question up already; claims it where it is to be delivered."""
        if not question.handle:
            return self._recorded(connection, who.guild, question.id)
        handle = self._database.seal(question.handle, "deliveries", who.guild, question.id)
        row = {"guild": who.guild, "question": question.id, "status": "begun", "person": who.person, "at": now,
               "lease_until": now + LEASE, "message": None, "sealed": handle}  # fmt: skip
        return not connection.execute(self._take, row).rowcount

    def _recorded(self, connection: Connection, guild: str, question: str) -> bool:
        """Whether this question's exchange stands already."""
        return connection.execute(_RECORDED, {"guild": guild, "question": question}).first() is not None

    def _turns(self, connection: Connection, who: Who, since: datetime) -> tuple[Turn, ...]:
        """The last exchanges of a conversation as turns, oldest first."""
        talk = (
            Exchange.guild == who.guild,
            Exchange.conversation == who.conversation,
            Exchange.person == who.person,
        )
        query = (
            select(Exchange.id, Exchange.at, Exchange.sealed)
            .where(*talk, Exchange.at > since)
            .order_by(Exchange.at.desc())
        )
        turns: list[Turn] = []
        for row in reversed(connection.execute(query.limit(HISTORY)).all()):
            written = self._open(row.sealed, who.guild, row.id)
            turns += [Turn(written.question, "person", row.at), Turn(written.reply, "bot", row.at)]
        return tuple(turns)

    def _state(self, rows: Sequence[Any], who: Who, now: datetime) -> State | None:
        """The conversation's state, with the tier raised to the highest that stands for the person in this guild (rule X17).

        A referral in one channel is not forgotten in the next, while the features of two conversations are never added up.
        """
        own: State | None = None
        highest: State | None = None
        for row in rows:
            state = codec.STATE.validate_json(
                self._database.unseal(row.sealed, "states", who.guild, who.person, row.conversation)
            )
            if not state.standing(now):
                continue
            own = state if row.conversation == who.conversation else own
            if highest is None or (state.crisis, state.tier) > (highest.crisis, highest.tier):
                highest = state
        if highest is None or (highest.tier < Tier.REFER and not highest.crisis):
            return own
        return _raised(own, highest)

    def _overtaken(self, connection: Connection, who: Who, state: State, opening: Opening) -> State:
        """`state`, raised by what another message of the same conversation left behind while this one was being answered."""
        row = connection.execute(_OWN, who._asdict()).one_or_none()
        if row is None:
            return state
        place = ("states", who.guild, who.person, who.conversation)
        now = codec.STATE.validate_json(self._database.unseal(row.sealed, *place))
        if now == opening.state or (now.tier <= state.tier and now.crisis <= state.crisis):
            return state
        return replace(_raised(state, now), features=state.features | now.features)

    def _remember(
        self, connection: Connection, who: Who, state: State, case: str | None, after: int, now: datetime
    ) -> None:
        """Keep the state of a conversation."""
        place = ("states", who.guild, who.person, who.conversation)
        row = {
            "guild": who.guild, "person": who.person, "conversation": who.conversation, "case_id": case, "after": after,
            "sealed": self._database.seal(codec.STATE.dump_json(state), *place), "until": now + max(STICKY, self._keep), "released_at": None,
        }  # fmt: skip
        connection.execute(self._keep_state, row)

    def _row(self, exchange: Happened, written: codec.Written, who: Who, case: str | None) -> dict[str, Any]:
        """The row of an exchange."""
        draft = exchange.draft
        return {
            "id": exchange.id, "guild": who.guild, "question": exchange.question.id, "person": who.person,
            "conversation": who.conversation, "surface": exchange.question.surface, "tier": int(exchange.assessment.tier),
            "crisis": exchange.assessment.crisis, "action": exchange.guarded.action.value, "answered": exchange.answered,
            "disagreement": exchange.disagreement, "flagged": exchange.flagged, "case_id": case, "model": draft.model if draft else "",
            "prompt_version": draft.prompt_version if draft else "", "ms": sum(ms for _, ms in exchange.timings), "at": exchange.at,
            "expires_at": exchange.at + self._keep,
            "sealed": self._database.seal(codec.EXCHANGE.dump_json(written), "exchanges", who.guild, exchange.id),
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


def _claim(database: Database) -> Any:
    """Take a question up: a new one, or one that was promised when it was acknowledged."""
    insert = database.insert(Delivery)
    changed = {name: insert.excluded[name] for name in ("status", "lease_until")}
    return insert.on_conflict_do_update(
        index_elements=["guild", "question"], set_=changed, where=Delivery.status == "promised"
    )


def _upsert(database: Database) -> Any:
    """Keep a state, in place of the one before; `released_at` stays."""
    insert = database.insert(Sticky)
    changed = {name: insert.excluded[name] for name in ("sealed", "case_id", "after", "until")}
    return insert.on_conflict_do_update(index_elements=["guild", "person", "conversation"], set_=changed)


def _worth_keeping(state: State) -> bool:
    """Whether a state says anything: most messages leave nothing to remember."""
    return bool(state.tier or state.crisis or state.nerve or state.features or state.asked)


def _raised(own: State | None, highest: State) -> State:
    """`own` at the tier of `highest`; without one, the tier alone, without its features."""
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
