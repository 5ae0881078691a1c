"""What a message says of the body: candidate findings by concept, each with its assertion.

Feelings and weakness are classified by body part and side; the other concepts come as phrases of the lexicon, named "E2:retention" and the like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.assertion import Judgement, judge, negated
from safety.facts import LOSS, Fact, facts, well_behind
from safety.scope import Scope, covered, marks_in, of_another, over_in, scope_of
from safety.types import Assertion

if TYPE_CHECKING:
    from safety.matcher import Mark, Reading

LEGS = frozenset({"leg", "foot", "outerthigh"})
ARMS = frozenset({"arm", "hand"})
_STRONG_PHRASES = (
    "E2:unfelt",
    "E2:retention",
    "E2:change",
    "E3:bowel",
    "E4:sexual",
    "E10:heart",
    "E11:head",
    "E12:urine",
    "E12:board",
    "U6:limb",
    "E8:trauma",
    "E5:both",
    "E6:lost",
    "E1:saddle",
    "E2:effort",
    "E8:neck",
    "U3:march",
    "unsteady",
    "E7:cord",
    "E11:blast",
    "footdrop",
    "cantheel",
    "canttoe",
    "cantlimb",
    "givesway",
    "cantwalk",
    "fumble",
    "lhermitte",
    "stinger",
    "CRISIS:self-harm",
    "headache",
    "fevertrue",
    "nightsweats",
    "backpain",
    "legpain",
    "cancer",
    "sciatica",
    "rhabdo",
    "severe",
    "weightloss",
    "nightpain",
    "limbheavy",
)


@dataclass(slots=True)
class Candidate:
    """Something in the text that may be a finding. `label` is finer than a concept: "numb", "E2:retention", "footdrop" ..."""

    label: str
    start: int
    end: int
    judgement: Judgement
    fact: Fact | None = None

    @property
    def counts(self) -> bool:
        """Whether it is asserted."""
        return self.judgement.assertion.counts

    @property
    def group(self) -> str:
        """Body part, where there is one."""
        return self.fact.group if self.fact else ""

    @property
    def both(self) -> bool:
        """Both of a pair."""
        return bool(self.fact and self.fact.both)


def candidates(reading: Reading) -> list[Candidate]:
    """Every candidate of a message with its assertion, harmless causes judged too."""
    found: list[Candidate] = []
    for fact in facts(reading):
        grave = fact.group == "saddle" or (fact.group == "neck" and fact.kind == "numb")
        judgement = judge(reading, fact.start, fact.end, fact.at, grave=grave)
        found.append(Candidate(fact.kind, fact.start, fact.end, judgement, fact))
    for tag in _STRONG_PHRASES:
        for mark in reading.marks.get(tag, ()):
            if tag == "givesway" and _of_back(reading, mark):
                continue  # a back that "went out" or "gave way" hurts; no leg gave way
            if tag == "E2:change" and well_behind(reading, mark.end):
                continue  # "bladder control fine"
            grave = tag.startswith(("E1:", "E4", "E7", "E2", "E3", "E6", "E8", "E10", "E11", "E12"))
            judgement = (
                _crisis(reading, mark)
                if tag.startswith("CRISIS")
                else judge(reading, mark.start, mark.end, mark.start, grave=grave)
            )
            if (
                tag == "sciatica"
                and judgement.assertion.counts
                and reading.has("longago", "resolved", "cleared")
                and not reading.has("returned", "persist")
            ):
                judgement = Judgement(Assertion.PAST, "T6 sciatica told as history")
            found.append(Candidate(tag, mark.start, mark.end, judgement))
    for candidate in found:
        if candidate.label == "E5:both" and candidate.counts:
            candidate.judgement = _denied_within(candidate, found) or candidate.judgement
        if candidate.counts:
            reason = harmless(reading, candidate, found)
            if reason:
                candidate.judgement = Judgement(Assertion.BENIGN, reason)
    return found


def _within(candidate: Candidate, found: list[Candidate]) -> list[Candidate]:
    """The feelings among `found` that share words with `candidate`."""
    return [c for c in found if c.fact and c.start < candidate.end and candidate.start < c.end]


def _denied_within(candidate: Candidate, found: list[Candidate]) -> Judgement | None:
    """The denial of all that a pair of limbs is said to feel ("sore in both legs, no tingling"), or None."""
    inner = _within(candidate, found)
    denied = bool(inner) and all(c.judgement.assertion is Assertion.ABSENT for c in inner)
    return inner[0].judgement if denied else None


def _of_back(reading: Reading, mark: Mark) -> bool:
    """Whether it is the back that gave way, and no leg near it."""
    if mark.start not in covered(reading, "backpain", low=0, high=mark.end):
        return False
    near = range(max(0, mark.start - 3), min(len(reading.tokens.words), mark.end + 5))
    return not any("leg" in reading.tokens.tags[j] or "foot" in reading.tokens.tags[j] for j in near)


_CRISIS_NEAR = 12
"""Words around a mention of self-harm within which it may be denied or said to be about something else."""
_WILL = frozenset({"want", "wanna", "going", "gonna", "kill", "end", "die", "wish", "dont", "myself"})
"""Words of somebody's own wish: only what comes before them, or is part of them, makes it about something else."""


