"""What makes a claim fit to be shown: length, ending, speaker, and attributes that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.claims import GATES, HANDLING, TOPICS

if TYPE_CHECKING:
    from corpus.claims import Claim

SHORTEST, LONGEST = 40, 320
"""Characters of a claim: shorter ones say too little to be found, longer ones fill an answer on their own."""


def claim_problems(claim: Claim) -> list[str]:
    """Everything wrong with one claim, each with what would be right; empty if it is fit."""
    return [*_text_problems(claim.text, claim.speaker), *_attribute_problems(claim)]


def _text_problems(text: str, speaker: str) -> list[str]:
    problems = []
    if not SHORTEST <= len(text) <= LONGEST:
        problems.append(f"a claim has {SHORTEST} to {LONGEST} characters, this one {len(text)}")
    if not text.endswith((".", "?", "!", '."', '?"')):
        problems.append("a claim ends as a sentence does: with . ? or !")
    if not speaker.strip():
        problems.append("nobody says it: give a speaker here or in the front matter")
    return problems


def _attribute_problems(claim: Claim) -> list[str]:
    problems = []
    if claim.topic is None and claim.stance is not None:
        problems.append("a stance needs a topic")
    if claim.topic is not None and claim.topic not in TOPICS:
        problems.append(f'unknown topic "{claim.topic}"; legal are {", ".join(TOPICS)}')
    elif claim.topic is not None and claim.stance not in TOPICS[claim.topic]:
        problems.append(
            f'topic "{claim.topic}" needs one of the stances {", ".join(TOPICS[claim.topic])}, not "{claim.stance or ""}"'
        )
    if claim.gate is not None and claim.gate not in GATES:
        problems.append(f'unknown gate "{claim.gate}"; legal are {", ".join(GATES)}')
    if claim.handling is not None and claim.handling not in HANDLING:
        problems.append(f'unknown handling "{claim.handling}"; legal are {", ".join(HANDLING)}')
    return problems
