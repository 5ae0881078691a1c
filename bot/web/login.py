"""Sign in and out: `/login`, `/logout`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bot.web.forgery import from_here, safe_next
from bot.web.refusals import Refusal, refuse, signing_in
from bot.web.sessions import Membership, SignedIn
from bot.web.visit import back

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.web.desk import Desk
    from bot.web.visit import Visit


async def login(request: Request) -> Response:
    """The page from which one signs in; in practice, the form that lets one in."""
    desk: Desk = request.app.state.desk
    try:
        if request.method == "POST":
            return await _practise(request, desk)
        if request.url.path == "/login/discord":
            return await _leave(request, desk)
        if request.url.path == "/login/callback":
            return await _arrive(request, desk)
    except Refusal as refusal:
        return await refuse(request, refusal)
    return signing_in(request)


async def logout(visit: Visit) -> Response:
    """Sign out here, or everywhere this moderator is signed in."""
    response = back("/login")
    everywhere = visit.moderator if visit.field("everywhere") else ""
    await visit.desk.cookies.end(visit.request, response, everywhere=everywhere)
    return response


async def stay(visit: Visit) -> Response:
    """A sign of life: the session lasts another half an hour (or to its end)."""
    return back("/queue") if not visit.fragment else await visit.page("ends.html")


async def _leave(request: Request, desk: Desk) -> Response:
    """Off to Discord."""
    if desk.sign_in is None:
        raise Refusal(404, "There is no sign-in with Discord here.")
    _slowly(request, desk)
    request.session["next"] = safe_next(request.query_params.get("next", ""))
    response: Response = await desk.sign_in.leave(request)
    return response


async def _arrive(request: Request, desk: Desk) -> Response:
    """Back from Discord."""
    if desk.sign_in is None:
        raise Refusal(404, "There is no sign-in with Discord here.")
    _slowly(request, desk)
    address = safe_next(str(request.session.pop("next", "")))
    wanted = parse_qs(urlsplit(address).query).get("guild", [""])[0]
    session = await desk.sign_in.arrive(request, wanted)
    request.session.clear()
    response = back(address)
    await desk.cookies.begin(response, session)
    return response


async def _practise(request: Request, desk: Desk) -> Response:
    """Let somebody into the practice queue under one of its names."""
    if not desk.practice:
        raise Refusal(405, "Sign in with Discord.")
    if not from_here(request, desk.origin):
        raise Refusal(403, "This request came from another site and was not carried out.")
    _slowly(request, desk)
    form = await request.form(max_files=0, max_fields=5)
    moderator, guild = str(form.get("moderator", "")), "practice"
    grant = await desk.authority.grant(moderator, guild)
    if grant is None:
        raise Refusal(403, "There is nobody of that name in the practice queue.")
    response = back(safe_next(str(form.get("next", ""))))
    await desk.cookies.begin(
        response, SignedIn(moderator, grant.name, guild, {guild: Membership(grant.admin, datetime.now(UTC))})
    )
    return response


def _slowly(request: Request, desk: Desk) -> None:
    """Limit tries by address. Raises `Refusal`."""
    if not desk.limits["login"].take(request.client.host if request.client else ""):
        raise Refusal(429, "Too many sign-ins from this address. Wait ten minutes.")