def _crisis(reading: Reading, mark: Mark) -> Judgement:
    """Self-harm is taken at its word unless it is denied outright there or plainly about something else."""
    scope = scope_of(reading, mark.start, mark.end)
    low, high = max(mark.start - _CRISIS_NEAR, scope.low), min(mark.end + _CRISIS_NEAR, scope.high)
    if any(w in _WILL for w in reading.tokens.words[mark.start : mark.end]):
        high = mark.end  # "i want to die, that song is on repeat": what comes after does not unsay it
    if any(m.end > low and m.start < high for m in reading.marks.get("crisisnot", ())):
        return Judgement(Assertion.ABSENT, "1.8 denied or about something else")
    return Judgement(Assertion.PRESENT, "1.8")


_SENSORY = LOSS | {"burn", "shoot", "weird"}
_NEVER_HARMLESS = ("E2:unfelt", "E2:retention", "E2:change", "E3:bowel", "E4:sexual")


def harmless(reading: Reading, candidate: Candidate, found: list[Candidate]) -> str:
    """Why a finding is a harmless transient (rules X11, T7, M1 to M9), or "". Never for saddle, bladder, bowel, weakness or both sides at rest.

    Conditions: a cause of posture, pressure, cold, effort or supplement; it came with it; it goes with it; nothing left over.
    """
    scope = scope_of(reading, candidate.start, candidate.end)
    low, high = scope.previous_low, scope.next_high
    fact = candidate.fact
    if fact is not None and fact.kind in _SENSORY:
        return _harmless_feeling(reading, fact, scope, found)
    fatigue = marks_in(reading, "gymfatigue", low, high)
    hurt = any(c.label == "backpain" and c.counts for c in found) or reading.has("falls")
    if (
        fatigue
        and not hurt
        and (
            candidate.label in ("cantwalk", "givesway", "cantlimb", "limbheavy", "canttoe")
            or (fact is not None and fact.kind == "weak")
        )
    ):
        lasting = [
            m
            for m in marks_in(reading, "persist", low, high)
            if "sincefor" not in reading.tokens.tags[m.start]
        ]
        if not (fact and fact.side) and not lasting and not _nerves(found):
            return f"M2 effort: {reading.text(fatigue[0].start, fatigue[0].end)}"
    gone = over_in(reading, "resolved", scope.low, high)
    if (
        candidate.label in ("E6:lost", "E5:both")
        and fatigue
        and gone
        and not hurt
        and not _nerves(found)
        and not marks_in(reading, "still", low, high)
    ):
        return f"M2 effort, over: {reading.text(gone[0].start, gone[0].end)}"
    inner = _within(candidate, found) if candidate.label == "E5:both" else []
    if inner and all(c.judgement.assertion is Assertion.BENIGN for c in inner):
        return inner[0].judgement.rule
    if candidate.label in ("U6:limb", "E11:head"):
        reason = _squeezed_or_numbed(reading, candidate, low, high)
        if reason:
            return reason
    if candidate.label == "stinger" and gone and not marks_in(reading, "recurrent", low, high):
        return "M8 gone"
    return ""


def _squeezed_or_numbed(reading: Reading, candidate: Candidate, low: int, high: int) -> str:
    """Why a purple hand or a frozen face is harmless: kit that came off, and then it was over (M4), or the dentist (X11). "" where anything lasts."""
    tags = reading.tokens.tags[low:high]
    if any("still" in t for t in tags) or any(
        marks_in(reading, tag, low, high) for tag in ("persist", "worse", "sudden", "returned")
    ):
        return ""
    words = reading.tokens.words
    if candidate.label == "U6:limb" and _SWOLLEN.isdisjoint(words[low:high]):
        kit = marks_in(reading, "tightkit", low, high)
        over = [
            m
            for tag in ("briefly", "resolved", "goneend")
            for m in marks_in(reading, tag, candidate.end, high)
        ]
        return f"M4 tight kit, over: {reading.text(kit[0].start, kit[0].end)}" if kit and over else ""
    if not _FROZEN.isdisjoint(words[candidate.start : candidate.end]):
        for mark in marks_in(reading, "causehard", low, high):
            around = words[max(0, mark.start - 4) : mark.end + 3]
            dental = not _DENTAL.isdisjoint(words[mark.start : mark.end])
            if dental and _NOT_YET.isdisjoint(around) and not _likened(reading, mark):
                return f"X11 harmless cause: {reading.text(mark.start, mark.end)}"
    return ""


