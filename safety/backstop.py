"""When the heads' scores may raise a tier or ask a question. Thresholds come from the calibration that `python -m safety.evaluate` prints."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from safety.compose import decide, features
from safety.findings import candidates
from safety.semantic import Scores, heard, score
from safety.sight import relevant, sight, telling, trimmed, unsoftened
from safety.types import Tier, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy import float32
    from numpy.typing import NDArray

    from safety.compose import Verdict
    from safety.findings import Candidate
    from safety.matcher import Reading

CAUTION, REFER, URGENT, EMERGENCY, NERVE, CRISIS = 0.60, 0.50, 0.42, 0.36, 0.25, 0.7
"""Chances from which a head counts, chosen on out-of-fold scores (safety/README.md has the curve)."""
PLACED = 0.55
"""The same for one tier up where the rules placed the message already: they know REFER from URGENT better than the heads do."""
VAGUE = frozenset({"R1", "R2 no part named", "C1", "C2"})
"""Rules that say too little to place a message (a doctor "said it's only sciatica")."""
ACHE = 0.60
"""The same where the rules saw a plain ache and nothing else: the commonest message of all, and a coaching question."""
SUSPECT = 0.22
"""Chance of EMERGENCY from which a message is at least referred, whatever the other heads say: a miss here can be permanent (K16)."""
SIGNLESS = 0.55
"""The same for REFER where the rules saw no sign at all: ordinary talk must stay ordinary."""
FEW = 30
"""Characters up to which a message without any sign says too little for a tier ("could it be my disc"): closed questions are asked instead."""
TOGETHER = 0.70
"""The same for several messages read as one, where none of them needs a clinician by itself. Of 850 labelled conversations the score alone, without
that condition, found 17 of the 44 that were missed and flagged 12 of 807 harmless ones."""
UNSURE = 0.40
"""Chance of REFER or above from which a closed question is asked instead."""
DOUBT, FIRM_DOUBT = 0.40, 0.10
"""Chance of REFER or above under which a soft rule alone does not stand, and the same where a `FIRM` one fired too. Of what soft rules alone flagged out
of fold, 19 in 20 were harmless under 0.1, five in six from there to 0.3, three in five from 0.3 to 0.4."""
CLEAR = 0.02
"""Chance of REFER or above, seen with the states, under which no rule below EMERGENCY stands, whatever it saw ("my toe caught the bar"). Of 7,600
development messages flagged by themselves none that needs a clinician came out under 0.08, and 20 harmless ones under this (16 of them EMERGENCY)."""
SOFT = frozenset(
    {
        "R1",
        "R2",
        "R3",
        "R5",
        "R7",
        "R2 no part named",
        "U2",
        "U7",
        "U8",
        "K2c",
        "K5",
        "K6",
        "K15",
        "T8",
        "T9",
        "E8",
        "X11 riding",
        "C1",
        "K3b",
        "E4 alone",
    }
)
"""Rules below EMERGENCY that rest on everyday words ("weak", "asleep", "shoots"): each needs the scorer not to rule it out. Where the rules and
the figures pull apart, the rules win for EMERGENCY and the figures win here."""
FIRM = frozenset({"R7", "U7", "U8", "E8", "K15", "K2c", "K3b", "E4 alone"})
"""Those of them that rest on circumstances (age, an operation, tablets that thin bones), which the scorer knows less of. What a rule sees outright
("can't lift my foot", a swollen blue arm) is none of them and stands unless the scorer sees next to nothing (`CLEAR`)."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What the backstop asks for. Tier NONE asks for nothing."""

    tier: Tier = Tier.NONE
    nerve: bool = False
    crisis: bool = False
    unsure: bool = False
    doubted: bool = False
    """Only soft rules fired, and the scorer sees a harmless message: the footer goes out instead of a referral."""
    topic: Topic = Topic.GENERAL
    scores: tuple[tuple[str, float], ...] = ()


def _scored(reading: Reading, known: NDArray[float32] | None) -> Scores | None:
    found = candidates(reading)
    kept = telling(reading, found)
    return score(relevant(reading, kept), sight(reading, found, kept), known)


def believes(whole: Reading) -> bool:
    """Whether the scorer, from words and findings alone, finds a text harmless too; True without weights."""
    scores = _scored(trimmed(whole), None)
    return scores is None or scores.refer < DOUBT


