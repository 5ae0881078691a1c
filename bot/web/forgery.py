"""Refuses requests that another site sent in a moderator's name: by where they come from, and by a token of the session."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.sessions import SignedIn


def from_here(request: Request, origin: str) -> bool:
    """Whether the browser says that our own page sent this.

    `Sec-Fetch-Site` is trusted where present, because under `Referrer-Policy: no-referrer` browsers send `Origin: null` even from our own
    forms. Without it the Origin must be `origin` exactly; a request that carries neither is refused.
    """
    site = request.headers.get("sec-fetch-site")
    stated = request.headers.get("origin")
    if site is not None:
        # the host was checked before: localhost and 127.0.0.1 are both this machine
        ours = (None, "null", origin, f"{request.url.scheme}://{request.headers.get('host', '')}")
        return site == "same-origin" and stated in ours
    return stated == origin


def token_fits(session: SignedIn, token: str) -> bool:
    """Whether a form carries the token of this sign-in."""
    return hmac.compare_digest(session.csrf.encode(), token.encode("utf-8", "replace"))


def safe_next(path: str) -> str:
    """A path of ours to go to after the sign-in; the queue for anything else."""
    parts = urlsplit(path)
    plain = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )
    return path if plain and all(character.isprintable() for character in path) else "/queue"
