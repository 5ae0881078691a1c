"""What Prometheus may see: counts, tiers and times. No ids of people, no guild names, no text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Mapping

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

QUESTIONS = Counter(
    "spotter_questions",
    "Questions answered, by where they came from and what became of them.",
    ["surface", "action"],
)
TIERS = Counter("spotter_tiers", "Questions by safety tier.", ["tier"])
STAGE_SECONDS = Histogram("spotter_stage_seconds", "Time of one stage of the path.", ["stage"], buckets=_FAST)
ANSWER_SECONDS = Histogram(
    "spotter_answer_seconds", "Time from question to guarded, recorded reply.", buckets=_FAST
)
FAULTS = Counter("spotter_faults", "Stages that failed and were answered by their fallback.", ["stage"])
DUPLICATES = Counter("spotter_duplicates", "Questions that arrived again and were not answered twice.")
UNRECORDED = Counter("spotter_unrecorded", "Exchanges that went out although the store failed.")
UNRECORDED_WAITING = Gauge("spotter_unrecorded_waiting", "Exchanges waiting in memory to be recorded.")
RATE_LIMITED = Counter(
    "spotter_rate_limited",
    "Requests that Discord refused as too fast, by whose limit it was.",
    ["scope"],
)
CASES = Counter("spotter_cases", "Exchanges that opened or joined a review case, by reason.", ["reason"])
CASES_WAITING = Gauge("spotter_cases_waiting", "Cases not resolved, by tier.", ["tier"])
SEVERITIES = ("NONE", "CAUTION", "REFER", "URGENT", "EMERGENCY", "CRISIS")
QUEUE_AGE_SECONDS = Gauge("spotter_queue_age_seconds", "Age of the oldest case nobody has claimed.")
OVERDUE = Gauge("spotter_cases_overdue", "Cases past their target time.")
DIGESTS = Counter(
    "spotter_digests",
    "Daily digests by what became of them: sent, quiet (nothing to tell), refused by Discord, failed and tried again.",
    ["outcome"],
)
PURGED = Counter("spotter_purged", "Rows deleted because their time was up.", ["kind"])


@lru_cache(maxsize=32)
def stage(name: str) -> Histogram:
    """The histogram of one stage, looked up once."""
    return STAGE_SECONDS.labels(name)


def queue(by_severity: Mapping[int, int], oldest_seconds: float, overdue: int) -> None:
    """Show the moderators' queue as `bot.store.queue.Queue.overview` counts it."""
    for severity, name in enumerate(SEVERITIES):
        CASES_WAITING.labels(name).set(by_severity.get(severity, 0))
    QUEUE_AGE_SECONDS.set(oldest_seconds)
    OVERDUE.set(overdue)
