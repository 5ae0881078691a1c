"""What a decision does to a person's sticky states, and how reopening the case takes that back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot import review
from bot.store import codec
from bot.store.models import Case as Row
from bot.store.models import Evidence, Sticky
from safety.types import State, Tier

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from bot.review import Case
    from bot.store.database import Database


def act(connection: Connection, database: Database, case: Case, now: datetime) -> None:
    """Let a decision act: lift what stands for the person, or set the corrected tier. What stood before is kept with the new state."""
    if not review.releases(case):
        if case.corrected is not None:
            for row in _rows(connection, case, case.conversation):
                _decide(connection, database, case, row, case.corrected, now)
        return
    busy = set(
        connection.execute(
            select(Row.conversation).where(
                Row.guild == case.guild, Row.person == case.person, Row.active.is_not(None)
            )
        ).scalars()
    )
    for row in _rows(connection, case):
        if row.conversation not in busy:
            _decide(connection, database, case, row, Tier.NONE, now)


def undo(connection: Connection, database: Database, case: Case) -> None:
    """Put back what the decision on `case` (as it stood before it was reopened) changed.

    Where the person has written since, the newer state stays and is raised to the case's tier: what was found since counts as well.
    """
    if not review.releases(case) and case.corrected is None:
        return
    for row in _rows(connection, case):
        sealed = database.unseal(row.sealed, "states", case.guild, case.person, row.conversation)
        lifted = codec.HELD.validate_json(sealed).lifted
        own = row.conversation == case.conversation
        if lifted is not None and lifted.case == case.id:
            back = {
                "case_id": case.id if own else lifted.open_case,
                "after": lifted.after,
                "released_at": lifted.released_at,
            }
            _write(connection, database, case, row.conversation, codec.STATE.dump_json(lifted.state), back)
        elif own:
            state = _raised(codec.STATE.validate_json(sealed), case, _last_flagged(connection, case))
            released = None if row.released_at == case.resolved_at else row.released_at
            back = {"case_id": case.id, "after": row.after, "released_at": released}
            _write(connection, database, case, row.conversation, codec.STATE.dump_json(state), back)


def _rows(connection: Connection, case: Case, conversation: str | None = None) -> list[Any]:
    """The states of the case's person in its guild, or that of one conversation."""
    query = select(Sticky.__table__).where(Sticky.guild == case.guild, Sticky.person == case.person)
    if conversation is not None:
        query = query.where(Sticky.conversation == conversation)
    return list(connection.execute(query).all())


def _decide(
    connection: Connection, database: Database, case: Case, row: Any, tier: Tier, now: datetime
) -> None:
    """Write a conversation's state at `tier`, with what it replaces; at NONE what was written before counts no more."""
    sealed = database.unseal(row.sealed, "states", case.guild, case.person, row.conversation)
    lifted = codec.Lifted(case.id, codec.STATE.validate_json(sealed), row.released_at, row.case_id, row.after)
    state = State(tier=tier, nerve=tier >= Tier.REFER, since=now)
    both = json.loads(codec.STATE.dump_json(state)) | json.loads(codec.HELD.dump_json(codec.Held(lifted)))
    changes: dict[str, Any] = {"case_id": None, "after": 0}
    changes |= {"released_at": now} if tier is Tier.NONE else {}
    _write(connection, database, case, row.conversation, json.dumps(both).encode(), changes)


def _write(
    connection: Connection,
    database: Database,
    case: Case,
    conversation: str,
    state: bytes,
    changes: dict[str, Any],
) -> None:
    """Seal and write one state."""
    place = (case.guild, case.person, conversation)
    where = (Sticky.guild == case.guild, Sticky.person == case.person, Sticky.conversation == conversation)
    values = {"sealed": database.seal(state, "states", *place), **changes}
    connection.execute(update(Sticky).where(*where).values(**values))


def _last_flagged(connection: Connection, case: Case) -> datetime:
    """When the person last wrote what was flagged."""
    query = select(func.max(Evidence.at)).where(
        Evidence.guild == case.guild, Evidence.case_id == case.id, Evidence.kind == "exchange"
    )
    found: datetime | None = connection.execute(query).scalar_one_or_none()
    return found or case.opened_at


def _raised(state: State, case: Case, since: datetime) -> State:
    """`state` at the case's tier, if that is higher."""
    if state.tier >= case.tier and state.crisis >= case.crisis:
        return state
    tier = max(state.tier, case.tier)
    return replace(
        state,
        tier=tier,
        crisis=state.crisis or case.crisis,
        nerve=state.nerve or tier >= Tier.REFER,
        since=max(since, state.since) if state.tier else since,
    )
