"""Deletes what has been kept long enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, select

from bot.store import chain
from bot.store.models import Case, Delivery, Evidence, Exchange, Session, Skip, Spending, Sticky, Vote

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.database import Database


async def purge(
    database: Database, *, keep_exchanges: timedelta, keep_audit: timedelta, now: datetime | None = None
) -> dict[str, int]:
    """Delete expired exchanges, states, cases with their evidence, votes, deliveries, sessions, spending and the old end of each audit chain.

    Returns how many rows of each kind went.
    """
    moment = now or datetime.now(UTC)
    gone = await database.write(
        lambda connection: _expired(connection, moment, moment - keep_exchanges, moment - keep_audit)
    )
    gone["audit"] = 0
    for guild in await chain.guilds(database):
        gone["audit"] += await database.write(
            partial(_shortened, database=database, guild=guild, until=moment - keep_audit)
        )
    return gone


def _expired(connection: Connection, now: datetime, exchanges: datetime, audit: datetime) -> dict[str, int]:
    """Delete rows whose time is up."""
    dead = select(Case.id).where(Case.expires_at <= now)
    done = and_(Delivery.status == "delivered", Delivery.at <= now - timedelta(days=2))
    conditions: tuple[tuple[str, Any, Any], ...] = (
        ("evidence", Evidence, Evidence.case_id.in_(dead)),
        ("skips", Skip, Skip.case_id.in_(dead)),
        ("cases", Case, Case.expires_at <= now),
        ("exchanges", Exchange, Exchange.expires_at <= now),
        ("states", Sticky, Sticky.until <= now),
        ("votes", Vote, Vote.at <= audit),
        ("deliveries", Delivery, or_(Delivery.at <= exchanges, done)),
        ("sessions", Session, Session.expires_at <= now),
        ("spending", Spending, Spending.day <= audit.date()),
    )
    return {
        kind: int(connection.execute(delete(table).where(where)).rowcount)
        for kind, table, where in conditions
    }


def _shortened(connection: Connection, *, database: Database, guild: str, until: datetime) -> int:
    """Drop the old end of one guild's audit chain."""
    return chain.shorten(connection, database, guild, until)
