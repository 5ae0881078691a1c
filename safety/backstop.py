"""When the heads' scores may raise a tier or ask a question. Thresholds come from the calibration that `python -m safety.evaluate` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.semantic import score
from safety.sight import relevant, sight
from safety.types import Tier, Topic

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from safety.compose import Verdict
    from safety.findings import Candidate
    from safety.matcher import Reading

CAUTION, REFER, URGENT, EMERGENCY, NERVE, CRISIS = 0.60, 0.62, 0.60, 0.60, 0.5, 0.5
UNSURE = 0.45
"""Chance of REFER or above from which a closed question is asked instead."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What the backstop asks for. Tier NONE asks for nothing."""

    tier: Tier = Tier.NONE
    nerve: bool = False
    crisis: bool = False
    unsure: bool = False
    topic: Topic = Topic.GENERAL
    scores: tuple[tuple[str, float], ...] = ()


def raised(reading: Reading, found: list[Candidate], verdict: Verdict, vector: NDArray[float32] | None) -> Raised:
    """Tier the heads call for, given what the rules saw."""
    scores = score(relevant(reading), sight(reading, found, verdict), vector)
    if scores is None or not reading.tokens.words:
        return Raised()
    tier = Tier.NONE
    if scores.refer >= REFER:
        tier = Tier.REFER
        if scores.urgent >= URGENT:
            tier = Tier.EMERGENCY if scores.emergency >= EMERGENCY else Tier.URGENT
    elif scores.caution >= CAUTION:
        tier = Tier.CAUTION
    listed = (("caution", scores.caution), ("refer", scores.refer), ("urgent", scores.urgent), ("emergency", scores.emergency), ("nerve", scores.nerve), ("crisis", scores.crisis))
    return Raised(tier, scores.nerve >= NERVE, scores.crisis >= CRISIS, UNSURE <= scores.refer < REFER, Topic.SPINE if scores.nerve >= NERVE else Topic.GENERAL, listed)
