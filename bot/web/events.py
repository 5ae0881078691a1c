"""What is new, as server-sent events: the number of cases opened since the page was made. No text, no ids."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from bot.web.refusals import Refusal
from bot.web.severity import SCALE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

    from bot.web.visit import Visit

EVERY = 1.0
"""Seconds between looks into the store."""
LASTS = timedelta(minutes=4)
"""How long one connection stays: the browser comes back by itself, and the session is checked again."""
BEAT = 15
"""Looks between signs of life that keep proxies from hanging up."""


async def events(visit: Visit) -> Response:
    """A stream of `event: cases` with {"number", "gravest"}."""
    if not visit.desk.limits["events"].take(visit.moderator):
        raise Refusal(429, "Too many connections.")
    since = _moment(visit.request.headers.get("last-event-id") or visit.query("since"), visit.now)
    return StreamingResponse(
        _stream(visit, since), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _stream(visit: Visit, since: datetime) -> AsyncIterator[str]:
    """Events until the connection has had its time, or the session ends."""
    yield "retry: 2000\n\n"
    told, ends = 0, min(visit.now + LASTS, visit.now + visit.session.left(visit.now))
    looks = 0
    while datetime.now(UTC) < ends:
        fresh = await visit.desk.reads.opened_since(visit.guild, since)
        if len(fresh) != told:
            told = len(fresh)
            gravest = SCALE[max((case.severity for case in fresh), default=0)].word
            data = json.dumps({"number": told, "gravest": gravest})
            yield f"id: {since.isoformat()}\nevent: cases\ndata: {data}\n\n"
        looks += 1
        if looks % BEAT == 0:
            yield ": here\n\n"
        await asyncio.sleep(EVERY)


def _moment(text: str, now: datetime) -> datetime:
    """The time in an address, not in the future and not older than a day; `now` for anything else."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return now
    return moment if moment.tzinfo and now - timedelta(days=1) < moment <= now else now
