"""How often somebody may do something: a sliding window in memory, one for each kind of thing."""

from __future__ import annotations

import time
from collections import deque

KEPT = 10_000
"""Keys remembered at most; beyond it the oldest are forgotten."""


class Limit:
    """At most `number` times in `seconds`."""

    def __init__(self, number: int, seconds: float) -> None:
        """Start empty."""
        self._number = number
        self._seconds = seconds
        self._times: dict[str, deque[float]] = {}

    def take(self, key: str) -> bool:
        """Count one for `key`; False when that is too many."""
        now = time.monotonic()
        times = self._times.pop(key, None) or deque()
        while times and now - times[0] >= self._seconds:
            times.popleft()
        allowed = len(times) < self._number
        if allowed:
            times.append(now)
        self._times[key] = times
        if len(self._times) > KEPT:
            del self._times[next(iter(self._times))]
        return allowed
