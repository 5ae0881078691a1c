"""Severity in words, icon and colour: never by colour alone (WCAG 1.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.types import Tier

if TYPE_CHECKING:
    from bot.review import Case


@dataclass(frozen=True, slots=True)
class Severity:
    """One step of the scale. `icon` is an id in `static/icons.svg`, `tone` a class in the style sheet."""

    level: int
    word: str
    tone: str

    @property
    def icon(self) -> str:
        """The icon's id."""
        return f"sev-{self.tone}"


SCALE = (
    Severity(0, "No tier", "none"),
    Severity(1, "Caution", "caution"),
    Severity(2, "Refer", "refer"),
    Severity(3, "Urgent", "urgent"),
    Severity(4, "Emergency", "emergency"),
    Severity(5, "Crisis", "crisis"),
)
"""By `bot.review.Case.severity`."""


def of(case: Case) -> Severity:
    """The severity of a case."""
    return SCALE[case.severity]


def of_tier(tier: Tier | None) -> Severity | None:
    """The severity of a tier."""
    return None if tier is None else SCALE[int(tier)]


BY_NAME = {"CRISIS": SCALE[5], **{tier.name: SCALE[int(tier)] for tier in Tier}}
"""By the name of a tier, as statistics count them."""
