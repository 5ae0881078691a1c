"""Deletes what has been kept long enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select

from bot.store import chain
from bot.store.models import Case, Delivery, Evidence, Exchange, Session, Skip, Sticky, Vote

if TYPE_CHECKING:
    from bot.store.database import Database


async def purge(
    database: Database, *, keep_exchanges: timedelta, keep_audit: timedelta, now: datetime | None = None
) -> dict[str, int]:
    """Delete expired exchanges, states, cases with their evidence, votes, deliveries, sessions and the old end of each audit chain.
    Returns how many rows of each kind went.
    """
    moment = now or datetime.now(UTC)
    gone: dict[str, int] = {}
    old = moment - keep_exchanges
    async with database.write() as connection:
        dead = select(Case.id).where(Case.expires_at <= moment)
        for kind, table, where in (
            ("evidence", Evidence, Evidence.case_id.in_(dead)),
            ("skips", Skip, Skip.case_id.in_(dead)),
            ("cases", Case, Case.expires_at <= moment),
            ("exchanges", Exchange, Exchange.expires_at <= moment),
            ("states", Sticky, Sticky.until <= moment),
            ("votes", Vote, Vote.at <= moment - keep_audit),
            (
                "deliveries",
                Delivery,
                or_(
                    Delivery.at <= old,
                    and_(Delivery.status == "delivered", Delivery.at <= moment - timedelta(days=2)),
                ),
            ),
            ("sessions", Session, Session.expires_at <= moment),
        ):
            gone[kind] = int((await connection.execute(delete(table).where(where))).rowcount)
    for guild in await chain.guilds(database):
        async with database.write() as connection:
            gone["audit"] = gone.get("audit", 0) + await chain.shorten(
                connection, database, guild, moment - keep_audit
            )
    return gone
