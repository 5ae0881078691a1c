"""Counts how often Discord says "too fast". discord.py waits and repeats by itself, so nothing else would show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from bot import metrics

if TYPE_CHECKING:
    from types import SimpleNamespace

SCOPES = ("user", "global", "shared")
"""Whose limit it was: a route's of this bot, the bot's as a whole, or that of everybody at a resource."""


def counting() -> aiohttp.TraceConfig:
    """Watches the requests of a client session."""
    watching = aiohttp.TraceConfig()
    watching.on_request_end.append(_ended)
    return watching


async def _ended(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
) -> None:
    """Count a refusal."""
    answer = ended.response
    if answer.status != 429:
        return
    scope = (
        "global" if answer.headers.get("X-RateLimit-Global") else answer.headers.get("X-RateLimit-Scope", "")
    )
    metrics.RATE_LIMITED.labels(scope if scope in SCOPES else "other").inc()
