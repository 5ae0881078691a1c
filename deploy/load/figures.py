"""What is measured while the load runs: answer times, rates, memory."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy.load.crowd import Asked
    from deploy.load.machines import Spotter


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of `values` do not exceed; 0.0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Times:
    """How fast a stretch of questions was answered."""

    questions: int
    a_second: float
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, asked: Sequence[Asked]) -> Times:
        """Of questions that are answered; seconds from asking to seeing the answer."""
        done = [one for one in asked if one.done is not None]
        waits = [one.done - one.began for one in done if one.done is not None]
        ends = [one.done for one in done if one.done is not None]
        lasted = max(ends) - min(one.began for one in done) if done else 0.0
        rate = len(done) / lasted if lasted else 0.0
        return cls(len(done), rate, *(percentile(waits, share) for share in (0.5, 0.95, 0.99)))


@dataclass(slots=True)
class Memory:
    """Resident memory of processes, looked at every half second."""

    processes: Sequence[Spotter]
    samples: list[tuple[float, dict[str, float]]] = field(default_factory=list)

    async def watch(self) -> None:
        """Look, until cancelled."""
        while True:
            self.samples.append((time.monotonic(), {one.name: one.memory() for one in self.processes}))
            await asyncio.sleep(0.5)

    def growth(self, since: float, until: float) -> dict[str, tuple[float, float]]:
        """Process -> (MB in the first tenth of a stretch, MB in its last tenth), on average."""
        tenth = (until - since) / 10
        first = [seen for at, seen in self.samples if since <= at <= since + tenth]
        last = [seen for at, seen in self.samples if until - tenth <= at <= until]
        if not first or not last:
            return {}
        return {
            one.name: (fmean(s[one.name] for s in first), fmean(s[one.name] for s in last))
            for one in self.processes
        }
