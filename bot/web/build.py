"""Puts the console together: addresses, middleware, errors."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.ids import new_id
from bot.logs import logger
from bot.web import (
    audit_page,
    case_page,
    deciding,
    decisions_page,
    events,
    login,
    queue_page,
    settings_page,
    stats_page,
)
from bot.web.desk import HERE, Desk
from bot.web.headers import KnownHosts, SafeHeaders
from bot.web.refusals import Refusal, refuse
from bot.web.visit import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

log = logger("web")

SIGN_IN = 600
"""Seconds that somebody may take at Discord's door."""


def build(desk: Desk, key: str) -> ASGIApp:
    """The console as an ASGI application. `key` signs the short-lived cookie of a sign-in."""
    secure = desk.cookies.secure
    host = urlsplit(desk.origin).hostname or "localhost"
    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(KnownHosts, hosts=frozenset({host, "127.0.0.1", "localhost"})),
            Middleware(
                SessionMiddleware, secret_key=key, session_cookie="__Host-spotter-signin" if secure else "spotter-signin", max_age=SIGN_IN,
                same_site="lax", https_only=secure,
            ),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _error},
        lifespan=_lifespan,
    )  # fmt: skip
    app.state.desk = desk
    return SafeHeaders(app, secure=secure)


def _routes() -> list[BaseRoute]:
    """Every address. Whatever changes something is a POST."""
    one = "/case/{case:str}"
    changes = ("claim", "extend", "release", "escalate", "skip", "resolve", "reopen", "note", "reveal")
    return [
        Route("/", _home),
        Route("/healthz", _health),
        Route("/login", login.login, methods=["GET", "POST"]),
        Route("/login/discord", login.login),
        Route("/login/callback", login.login),
        Route("/logout", page(login.logout), methods=["POST"]),
        Route("/stay", page(login.stay), methods=["POST"]),
        Route("/queue", page(queue_page.queue)),
        Route("/queue/bulk", page(queue_page.bulk), methods=["POST"]),
        Route("/queue/bulk/{job:str}/undo", page(queue_page.bulk_undo), methods=["POST"]),
        Route("/next", page(queue_page.next_case)),
        Route("/events", page(events.events, quiet=True)),
        Route(one, page(case_page.case)),
        *(Route(f"{one}/{change}", page(getattr(deciding, change)), methods=["POST"]) for change in changes),
        Route("/decisions", page(decisions_page.decisions)),
        Route("/decisions.csv", page(decisions_page.decisions_csv)),
        Route("/labels.jsonl", page(decisions_page.labels, admin=True), methods=["POST"]),
        Route("/stats", page(stats_page.stats)),
        Route("/audit", page(audit_page.audit)),
        Route("/audit/verify", page(audit_page.verify, admin=True), methods=["POST"]),
        Route("/settings", page(settings_page.settings)),
        Route("/settings/looks", page(settings_page.save_looks), methods=["POST"]),
        Route("/settings/theme", page(settings_page.save_theme), methods=["POST"]),
        Route("/settings/views", page(settings_page.save_view), methods=["POST"]),
        Route("/settings/server", page(settings_page.save_server, admin=True), methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def _home(_request: Request) -> Response:
    """The queue is home."""
    return RedirectResponse("/queue", status_code=303)


async def _health(request: Request) -> Response:
    """Whether the console and its store answer: for probes; tells nothing else."""
    desk: Desk = request.app.state.desk
    try:
        await desk.store.ping()
    except Exception as error:  # edge: the store, whichever way it fails
        log.error("store does not answer", exc_info=error)  # noqa: TRY400 - `trace` leaves the words of the error out
        return PlainTextResponse("the store does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


async def _http_error(request: Request, error: Exception) -> Response:
    """404 and 405 of the router, and forms that cannot be read; strangers are not told which addresses there are."""
    desk: Desk = request.app.state.desk
    if await desk.cookies.read(request, datetime.now(UTC)) is None:
        return await refuse(request, Refusal(401, "Please sign in."))
    status = error.status_code if isinstance(error, HTTPException) else 400
    words = {404: "There is nothing here.", 405: "This address is not used that way."}
    return await refuse(request, Refusal(status, words.get(status, "The request cannot be read.")))


async def _error(request: Request, error: Exception) -> Response:
    """A fault of ours: logged under an id, told under the same id, nothing else."""
    number = new_id()[-8:]
    log.error("request failed", incident=number, path=request.scope.get("path", "")[:60], exc_info=error)
    return await refuse(
        request,
        Refusal(
            500, f"Nothing was lost. If it happens again, tell whoever hosts Spotter this number: {number}"
        ),
    )


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Carry out bulk changes that still wait when the process ends."""
    yield
    await app.state.desk.jobs.close()
