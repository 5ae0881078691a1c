"""Who is signed in: kept in the store, sealed; the browser holds a random id in a cookie and nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.store.sessions import Sessions

IDLE = timedelta(minutes=30)
"""A session without any request ends after so long."""
ABSOLUTE = timedelta(hours=12)
"""A session ends after so long in any case."""
TOUCH = timedelta(seconds=30)
"""Activity is written down at most so often."""
REVEALS = 50
"""Uncovered cases remembered in a session."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A moderator's standing in one server, when it was last asked of Discord."""

    admin: bool
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The data of a session."""

    moderator: str
    name: str
    guild: str
    """The server whose queue is shown when the address names none."""
    guilds: dict[str, Membership]
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    begun_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    seen_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    revealed: tuple[str, ...] = ()
    """Cases whose covered text was uncovered since signing in."""

    def left(self, now: datetime) -> timedelta:
        """How long it lasts without another request."""
        return min(self.seen_at + IDLE, self.begun_at + ABSOLUTE) - now

    def with_guild(self, guild: str, membership: Membership) -> SignedIn:
        """Moderating `guild` as well."""
        return replace(self, guilds={**self.guilds, guild: membership})

    def with_reveal(self, case: str) -> SignedIn:
        """With the text of `case` uncovered."""
        kept = tuple(one for one in self.revealed if one != case)[-(REVEALS - 1) :]
        return replace(self, revealed=(*kept, case))


_DATA: TypeAdapter[SignedIn] = TypeAdapter(SignedIn)


class Cookies:
    """Reads and writes sessions by the cookie of a request."""

    def __init__(self, sessions: Sessions, *, secure: bool) -> None:
        """`secure`: over https, where the cookie is bound to the host; plain http is for loopback only."""
        self._sessions = sessions
        self.secure = secure
        self.name = "__Host-spotter" if secure else "spotter"

    async def read(self, request: Request, now: datetime) -> SignedIn | None:
        """The session of a request; None when there is none, or its time is up."""
        cookie = request.cookies.get(self.name)
        data = await self._sessions.read(cookie) if cookie else None
        if data is None:
            return None
        session = _DATA.validate_json(data)
        return session if session.left(now) > timedelta(0) else None

    async def begin(self, response: Response, session: SignedIn) -> None:
        """Start a session and put its cookie into `response`. A new id every time: nobody can plant one."""
        lasts = session.left(datetime.now(UTC))
        value = await self._sessions.begin(session.moderator, _DATA.dump_json(session).decode(), lasts=lasts)
        response.set_cookie(
            self.name, value, max_age=int(ABSOLUTE.total_seconds()), path="/", secure=self.secure, httponly=True, samesite="lax"
        )  # fmt: skip

    async def save(self, request: Request, session: SignedIn) -> None:
        """Keep changed data."""
        cookie = request.cookies.get(self.name, "")
        lasts = session.left(datetime.now(UTC))
        await self._sessions.update(cookie, _DATA.dump_json(session).decode(), lasts=lasts)

    async def end(self, request: Request, response: Response, *, everywhere: str = "") -> None:
        """Sign out here, or with `everywhere` (a moderator's id) in every browser."""
        if everywhere:
            await self._sessions.end_all(everywhere)
        elif cookie := request.cookies.get(self.name):
            await self._sessions.end(cookie)
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
