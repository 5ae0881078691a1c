"""What people ask: the committed questions, and messages with red flags that the safety layer's rules alone refer."""

from __future__ import annotations

import tomllib
from pathlib import Path

from safety.assess import assess
from safety.messages import load
from safety.types import Tier, Turn

QUESTIONS = Path(__file__).parents[2] / "corpus" / "questions"
PLAIN = (
    "how do I hinge?",
    "how should I hold the bar on a row?",
    "what muscles are the prime movers in a deadlift?",
)
"""Asked by people who told of red flags in another server: it must be answered here."""


class Texts:
    """Texts to ask, by number."""

    def __init__(self) -> None:
        """Read them."""
        files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(QUESTIONS.glob("*.toml"))]
        asked = [
            one["text"]
            for file in files
            if file["kind"] in ("answerable", "disagreement", "unanswerable")
            for one in file["question"]
        ]
        flagged = [
            one.turns[0]
            for one in load("development")
            if one.letter == "E" and one.language == "en" and len(one.turns) == 1
        ]
        self._ordinary = [text for text in asked if not _referred(text)]
        self._serious = [text for text in flagged if _referred(text) and len(text) <= 600]

    def ordinary(self, number: int) -> str:
        """A lifter's question."""
        return self._ordinary[number % len(self._ordinary)]

    def serious(self, number: int) -> str:
        """An emergency."""
        return self._serious[number % len(self._serious)]

    def plain(self, number: int) -> str:
        """A question without any doubt about it."""
        return PLAIN[number % len(PLAIN)]


def _referred(text: str) -> bool:
    """Whether the rules refer a text at once."""
    assessment, _ = assess((Turn(text),))
    return assessment.tier >= Tier.EMERGENCY and bool(assessment.asserted)
