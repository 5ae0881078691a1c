"""Output lint, being written."""

from __future__ import annotations

from dataclasses import dataclass

from safety.types import Tier


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a text breaks."""

    rule: str
    start: int
    end: int
    words: str
    sentence: str


def lint(text: str, tier: Tier) -> tuple[Fault, ...]:  # noqa: ARG001
    """Faults of `text`."""
    return ()


def covers(text: str) -> bool:
    """Whether `text` itself sends the reader to a clinician."""
    return "doctor" in text or "physio" in text
