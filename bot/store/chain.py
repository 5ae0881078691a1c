"""The audit chain of a guild: append-only, each link a keyed digest over the one before it. Holds ids and fixed words, no message text."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from bot.store.models import Audit, Chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from bot.store.database import Database
    from bot.store.sealing import Pepper

_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the audit."""

    number: int
    at: datetime
    actor: str
    """A moderator's id, or "spotter"."""
    action: str
    """What was done: "opened", "joined", "claimed", "viewed", "revealed", "resolved" ..."""
    case: str | None
    version: int | None
    """The case's version afterwards."""
    detail: str
    """Fixed words only: an outcome, a tier, a reason."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of one chain found."""

    guild: str
    links: int
    fault: str = ""
    """Empty when the chain is whole; otherwise what is wrong and where."""


def append(
    connection: Connection,
    database: Database,
    guild: str,
    actor: str,
    action: str,
    now: datetime,
    *,
    case: str | None = None,
    version: int | None = None,
    detail: str = "",
) -> None:
    """Add a link inside the transaction of the change it speaks of: both stand or neither."""
    head = _head(connection, database, guild)
    number = head.last + 1
    link = Link(number, now, actor, action, case, version, detail[:200])
    digest = _digest(database.pepper, guild, head.digest, link)
    connection.execute(
        database.insert(Audit).values(
            guild=guild,
            number=number,
            case_id=case,
            at=now,
            actor=actor,
            action=action,
            version=version,
            detail=link.detail,
            digest=digest,
        )
    )
    _move(connection, database.pepper, guild, head.first, head.anchor, number, digest)


async def verify(database: Database, guild: str) -> Verdict:
    """Walk a guild's chain from its anchor to its end."""

    def work(connection: Connection) -> tuple[Any, Sequence[Any]]:
        head = connection.execute(select(Chain.__table__).where(Chain.guild == guild)).one_or_none()
        query = select(Audit.__table__).where(Audit.guild == guild).order_by(Audit.number)
        return head, connection.execute(query).all()

    head, rows = await database.read(work)
    if head is None:
        return Verdict(guild, len(rows), "links without a chain" if rows else "")
    if not hmac.compare_digest(
        head.seal, _seal(database.pepper, guild, head.first, head.anchor, head.last, head.digest)
    ):
        return Verdict(guild, len(rows), "the ends of the chain were changed")
    return Verdict(guild, len(rows), _walk(database.pepper, guild, head, rows))


async def guilds(database: Database) -> list[str]:
    """Every guild that has a chain, or links without one."""

    def work(connection: Connection) -> list[str]:
        chained = connection.execute(select(Chain.guild)).scalars().all()
        linked = connection.execute(select(Audit.guild).distinct()).scalars().all()
        return sorted({*chained, *linked})

    return await database.read(work)


async def links(
    database: Database, guild: str, *, case: str | None = None, before: int | None = None, limit: int = 100
) -> list[Link]:
    """A guild's audit, newest first: all, or of one case; `before` is the number to page on from."""
    query = select(Audit.__table__).where(Audit.guild == guild).order_by(Audit.number.desc()).limit(limit)
    if case is not None:
        query = query.where(Audit.case_id == case)
    if before is not None:
        query = query.where(Audit.number < before)
    rows = await database.read(lambda connection: connection.execute(query).all())
    return [_link(row) for row in rows]


def shorten(connection: Connection, database: Database, guild: str, until: datetime) -> int:
    """Drop links older than `until` from the beginning, and move the anchor there. Returns how many."""
    head = _head(connection, database, guild)
    old = select(Audit.number, Audit.digest).where(
        Audit.guild == guild, Audit.at < until, Audit.number < head.last
    )
    newest = (connection.execute(old.order_by(Audit.number.desc()).limit(1))).one_or_none()
    if newest is None:
        return 0
    gone = connection.execute(delete(Audit).where(Audit.guild == guild, Audit.number <= newest.number))
    _move(connection, database.pepper, guild, newest.number + 1, newest.digest, head.last, head.digest)
    return int(gone.rowcount)


def _head(connection: Connection, database: Database, guild: str) -> Any:
    """The guild's chain, locked until the transaction ends; a fresh one if there is none."""
    query = select(Chain.__table__).where(Chain.guild == guild).with_for_update()
    head = (connection.execute(query)).one_or_none()
    if head is None:
        seal = _seal(database.pepper, guild, 1, _START, 0, _START)
        fresh = {"guild": guild, "first": 1, "anchor": _START, "last": 0, "digest": _START, "seal": seal}
        connection.execute(database.insert(Chain).values(**fresh).on_conflict_do_nothing())
        head = (connection.execute(query)).one()
    return head


def _move(
    connection: Connection, pepper: Pepper, guild: str, first: int, anchor: str, last: int, digest: str
) -> None:
    """Write the chain's ends and seal them."""
    seal = _seal(pepper, guild, first, anchor, last, digest)
    ends = {"first": first, "anchor": anchor, "last": last, "digest": digest, "seal": seal}
    connection.execute(update(Chain).where(Chain.guild == guild).values(**ends))


def _walk(pepper: Pepper, guild: str, head: Any, rows: Sequence[Any]) -> str:
    """The first fault between anchor and end, or nothing."""
    expected, digest = head.first, head.anchor
    for row in rows:
        if row.number != expected:
            return f"link {expected} is missing"
        if not hmac.compare_digest(row.digest, _digest(pepper, guild, digest, _link(row))):
            return f"link {row.number} was changed"
        expected, digest = row.number + 1, row.digest
    return (
        ""
        if expected == head.last + 1 and digest == head.digest
        else f"the chain ends at {expected - 1} instead of {head.last}"
    )


def _link(row: Any) -> Link:
    """A row as a link."""
    return Link(row.number, row.at, row.actor, row.action, row.case_id, row.version, row.detail)


def _digest(pepper: Pepper, guild: str, before: str, link: Link) -> str:
    """The keyed digest of a link: over the one before it and every field of its own."""
    at = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (
        guild,
        before,
        str(link.number),
        at,
        link.actor,
        link.action,
        link.case or "",
        str(link.version),
        link.detail,
    )
    return pepper.digest(b"audit", *(field.encode() for field in fields))


def _seal(pepper: Pepper, guild: str, first: int, anchor: str, last: int, digest: str) -> str:
    """The keyed digest over both ends of a chain."""
    return pepper.digest(
        b"chain", guild.encode(), str(first).encode(), anchor.encode(), str(last).encode(), digest.encode()
    )
