"""A circuit breaker: after some failures in a row nobody waits for a provider that is down."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Circuit:
    """Closed: every call goes through. Open: none, for `pause` seconds. Then one is let through to try."""

    def __init__(
        self, *, failures: int = 5, pause: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open after `failures` in a row."""
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._failed = 0
        self._until = 0.0

    @property
    def closed(self) -> bool:
        """Whether calls go through freely."""
        return self._failed < self._limit

    def enter(self) -> bool:
        """Whether a call may be made now. When the pause is over one caller gets through, the others wait for what becomes of it."""
        if self.closed:
            return True
        now = self._clock()
        if now < self._until:
            return False
        self._until = now + self._pause
        return True

    def succeeded(self) -> None:
        """The provider answered, whatever it said."""
        self._failed = 0

    def failed(self) -> None:
        """The provider did not answer."""
        self._failed += 1
        if not self.closed:
            self._until = self._clock() + self._pause
