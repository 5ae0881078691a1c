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

    A message that adds nothing to a tier that stands already is not flagged again: the open case gets it as context. A closed question that is still unanswered on the next message counts as unanswered.
    """
    if assessment.failed or "failure" in guarded.reasons:
        return "failure"
    if assessment.crisis:
        return "crisis"
    if assessment.tier >= Tier.REFER and (assessment.asserted or opening.case is None):
        return "tier"
    if assessment.clarify and opening.state is not None and opening.state.asked:
        return "clarify"
    if guarded.action == "replace" and assessment.coaching:
        return "replaced"
    return None