def together(whole: Reading, parts: Iterable[Reading]) -> Raised:
    """What messages say only together ("pee's a bit dark" - "like cola yeah"): the tier of `whole`, all of them read as one, from words and findings.

    Nothing where one of the earlier `parts` would need a clinician by itself: it was judged when it came, and may have been released since (X17).
    """
    scores = _scored(trimmed(whole), None)
    if scores is None or scores.refer < TOGETHER:
        return Raised()
    for part in map(trimmed, parts):
        here = features(part, candidates(part))
        alone = _scored(part, None)
        if decide(here, here).tier >= Tier.REFER or (alone is not None and alone.refer >= REFER):
            return Raised()
    tier = Tier.REFER
    if scores.urgent >= PLACED:
        tier = Tier.EMERGENCY if scores.emergency >= PLACED else Tier.URGENT
    nerve = scores.nerve >= NERVE
    return Raised(tier, nerve, topic=Topic.SPINE if nerve else Topic.GENERAL)


def _graver(one: Scores, other: Scores | None) -> Scores:
    """The higher of each chance."""
    if other is None:
        return one
    return Scores(*(max(getattr(one, f.name), getattr(other, f.name)) for f in fields(Scores)))


def raised(
    reading: Reading,
    found: list[Candidate],
    verdict: Verdict,
    states: NDArray[float32] | None,
    whole: Reading,
) -> Raised:
    """Tier the heads call for, given what the rules saw in `reading`, which is `whole` without what says nothing at its end.

    `states`: of the message's word pieces, float32 (t, d), or None.
    """
    known = heard(states)
    kept = telling(reading, found)
    read, seen = relevant(reading, kept), sight(reading, found, kept, verdict)
    scores = score(read, seen, known)
    if scores is None or not reading.tokens.words:
        return Raised()
    # A wish to die may stand in any clause, beside a symptom or after it, in words that no rule knows.
    everything = " ".join(whole.tokens.words)
    complete = score(everything, seen, known) if everything != read else None
    if complete is not None:
        scores = replace(scores, crisis=max(scores.crisis, complete.crisis))
    before = unsoftened(reading)
    if before is not None:
        scores = _graver(scores, _scored(before, known))
    tier = Tier.NONE
    signs = any(c.label not in ("backpain", "legpain") for c in found)
    ache = bool(found) and not signs
    if scores.refer >= (REFER if signs else ACHE if ache else SIGNLESS) or scores.emergency >= SUSPECT:
        tier = Tier.REFER
        # What was added to play it down places nothing either ("..., doc said it's only sciatica").
        placed = before is None and not VAGUE.issuperset(verdict.rules)
        if scores.urgent >= (PLACED if placed and verdict.tier is Tier.REFER else URGENT):
            sure = placed and verdict.tier in (Tier.REFER, Tier.URGENT)
            tier = Tier.EMERGENCY if scores.emergency >= (PLACED if sure else EMERGENCY) else Tier.URGENT
    elif scores.caution >= CAUTION:
        tier = Tier.CAUTION
    blurted = not found and reading.length <= FEW
    if blurted and tier >= Tier.REFER:
        tier = Tier.CAUTION
    listed = (
        ("caution", scores.caution),
        ("refer", scores.refer),
        ("urgent", scores.urgent),
        ("emergency", scores.emergency),
        ("nerve", scores.nerve),
        ("crisis", scores.crisis),
    )
    below = Tier.REFER <= verdict.tier < Tier.EMERGENCY
    clear = below and known is not None and scores.refer < CLEAR
    # Who orders the bot to forget what he wrote has taken it seriously (X12).
    ordered = any("ordered" in tags for tags in whole.tokens.tags)
    limit = DOUBT if FIRM.isdisjoint(verdict.rules) else FIRM_DOUBT
    soft = below and SOFT.issuperset(verdict.rules) and scores.refer < limit
    doubted = (clear or soft) and not ordered
    return Raised(
        tier,
        scores.nerve >= NERVE,
        scores.crisis >= CRISIS,
        (signs and UNSURE <= scores.refer < REFER) or (blurted and scores.refer >= REFER),
        doubted,
        Topic.SPINE if scores.nerve >= NERVE else Topic.GENERAL,
        listed,
    )
