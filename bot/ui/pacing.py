"""Discord takes fifty requests a second from a bot, answers to interactions not counted. Whoever sends more waits for everybody, so this waits first."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

P = ParamSpec("P")
T = TypeVar("T")

RATE = 45
"""Requests in any second: a few less than Discord allows, for those that arrive closer together than they were sent."""


class Pace:
    """At most `rate` requests in any second."""

    def __init__(self, rate: int = RATE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._sent: deque[float] = deque()

    async def turn(self) -> None:
        """Wait until another request may go out."""
        while self._used() >= self._rate:  # noqa: ASYNC110 - there is nothing to wait for but the time
            await asyncio.sleep(max(0.001, self._sent[0] + 1 - self._clock()))
        self._sent.append(self._clock())

    def easy(self) -> bool:
        """Whether there is room for what could as well be left out: less than a third of a second's requests went out."""
        return self._used() * 3 < self._rate

    def kept_by(self, request: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """`request`, each call in its turn."""

        @wraps(request)
        async def paced(*args: P.args, **given: P.kwargs) -> T:
            await self.turn()
            return await request(*args, **given)

        return paced

    def _used(self) -> int:
        """How many went out in the last second."""
        now = self._clock()
        while self._sent and now - self._sent[0] >= 1:
            self._sent.popleft()
        return len(self._sent)


def pace(http: Any) -> Pace:
    """Have discord.py's requests with the bot's token go out at a pace; answers to interactions do not pass here."""
    made = Pace()
    http.request = made.kept_by(http.request)
    return made
