"""Moderators' sessions in the console: kept here, so that they can be ended from here."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.models import Session

if TYPE_CHECKING:
    from bot.store.database import Database


class Sessions:
    """Sessions by their cookie. The database holds the cookie's hash only."""

    def __init__(self, database: Database) -> None:
        """Work on `database`."""
        self._database = database

    async def begin(self, moderator: str, data: str, *, lasts: timedelta) -> str:
        """A new session holding `data` (JSON); returns the cookie's value."""
        cookie = secrets.token_urlsafe(32)
        key = _key(cookie)
        row = {
            "id": key,
            "moderator": moderator,
            "expires_at": datetime.now(UTC) + lasts,
            "sealed": self._database.seal(data, "sessions", key),
        }
        await self._database.write(lambda connection: connection.execute(self._database.insert(Session), row))
        return cookie

    async def read(self, cookie: str) -> str | None:
        """The data of a session that has not expired."""
        key = _key(cookie)
        query = select(Session.__table__).where(Session.id == key)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        if row is None or row.expires_at <= datetime.now(UTC):
            return None
        return self._database.unseal(row.sealed, "sessions", key).decode()

    async def update(self, cookie: str, data: str, *, lasts: timedelta) -> None:
        """Put other data into a session, and let it last so long from now."""
        key = _key(cookie)
        changed = {
            "sealed": self._database.seal(data, "sessions", key),
            "expires_at": datetime.now(UTC) + lasts,
        }
        query = update(Session).where(Session.id == key).values(**changed)
        await self._database.write(lambda connection: connection.execute(query))

    async def end(self, cookie: str) -> None:
        """End one session."""
        query = delete(Session).where(Session.id == _key(cookie))
        await self._database.write(lambda connection: connection.execute(query))

    async def end_all(self, moderator: str) -> int:
        """End every session of a moderator; returns how many."""
        query = delete(Session).where(Session.moderator == moderator)
        return await self._database.write(lambda connection: int(connection.execute(query).rowcount))


def _key(cookie: str) -> str:
    """The id under which a cookie's session is kept."""
    return hashlib.sha256(cookie.encode()).hexdigest()
