"""Find the sides of a disagreement among what was found, so that an answer shows both and averages nothing away."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.statements import Statement

HONEST = "honest-line"
"""The stance of the sentence that says how matters stand (see `corpus.claims`)."""

CLOSED = re.compile(
    r"^(?:and |so |but |ok |okay |hey |hi )*(?:should|shall|is|isn'?t|are|aren'?t|do|don'?t|does|doesn'?t|did|can|could|will|would|was|has|have)\b"
    r"|\b(?:or not|good or bad|safe|worth|better|best|really|enough|agree|disagree|wrong|overrated|pointless|myth|ok(?:ay)? to|avoid|versus|vs|what'?s your (?:take|view|opinion)|some (?:people )?say|contradict\w*|conflicting|disagree\w*|who'?s (?:right|wrong)|which (?:one )?is (?:right|true|correct|better)|who (?:am i|do i|should i|to) (?:listen|believe|trust|follow)\w*|(?:people|sources|opinions|coaches|trainers) (?:say|disagree|differ)|what do the (?:texts|documents|sources|articles) say|yes (?:or )?,?no|what (?:actually |really )?causes|(?:real|main|actual|true) (?:reason|cause)s?)\b"
    r"|\b\w+ or \w+.*\?*$",
    re.IGNORECASE,
)
"""Questions that ask for a judgement: where the sources differ, the answer is that they do."""

ONE_SOURCE = re.compile(
    r"\b(?:he|him|his|she|her|this clinic|(?:the|that|one) (?:original )?(?:poster|guy|bloke|dude|lad|lifter|clinic|blog|author|op|thread|forum|researcher|surgeon))\b",
    re.IGNORECASE,
)
"""Questions for what one source says or what happened to one person: those have one answer."""

NAMED = {
    topic: re.compile(rf"\b(?:{words})\b")
    for topic, words in {
        "spinal-flexion": r"round\w*|flex(?:ed|ion|ing)|jeffersons?|neutral|bend(?:ing)? (?:the |my |your |a )?(?:low(?:er)? )?(?:back|spine|forward)|curl(?:ing)? (?:my|the|your) (?:back|spine)",
        "posture-cue": r"tuck\w*|tail(?: ?bone)?|extended back|back (?:\w+ ){0,4}extended|pelvi\w+|neutral|arch\w*|ribs?|posture|back (?:flat|straight)|flat back",
        "glutes": r"glutes?|bums?|butts?|buttocks?|arse|ass",
        "back-as-mover": r"back (?:exercise|lift|movement|muscles?|day)|movers?|erectors?|main muscles?|stabili[sz]ers?|(?:works?|trains?|hits?) (?:my|the|your) (?:lower |low )?back",
        "mobility-or-stability": r"mobility|mobile|mobili[sz]\w*|stretch\w*|foam|roll(?:ing|er)|flexib\w+|stable|stabili\w+|bridg\w+|loosen\w*",
        "rest-or-load": r"rest\w*|time off|off|stop\w*|quit|skip|pause|lay ?off|walk\w*|keep (?:on )?(?:train|lift|deadlift|squat|pull)\w*|train (?:through|around)|push on",
        "cause": r"caus\w+|why|reasons?|behind|blam\w+|culprits?|fault|source",
        "professionals": r"physios?|physiotherapists?|pts?|therapists?|chiros?|chiropractors?|osteos?|osteopaths?|doctors?|docs?|gps?|surgeons?|ortho\w*|specialists?|who (?:should|do|can)",
        "mri": r"mris?|scans?|scanned|x-?rays?|imaging",
    }.items()
}
"""Words, in lower case, by which a question names a subject on which the documents take sides."""

LEADING = 8
"""Best statements that show what a question is about."""
SUBJECT = 0.28
"""Share of their weight that a topic must have."""
CLOSE = 0.75
"""How near a statement on a topic that a question for a judgement names must be, as a share of the best statement's cosine."""
JUDGED, PLAIN = 0.55, 0.92
"""How near the second side must be to the question, as a share of the first side's cosine: for questions that ask for a judgement, and for
others."""
STANDING = 0.85
"""A line on how matters stand that is so near shows that the question is about the disagreement itself."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Two or more stances on one topic."""

    topic: str
    sides: tuple[tuple[Statement, ...], ...]
    """The statements of each stance, best first; the sides too."""
    honest: Statement | None
    """How matters stand, where a document says so."""


def find(asked: str, statements: Sequence[Statement]) -> Sides | None:
    """The disagreement that a question touches, if the statements found for it show one.

    `statements` are best first, with as many of the less near ones as there are: the second side may use other words.
    """
    judged = CLOSED.search(asked.strip()) is not None
    topic = _subject(asked, statements, judged=judged)
    if topic is None or ONE_SOURCE.search(asked):
        return None
    stances: dict[str, list[Statement]] = defaultdict(list)
    for statement in {one.passage.id: one for one in statements}.values():
        if statement.passage.topic == topic and statement.passage.stance:
            stances[statement.passage.stance].append(statement)
    honest = next(iter(stances.pop(HONEST, ())), None)
    sides = sorted((tuple(side) for side in stances.values()), key=_nearness, reverse=True)
    if len(sides) < 2:
        return None
    first = _nearness(sides[0])
    standing = honest is not None and honest.near >= STANDING * first
    needed = JUDGED if standing or judged else PLAIN
    near = tuple(side for side in sides if _nearness(side) >= needed * first)
    return Sides(topic, near, honest) if len(near) > 1 else None


def _subject(asked: str, statements: Sequence[Statement], *, judged: bool) -> str | None:
    """The topic that most of the best statements are about, where the question is about it.

    That it is if it asks for a judgement and names the subject and a statement on it is near, or if the best statement of all and
    enough of the others are about it; every document says something about causes, so a question must ask for them.
    """
    leading = statements[:LEADING]
    if not leading:
        return None
    weights: dict[str, float] = defaultdict(float)
    for statement in leading:
        weights[statement.passage.topic or ""] += max(0.0, statement.score)
    enough = SUBJECT * sum(weights.values())
    nearest = {
        topic: _nearness([one for one in statements if one.passage.topic == topic])
        for topic in _disputed(statements)
    }
    said = asked.lower()
    named = {topic for topic in nearest if NAMED[topic].search(said)}
    best = leading[0].passage.topic
    fit = [
        topic
        for topic in nearest
        if (judged and topic in named and nearest[topic] >= CLOSE * leading[0].near)
        or (topic == best and (topic in named or topic != "cause") and weights[topic] >= enough)
    ]
    return max(
        fit, key=lambda topic: (weights[topic] * (2 if topic in named else 1), nearest[topic]), default=None
    )


def _disputed(statements: Sequence[Statement]) -> set[str]:
    """The topics on which the statements take two or more sides."""
    taken = {(one.passage.topic, one.passage.stance) for one in statements if one.passage.stance != HONEST}
    topics = [topic for topic, _ in taken if topic]
    return {topic for topic in topics if topics.count(topic) > 1}


def _nearness(side: Sequence[Statement]) -> float:
    """How near a side comes to the question."""
    return max(statement.near for statement in side)
