"""Discord takes fifty requests a second from a bot, answers to interactions not counted. Whoever sends more waits for everybody, so this waits first.

It watches the connection, not discord.py's queues: what waits there for a channel's own limit holds nobody else up.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    import aiohttp

RATE = 45
"""Requests in any second: a few less than Discord allows."""
FREE = ("/interactions/", "/webhooks/")
"""In the paths of what does not count."""


class Pace:
    """At most `rate` requests in any second at the other end: one counts from when it leaves until a second after its answer."""

    def __init__(self, rate: int = RATE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._under_way = 0
        self._answered: deque[float] = deque()

    async def begin(self) -> None:
        """Wait until another request may go out."""
        while self._used() >= self._rate:
            pause = self._answered[0] + 1 - self._clock() if self._answered else 0
            await asyncio.sleep(max(0.01, pause))
        self._under_way += 1

    def end(self) -> None:
        """A request was answered, or failed."""
        self._under_way -= 1
        self._answered.append(self._clock())

    def easy(self) -> bool:
        """Whether there is room for what could as well be left out: less than a third of a second's requests went out."""
        return self._used() * 3 < self._rate

    def watching(self, requests: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """Have the requests of a client session go out at this pace."""

        async def started(
            _session: aiohttp.ClientSession, context: SimpleNamespace, what: aiohttp.TraceRequestStartParams
        ) -> None:
            context.counts = not any(part in what.url.path for part in FREE)
            if context.counts:
                await self.begin()

        async def ended(_session: aiohttp.ClientSession, context: SimpleNamespace, _what: object) -> None:
            if context.counts:
                self.end()

        requests.on_request_start.append(started)
        requests.on_request_end.append(ended)
        requests.on_request_exception.append(ended)
        return requests

    def _used(self) -> int:
        """How many may have arrived in the last second."""
        now = self._clock()
        while self._answered and now - self._answered[0] >= 1:
            self._answered.popleft()
        return self._under_way + len(self._answered)
