"""What may be sent to a model at all: never anything urgent, and symptoms only where the host allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.faults import Kind, ModelFault
from bot.chat.health import tells_of_health
from safety.assess import assess
from safety.types import Assertion, Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.settings import ChatSettings
    from safety.types import Assessment


def check(texts: Sequence[str], assessment: Assessment, settings: ChatSettings) -> None:
    """Raise `ModelFault` unless all of `texts` may be sent.

    `URGENT`: one of them, or all together, would be referred as urgent, is a crisis or needs a question back (an earlier message may be,
    long after its hold has passed). `PRIVATE`: they tell of symptoms and neither is the model the host's own nor has the host allowed it.
    """
    if not assessment.coaching or assessment.tier >= Tier.URGENT:
        raise ModelFault(Kind.URGENT)
    read = [assess([Turn(text)])[0] for text in dict.fromkeys((*texts, "\n".join(texts)))]
    if any(not one.coaching or one.tier >= Tier.URGENT for one in read):
        raise ModelFault(Kind.URGENT)
    if settings.sends_symptoms:
        return
    if any(tells_symptoms(one) for one in (assessment, *read)) or any(map(tells_of_health, texts)):
        raise ModelFault(Kind.PRIVATE)


def tells_symptoms(assessment: Assessment) -> bool:
    """Whether somebody told of symptoms in what was assessed, or earlier in the conversation; to ask about them in general is not telling."""
    told = any(finding.assertion is not Assertion.KNOWLEDGE for finding in assessment.findings)
    return told or assessment.tier > Tier.NONE or assessment.nerve or assessment.sticky
