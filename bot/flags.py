"""Whether an exchange needs a moderator's eyes, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safety.types import Tier

if TYPE_CHECKING:
    from bot.types import Opening
    from safety.guard import Guarded
    from safety.types import Assessment


def reason_to_flag(assessment: Assessment, guarded: Guarded, opening: Opening) -> str | None:
    """Why a case is opened or joined: "failure", "crisis", "tier", "clarify", "replaced"; None when nobody has to look.

    A tier that stands only because of earlier messages does not flag every later message: the case that is open already gets them as
    context. A closed question that is still unanswered on the next message counts as unanswered.
    """
    if assessment.failed or "failure" in guarded.reasons:
        return "failure"
    if assessment.crisis:
        return "crisis"
    if assessment.tier >= Tier.REFER and (
        assessment.fresh >= Tier.REFER or not assessment.sticky or opening.case is None
    ):
        return "tier"
    if assessment.clarify and opening.state is not None and opening.state.asked:
        return "clarify"
    if guarded.action == "replace" and assessment.coaching:
        return "replaced"
    return None
