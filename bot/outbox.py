"""Exchanges that the store could not take: kept in memory, without touching the disk, and tried again."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from bot import metrics
from bot.logs import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.types import Exchange, ExchangeStore, Opening
    from safety.types import State

LIMIT = 1000
"""Exchanges kept at most; beyond it the oldest unflagged one is given up, flagged ones last."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between tries; the last is repeated."""

log = logger("outbox")


class Outbox:
    """Tries again, in order, until the store takes everything."""

    def __init__(self, store: ExchangeStore, *, pauses: tuple[float, ...] = PAUSES) -> None:
        """Record into `store`."""
        self._store = store
        self._pauses = pauses
        self._waiting: deque[tuple[Exchange, State, Opening]] = deque()
        self._task: asyncio.Task[None] | None = None
        self.on_case: Callable[[str, str | None], None] | None = None
        """Told (case, guild) when a late record opened or joined a case."""

    def __len__(self) -> int:
        """How many exchanges wait."""
        return len(self._waiting)

    def add(self, exchange: Exchange, state: State, opening: Opening) -> None:
        """Keep an exchange for another try."""
        self._waiting.append((exchange, state, opening))
        if len(self._waiting) > LIMIT:
            self._give_one_up()
        metrics.UNRECORDED_WAITING.set(len(self._waiting))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())

    async def flush(self) -> int:
        """One last try for everything, for the end of the process; returns how many are lost."""
        if self._task is not None:
            self._task.cancel()
        for _ in range(len(self._waiting)):
            await self._try()
        if self._waiting:
            log.error("exchanges lost unrecorded", number=len(self._waiting))
        return len(self._waiting)

    async def _drain(self) -> None:
        """Try until nothing waits."""
        attempt = 0
        while self._waiting:
            await asyncio.sleep(self._pauses[min(attempt, len(self._pauses) - 1)])
            attempt = 0 if await self._try() else attempt + 1

    async def _try(self) -> bool:
        """Record the oldest; if the store fails again it goes to the end, so that one it never takes does not hold up the others."""
        exchange, state, opening = self._waiting[0]
        try:
            case = await self._store.record(exchange, state, opening)
        except Exception as error:  # edge: the store, a retry of what `Coach` has told about
            log.warning(
                "store still failing", exchange=exchange.id, waiting=len(self._waiting), exc_info=error
            )
            self._waiting.rotate(-1)
            return False
        self._waiting.popleft()
        metrics.UNRECORDED_WAITING.set(len(self._waiting))
        if case and self.on_case:
            self.on_case(case, exchange.question.guild)
        return True

    def _give_one_up(self) -> None:
        """Drop the oldest exchange that nobody has to review, or the oldest of all."""
        for position, (exchange, _, _) in enumerate(self._waiting):
            if not exchange.flagged:
                del self._waiting[position]
                break
        else:
            self._waiting.popleft()
        log.error("exchange given up unrecorded", limit=LIMIT)
