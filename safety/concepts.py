"""Which concept of the clinical table a finding belongs to. The concepts themselves stand in safety/lexicon/*.toml, one a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from safety import lexicon
from safety.facts import LOSS
from safety.findings import ARMS, LEGS, Candidate
from safety.types import Tier


@dataclass(frozen=True, slots=True)
class Concept:
    """A row of the clinical table. `tier` is what one such finding is worth alone, `source` ids of safety/SOURCES.md."""

    id: str
    name: str
    tier: Tier
    nerve: bool
    source: tuple[str, ...]


@lru_cache(maxsize=1)
def table() -> dict[str, Concept]:
    """All concepts by id. Raises LexiconFaults where a file of the lexicon is broken."""
    return {c.id: Concept(c.id, c.name, Tier[c.tier], c.nerve, c.source) for c in lexicon.concepts().values()}


BY_LABEL = {
    "E1:saddle": "E1", "E2:unfelt": "E2", "E2:retention": "E2", "E2:change": "E2", "E2:effort": "R6", "E3:bowel": "E3", "E4:sexual": "E4", "E5:both": "E5",
    "E6:lost": "E6", "cantwalk": "E6", "E7:cord": "E7", "lhermitte": "E7", "E8:trauma": "E8", "E8:neck": "E8", "E10:heart": "E10", "E11:head": "E11",
    "E11:blast": "E11", "E12:urine": "E12", "E12:board": "E12", "rhabdo": "E12", "footdrop": "U1", "cantheel": "U1", "canttoe": "U2", "cantlimb": "U2",
    "givesway": "U2", "U3:march": "U3", "unsteady": "U4", "fumble": "U4", "limbheavy": "U4", "fevertrue": "U5", "nightsweats": "U5", "cancer": "U5",
    "weightloss": "U5", "nightpain": "U5", "U6:limb": "U6", "stinger": "U7", "severe": "U8", "sciatica": "R1", "headache": "R8", "backpain": "C1",
    "legpain": "C1", "CRISIS:self-harm": "CRISIS",
}  # fmt: skip
"""Findings that come as phrases: the tag they carry and the concept in whose file it stands."""


def concept_of(candidate: Candidate) -> Concept:
    """The concept a candidate belongs to."""
    return table()[BY_LABEL.get(candidate.label) or _of_feeling(candidate)]


def _of_feeling(candidate: Candidate) -> str:
    kind, group, fact = candidate.label, candidate.group, candidate.fact
    both = candidate.both
    if kind == "weak":
        return "E6" if both and group in LEGS else "U2"
    if kind in ("weird", "burn") and group != "outerthigh":
        return "X18" if kind == "weird" else "R2"
    if group == "saddle" and kind in LOSS:
        return "E1"
    if group == "buttock" and kind in LOSS:
        return "R2" if fact and fact.side else "E1"
    if group in LEGS:
        if both:
            return "E5"
        return "R1" if kind == "shoot" else "R5" if group == "outerthigh" else "R2"
    if group in ARMS:
        return "E7" if both else "R3"
    if group == "face":
        return "E11"
    return "R1" if kind == "shoot" else "R2"
