"""The shapes of our own corpus: documents of sections of claims, and the words legal in them."""

from __future__ import annotations

from dataclasses import dataclass

TRUST = ("high", "moderate", "low", "anecdote", "unrated")
"""How far to trust a document: official or peer-reviewed; our summary of such; one clinic's opinion; forum talk; not judged."""

GATES = ("CAUTION", "REFER", "URGENT", "EMERGENCY")
"""Tiers at and above which a claim can be hidden (names as in the safety layer's tier table)."""

HANDLING = ("attribute", "caveat")
"""`attribute`: only with its speaker named. `caveat`: that, and its caveat is in the text and never cut off."""

HONEST_LINE = "honest-line"
"""The stance of the claim that says how matters stand on a topic."""

TOPICS: dict[str, tuple[str, ...]] = {
    "spinal-flexion": ("avoid", "train", HONEST_LINE),
    "posture-cue": ("neutral", "ribs-down", "arched", "tuck", HONEST_LINE),
    "glutes": ("squeeze", "no-squeeze-at-top", "no-switching-off", HONEST_LINE),
    "back-as-mover": ("stabiliser", "mover", HONEST_LINE),
    "mobility-or-stability": ("mobility", "stability", "ask-why", HONEST_LINE),
    "rest-or-load": ("ease-off", "walk", "load", "stay-active", HONEST_LINE),
    "cause": (
        "hamstrings-pelvis",
        "hip-rotation",
        "tight-quads",
        "disc-nerve",
        "untrained-range",
        "whole-movement",
        "no-single-cause",
        HONEST_LINE,
    ),
    "professionals": ("assessed-in-person", "see-specialist", "others-missed-it", HONEST_LINE),
    "mri": ("scan", "scan-changes-little", "when-it-helps", HONEST_LINE),
}
"""Topics on which the documents disagree, each with its stances."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that somebody says, in our words: it stands alone, in one or two sentences of 40 to 300 characters."""

    text: str
    speaker: str
    """Who says it, in words fit for a sentence."""
    section: str
    """Headings above the claim, outermost first, joined by " > "."""
    line: int
    """Where it stands in its file, from 1."""
    topic: str | None = None
    stance: str | None = None
    gate: str | None = None
    """Tier at and above which the claim is hidden."""
    handling: str | None = None
    asked: tuple[str, ...] = ()
    """Ways to ask for it (see `corpus.asked`)."""
    sources: tuple[str, ...] = ()
    """Links to what the claim rests on; empty where the document itself is the source."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the claims right under it. `path` holds the headings above, joined by " > "."""

    title: str
    path: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One source, restated."""

    id: str
    title: str
    publisher: str
    kind: str
    """In words fit for a sentence: "forum thread", "clinic blog", "guidance" ..."""
    date: str
    licence_note: str
    trust: str
    source: str | None
    sections: tuple[Section, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, in the order of the file."""
        return tuple(claim for section in self.sections for claim in section.claims)
