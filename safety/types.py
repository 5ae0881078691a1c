"""The shapes of the safety layer: tiers, findings, assessments.

Everything here is plain data. `safety` is pure: it imports nothing of the rest of the project and no Discord, SQL, web or model library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Literal

STICKY = timedelta(hours=72)
"""How long the highest tier of a conversation stands (rule X17: a judgement, see safety/README.md)."""


class Tier(IntEnum):
    """How fast somebody must be seen (the tier table in safety/README.md). CRISIS is an axis of its own: `Assessment.crisis`."""

    NONE = 0
    CAUTION = 1
    REFER = 2
    URGENT = 3
    EMERGENCY = 4


class Assertion(StrEnum):
    """What the writer says of a finding, in the manner of ConText (Harkema 2009), with the axes that chat needs."""

    PRESENT = "present"
    """Affirmed, asked about oneself, or habitual ("if I squat my foot goes numb"). Only these count towards the tier."""
    OTHER = "other"
    """Somebody else has it now: counts, and the reply is worded for them (rule X8)."""
    ABSENT = "absent"
    PAST = "past"
    HYPOTHETICAL = "hypothetical"
    KNOWLEDGE = "knowledge"
    BENIGN = "benign"
    """Present, with a harmless transient cause that meets all the conditions of rule X11."""
    HISTORY_OF_OTHER = "history-of-other"
    FIGURATIVE = "figurative"

    @property
    def counts(self) -> bool:
        """Whether a finding so asserted counts towards the tier."""
        return self in (Assertion.PRESENT, Assertion.OTHER)


class Topic(StrEnum):
    """What kind of referral fits: it chooses the words, never the tier."""

    SPINE = "spine"
    ARM = "arm"
    MUSCLE = "muscle"
    HEART = "heart"
    HEAD = "head"
    VESSEL = "vessel"
    INFECTION = "infection"
    TRAUMA = "trauma"
    PELVIC = "pelvic"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation. `at` is when it was written (UTC); bots' turns are context, never findings."""

    text: str
    speaker: Literal["person", "bot"] = "person"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing somebody wrote that bears on the tier.

    `start` and `end` are character offsets into the text of turn number `turn` as it was written (before normalisation).
    """

    concept: str
    """Concept id as in the lexicon: "E1" ... "E12", "U1" ... "U8", "R1" ... "R8", "C1", "C2", "M1" ... "M15", "CRISIS"."""
    name: str
    """The concept in words, e.g. "saddle numbness"."""
    start: int
    end: int
    words: str
    assertion: Assertion = Assertion.PRESENT
    tier: Tier = Tier.NONE
    """What this finding is worth alone, when it counts."""
    rule: str = ""
    """What decided its assertion or tier, e.g. "X2 pseudo-negation: can't feel"."""
    source: tuple[str, ...] = ()
    """Source ids of safety/SOURCES.md, e.g. ("S1", "S6")."""
    turn: int = 0
    nerve: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a person's conversation between messages: the sticky tier (rule X17) and what fed it. No text."""

    tier: Tier = Tier.NONE
    crisis: bool = False
    topic: Topic = Topic.GENERAL
    nerve: bool = False
    features: frozenset[str] = frozenset()
    """Names of features present so far (e.g. "leg:left", "numb", "back-pain"), so that symptoms split over turns add up."""
    asked: tuple[str, ...] = ()
    """Ids of the closed questions asked last (CLARIFY), so that the next message can be read as their answer."""
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def standing(self, now: datetime) -> bool:
        """Whether this state is still in force at `now`."""
        return now - self.since < STICKY


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the safety layer makes of a conversation so far. Immutable; `tier` already includes the sticky tier."""

    tier: Tier = Tier.NONE
    nerve: bool = False
    crisis: bool = False
    clarify: tuple[str, ...] = ()
    """Ids of closed questions to ask (at most three) when the message is unclear; see safety/referral."""
    education: bool = False
    """Answer, plus the one-line safety footer (EDU)."""
    findings: tuple[Finding, ...] = ()
    rules: tuple[str, ...] = ()
    """Combination, time and context rules that fired, in order, e.g. ("K2", "T12")."""
    topic: Topic = Topic.GENERAL
    other: bool = False
    """The one with symptoms is somebody else: word the reply for them (X8)."""
    minor: bool = False
    """Writer or sufferer is under 18: add a parent or coach (X19)."""
    refuses: bool = False
    """Says they will not go (X14)."""
    language: str = "en"
    fresh: Tier = Tier.NONE
    """Tier of what was written now, without stickiness."""
    sticky: bool = False
    """The tier stands because of earlier messages."""
    scores: tuple[tuple[str, float], ...] = ()
    """Scores of the semantic backstop, for the record."""
    failed: bool = False
    """The layer itself failed; everything is treated as unknown and a referral goes out."""

    @property
    def asserted(self) -> tuple[Finding, ...]:
        """The findings that count."""
        return tuple(f for f in self.findings if f.assertion.counts)

    @property
    def coaching(self) -> bool:
        """Whether a coaching answer may be drafted at all (retrieval and answerer run)."""
        return not self.crisis and not self.failed and self.tier < Tier.URGENT and not self.clarify
