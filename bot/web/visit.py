"""One request of a signed-in moderator: session, server, authority and forgery are checked here, before any page runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.web import looks
from bot.web.authority import Unreachable
from bot.web.forgery import from_here, token_fits
from bot.web.refusals import Refusal, refuse
from bot.web.sessions import TOUCH, Membership, SignedIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from starlette.requests import Request

    from bot.web.desk import Desk
    from bot.web.looks import Looks

    Page: TypeAlias = Callable[["Visit"], Awaitable[Response]]
    Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

RECHECK = timedelta(minutes=5)
"""How long Discord's word on a moderator's roles stands for reading; every write asks anew."""
FIELDS = 600
"""Fields of a form at most."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A checked request."""

    request: Request
    desk: Desk
    session: SignedIn
    guild: str
    looks: Looks
    now: datetime
    form: FormData

    @property
    def moderator(self) -> str:
        """The moderator's id."""
        return self.session.moderator

    @property
    def admin(self) -> bool:
        """Whether the moderator may manage this server."""
        return self.session.guilds[self.guild].admin

    @property
    def fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def field(self, name: str) -> str:
        """A text field of the form, trimmed; empty when absent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def query(self, name: str) -> str:
        """A parameter of the address, trimmed; empty when absent."""
        return self.request.query_params.get(name, "").strip()

    async def page(self, name: str, status: int = 200, **values: Any) -> Response:
        """A page of ours."""
        names = {guild: await self.desk.authority.guild_name(guild) for guild in self.session.guilds}
        shared = {
            "visit": self, "session": self.session, "looks": self.looks, "keys": self.looks.bindings, "csrf": self.session.csrf,
            "guild": self.guild, "guild_names": names, "admin": self.admin, "now": self.now, "who": self.desk.authority.name,
            "practice": self.desk.practice, "section": name.partition(".")[0],
            "ends_in": int(self.session.left(self.now).total_seconds()),
        }  # fmt: skip
        return self.desk.templates.TemplateResponse(
            self.request, name, {**shared, **values}, status_code=status
        )


def page(handler: Page, *, admin: bool = False, quiet: bool = False) -> Endpoint:
    """Make an endpoint of a page for moderators; `admin`: of the server's managers; `quiet`: a request that is no sign of activity."""

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        try:
            visit = await _admit(request, quiet=quiet)
            if admin:
                _managing(visit)
            return await handler(visit)
        except Refusal as refusal:
            return await refuse(request, refusal)

    return endpoint


def back(address: str) -> Response:
    """Go on to a page after a form (303, so that reloading sends nothing twice)."""
    return RedirectResponse(address, status_code=303)


def _managing(visit: Visit) -> None:
    """Refuse a moderator who may not manage the server. Raises `Refusal`."""
    if not visit.admin:
        raise Refusal(403, "Only those who may manage the server can do this.")


async def _admit(request: Request, *, quiet: bool) -> Visit:
    """Check a request in the order that tells strangers least. Raises `Refusal`."""
    desk: Desk = request.app.state.desk
    now = datetime.now(UTC)
    session = await desk.cookies.read(request, now)
    if session is None:
        raise Refusal(401, "Please sign in.")
    writes = request.method not in ("GET", "HEAD")
    form = FormData()
    if writes:
        form = await _form(request, desk, session)
    guild = await _guild(request, desk, session)
    session, changed = await _authorised(desk, session, guild, now, writes=writes)
    if changed or (not quiet and now - session.seen_at > TOUCH):
        session = session if quiet else replace(session, seen_at=now)
        await desk.cookies.save(request, session)
    return Visit(request, desk, session, guild, looks.read(request), now, form)


async def _form(request: Request, desk: Desk, session: SignedIn) -> FormData:
    """The form of a write that comes from our own page and carries the session's token. Raises `Refusal`."""
    if not from_here(request, desk.origin):
        raise Refusal(403, "This request came from another site and was not carried out.")
    form = await request.form(max_files=0, max_fields=FIELDS)
    token = form.get("csrf", "")
    if not isinstance(token, str) or not token_fits(session, token):
        raise Refusal(
            403, "This form is out of date and was not carried out. Go back, reload the page and try again."
        )
    if not desk.limits["write"].take(session.moderator):
        raise Refusal(
            429, "That is more than this console does for one moderator in a minute. Wait a little."
        )
    return form


async def _guild(request: Request, desk: Desk, session: SignedIn) -> str:
    """The server that a request is about: a case's own, else the one in the address, else the session's. Raises `Refusal`."""
    asked = request.query_params.get("guild", "")
    case = request.path_params.get("case")
    if case is None:
        return asked or session.guild
    for guild in dict.fromkeys([session.guild, *session.guilds, *([asked] if asked else [])]):
        if await desk.store.cases.case(case, guild) is not None:
            return guild
    raise Refusal(404, "There is no such case, or its time here is up.")


async def _authorised(
    desk: Desk, session: SignedIn, guild: str, now: datetime, *, writes: bool
) -> tuple[SignedIn, bool]:
    """The session with fresh leave for `guild`, and whether it changed. Raises `Refusal`: 404 for a stranger, 401 for a role that is gone."""
    known = session.guilds.get(guild)
    if known is not None and not writes and now - known.checked_at < RECHECK:
        return session, False
    if known is None and not desk.limits["guild"].take(session.moderator):
        raise Refusal(404, "There is nothing here.")
    try:
        grant = await desk.authority.grant(session.moderator, guild)
    except Unreachable as silent:
        raise Refusal(
            503,
            "Discord cannot be asked who may moderate just now. Nothing was changed; try again in a minute.",
        ) from silent
    if grant is None and known is None:
        raise Refusal(404, "There is nothing here.")
    if grant is None:
        raise Refusal(401, "You no longer moderate this server, so you were signed out.", ends=True)
    return replace(session, name=grant.name).with_guild(guild, Membership(grant.admin, now)), True
