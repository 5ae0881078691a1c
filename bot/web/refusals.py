"""What is refused, as a page: with the status that says so and a way on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.web import looks

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.web.desk import Desk

TITLES = {
    400: "That cannot be read", 401: "Sign in", 403: "Not allowed", 404: "Not found", 405: "Not done this way", 409: "Somebody was faster",
    429: "Too often", 500: "Something went wrong here", 503: "Not just now",
}  # fmt: skip


class Refusal(Exception):
    """A request is not carried out; the message says why, in words for a moderator."""

    def __init__(self, status: int, words: str, *, ends: bool = False) -> None:
        """Answer with `status`; `ends`: the session ends with it."""
        super().__init__(words)
        self.status = status
        self.words = words
        self.ends = ends


async def refuse(request: Request, refusal: Refusal) -> Response:
    """The page of a refusal; for 401 the sign-in page itself."""
    desk: Desk = request.app.state.desk
    if refusal.status == 401:
        response = signing_in(request, refusal.words, status=401)
    else:
        response = desk.templates.TemplateResponse(
            request,
            "refusal.html",
            {
                "title": TITLES.get(refusal.status, "Not done"),
                "words": refusal.words,
                "looks": looks.read(request),
                "practice": desk.practice,
            },
            status_code=refusal.status,
        )
    if refusal.ends:
        await desk.cookies.end(request, response)
    return response


def signing_in(request: Request, words: str = "", *, status: int = 200) -> Response:
    """The page from which one signs in, coming back to where one was."""
    desk: Desk = request.app.state.desk
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = request.query_params.get("next", "") if request.url.path == "/login" else here
    values = {
        "words": words, "next": wanted if request.method == "GET" else "/queue", "looks": looks.read(request), "practice": desk.practice,
        "query": urlencode({"next": wanted}) if wanted and request.method == "GET" else "",
    }  # fmt: skip
    return desk.templates.TemplateResponse(request, "login.html", values, status_code=status)
