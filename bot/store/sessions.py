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
        async with self._database.write() as connection:
            await connection.execute(self._database.insert(Session), row)
        return cookie

    async def read(self, cookie: str) -> str | None:
        """The data of a session that has not expired."""
        key = _key(cookie)
        async with self._database.read() as connection:
            row = (await connection.execute(select(Session.__table__).where(Session.id == key))).one_or_none()
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
        async with self._database.write() as connection:
            await connection.execute(update(Session).where(Session.id == key).values(**changed))

    async def end(self, cookie: str) -> None:
        """End one session."""
        async with self._database.write() as connection:
            await connection.execute(delete(Session).where(Session.id == _key(cookie)))

    async def end_all(self, moderator: str) -> int:
        """End every session of a moderator; returns how many."""
        async with self._database.write() as connection:
            return int(
                (await connection.execute(delete(Session).where(Session.moderator == moderator))).rowcount
            )


def _key(cookie: str) -> str:
    """The id under which a cookie's session is kept."""
    return hashlib.sha256(cookie.encode()).hexdigest()
