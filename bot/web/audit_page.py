"""The audit trail: `/audit`. Moderators see what they did themselves; those who manage the server see everybody and may check the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.store.console import Trail

if TYPE_CHECKING:
    from starlette.responses import Response

    from bot.web.visit import Visit

PAGE = 100
ACTIONS = (
    "opened", "joined", "viewed", "revealed", "claimed", "extended", "released", "lapsed", "escalated", "skipped", "noted", "resolved",
    "reopened", "expired", "configured",
)  # fmt: skip


async def audit(visit: Visit, verdict: object = None) -> Response:
    """The trail, newest first."""
    before = visit.query("before")
    action = visit.query("action")
    chosen = Trail(
        actor=visit.query("actor")[:64] if visit.admin else visit.moderator,
        action=action if action in ACTIONS else "",
        case=visit.query("case")[:64],
        before=int(before) if before.isdecimal() and len(before) < 12 else None,
    )
    links = await visit.desk.reads.trail(visit.guild, chosen, limit=PAGE + 1)
    query = {name: visit.query(name) for name in ("actor", "action", "case", "guild") if visit.query(name)}
    older = "/audit?" + urlencode({**query, "before": links[PAGE - 1].number}) if len(links) > PAGE else ""
    return await visit.page(
        "audit.html", links=links[:PAGE], chosen=chosen, actions=ACTIONS, older=older, verdict=verdict
    )


async def verify(visit: Visit) -> Response:
    """Check the server's chain and show the result."""
    return await audit(visit, await visit.desk.reads.verify(visit.guild))
