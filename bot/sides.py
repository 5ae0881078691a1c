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
    r"|\b(?:or not|good or bad|safe|worth|better|best|really|enough|agree|disagree|wrong|overrated|pointless|myth|ok(?:ay)? to|avoid|versus|vs)\b"
    r"|\b\w+ or \w+.*\?*$",
    re.IGNORECASE,
)
"""Questions that ask for a judgement: where the sources differ, the answer is that they do."""

LEADING = 8
"""Best statements that show what a question is about."""
SUBJECT = 0.28
"""Share of their weight that a topic must have."""
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
    topic = _subject(statements[:LEADING])
    if topic is None:
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
    needed = JUDGED if standing or CLOSED.search(asked.strip()) else PLAIN
    near = tuple(side for side in sides if _nearness(side) >= needed * first)
    return Sides(topic, near, honest) if len(near) > 1 else None


def _subject(leading: Sequence[Statement]) -> str | None:
    """The topic that most of the best statements are about, where one has weight enough."""
    weights: dict[str, float] = defaultdict(float)
    total = sum(max(0.0, statement.score) for statement in leading)
    for statement in leading:
        if statement.passage.topic:
            weights[statement.passage.topic] += max(0.0, statement.score)
    topic = max(weights, key=lambda name: weights[name], default=None)
    return topic if topic is not None and weights[topic] >= SUBJECT * total else None


def _nearness(side: Sequence[Statement]) -> float:
    """How near a side comes to the question."""
    return max(statement.near for statement in side)