def _nerves(found: list[Candidate]) -> bool:
    return any(
        c.fact
        and c.label in LOSS
        and c.label != "dead"
        and c.group in LEGS | {"saddle", "buttock"}
        and c.counts
        for c in found
    )


_DENTAL = frozenset({"dentist", "dental", "filling", "novocaine", "anaesthetic", "anesthetic"})


_SWOLLEN = frozenset({"swollen", "swelling", "swelled", "hot", "fat", "bigger", "size"})
"""What tight straps leave behind for no longer than they are on."""
_FROZEN = frozenset({"numb", "frozen", "numbed", "asleep"})
"""What an injection does to a face; it does not make it droop."""
_NOT_YET = frozenset({"not", "isnt", "appointment", "tomorrow", "next", "before", "booked", "book", "no"})


def _likened(reading: Reading, mark: Mark) -> bool:
    """Whether a dentist is what the feeling is like, not what it came from ("bum feels like after the dentist")."""
    words = reading.tokens.words
    return (
        not _DENTAL.isdisjoint(words[mark.start : mark.end])
        and "like" in words[max(0, mark.start - 4) : mark.end + 1]
    )


def _harmless_feeling(reading: Reading, fact: Fact, scope: Scope, found: list[Candidate]) -> str:
    low, high = scope.previous_low, scope.next_high
    words = reading.tokens.words
    supplement = [m for m in marks_in(reading, "supplement", low, high) if not negated(reading, m.start)]
    lasting = [m for m in marks_in(reading, "persist", scope.low, high) if not _fleeting(reading, m)]
    if (
        supplement
        and fact.kind in ("tingle", "burn", "numb", "weird")
        and fact.group != "saddle"
        and not fact.side
        and not lasting
    ):
        return f"M7 supplement: {reading.text(supplement[0].start, supplement[0].end)}"
    hard = [m for m in marks_in(reading, "causehard", low, high) if not _likened(reading, m)]
    cause = hard or [m for m in marks_in(reading, "cause", low, high) if not _likened(reading, m)]
    fatigue = marks_in(reading, "gymfatigue", low, high)
    gone = [
        m
        for m in over_in(reading, "resolved", scope.low, high)
        if not of_another(reading, m, fact.start, fact.end)
    ] or [m for m in over_in(reading, "goneend", scope.low, high) if not _of_toilet(reading, m)]
    if (
        fact.kind in ("dead", "burn", "weird")
        and fatigue
        and fact.group != "saddle"
        and not fact.side
        and not lasting
    ):
        return f"M2 effort: {reading.text(fatigue[0].start, fatigue[0].end)}"
    if fact.kind == "altered" and fatigue and fact.group in LEGS | ARMS and not lasting:
        return "M2 effort"
    if not cause:
        return ""
    if any(
        c.counts
        and c.label
        in (
            "footdrop",
            "cantlimb",
            "canttoe",
            "cantheel",
            "E2:unfelt",
            "E2:retention",
            "E2:change",
            "E3:bowel",
        )
        for c in found
    ):
        return ""
    if fact.group == "saddle":
        riding = marks_in(reading, "ride", low, high)
        if riding and gone and not lasting and not marks_in(reading, "backpain", 0, len(words)):
            return "X11 saddle pressure, gone after the ride"
        return ""
    if (
        any(c.label in ("backpain", "legpain") and c.counts for c in found)
        or marks_in(reading, "recurrent", low, high)
    ) and not (gone and hard):
        return ""
    if lasting:
        return ""
    asleep = any("asleepword" in t for t in reading.tokens.tags[fact.at : fact.until])
    if gone or hard or asleep:
        mark = (hard or cause)[0]
        return f"X11 harmless cause: {reading.text(mark.start, mark.end)}"
    return ""


_TOILET = frozenset({"pee", "poo", "wiping", "bladder"})
"""Tags of what may be normal while a limb is not."""


def _of_toilet(reading: Reading, mark: Mark) -> bool:
    """Whether it is the toilet that is back to normal ("feet tingle, wiping is normal"), which says nothing of the feeling."""
    tokens = reading.tokens
    for j in range(mark.start, max(mark.start - 5, -1), -1):
        if not _TOILET.isdisjoint(tokens.tags[j]):
            return True
        if tokens.breaks[j] > 0:
            return False
    return False


def _fleeting(reading: Reading, mark: Mark) -> bool:
    """Whether a word of lasting means a short while after all ("for a minute")."""
    tags = reading.tokens.tags
    return "fleeting" in tags[mark.start] or any("minute" in t for t in tags[mark.start : mark.end])
