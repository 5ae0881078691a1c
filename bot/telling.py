"""What the path tells the log and the metrics: ids, tiers and timings, never a word of what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import metrics
from bot.logs import logger
from bot.traces import TRACES
from safety.types import Tier

if TYPE_CHECKING:
    from bot.stages import Stages
    from bot.types import Exchange, Question

log = logger("coach")


def count(exchange: Exchange, case: str | None, stages: Stages) -> None:
    """Tell the metrics and the log: ids, tiers and timings."""
    metrics.QUESTIONS.labels(exchange.question.surface, exchange.guarded.action.value).inc()
    metrics.TIERS.labels(
        "CRISIS" if exchange.assessment.crisis else Tier(exchange.assessment.tier).name
    ).inc()
    if case is not None and exchange.flagged:
        metrics.CASES.labels(exchange.flagged).inc()
    metrics.ANSWER_SECONDS.observe(stages.ms / 1000)
    TRACES.tell(exchange, stages.spans, stages.ms)
    log.info(
        "answered", exchange=exchange.id, guild=exchange.question.guild, surface=exchange.question.surface,
        tier=exchange.assessment.tier.name, action=exchange.guarded.action.value, flagged=exchange.flagged, ms=round(stages.ms, 1),
    )  # fmt: skip


def fault(stage: str, question: Question | None, error: BaseException) -> None:
    """Count and log a stage that failed."""
    metrics.FAULTS.labels(stage).inc()
    log.error("stage failed", stage=stage, asked=question.id if question else None, exc_info=error)
