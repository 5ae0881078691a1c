"""How long something takes, for tests that must find what got much slower and not a busy neighbour."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def best(work: Callable[[], object], times: int = 5) -> float:
    """The quickest of a few runs, in seconds of a machine as quick as the one the limits were set on."""
    return min(_once(work) for _ in range(times)) / slowness()


async def best_of(work: Callable[[], Awaitable[object]], times: int = 5) -> float:
    """The same for what is awaited."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return min(took) / slowness()


def slowness() -> float:
    """How many times slower this machine is at this moment than the one the limits were set on, one at least."""
    return max(1.0, _once(lambda: sum(number * number for number in range(1_000_000))) / 0.05)


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
