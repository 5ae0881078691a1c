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

CLOSE, OPEN = 0.42, 0.80
"""Share of the best score that the second side must reach: for questions that ask for a judgement, and for others."""
SUBJECT = 0.5
"""Share of the best score that the first side must reach: below it the question is about something else."""
STANDING = 0.55
"""A line on how matters stand that scores so much of the best shows that the question is about the disagreement itself."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Two or more stances on one topic."""

    topic: str
    sides: tuple[tuple[Statement, ...], ...]
    """The statements of each stance, best first; the sides too."""
    honest: Statement | None
    """How matters stand, where a document says so."""


def find(asked: str, statements: Sequence[Statement]) -> Sides | None:
    """The disagreement that a question touches, if the statements found for it show one; the nearest topic where there are several."""
    if not statements:
        return None
    best = statements[0].score
    judged = CLOSED.search(asked.strip()) is not None
    found = [(weight, sides) for sides, weight in map(_weighed, _topics(statements).items()) if _shows(sides, best, judged=judged)]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _topics(statements: Sequence[Statement]) -> dict[str, dict[str, list[Statement]]]:
    """Statements by topic and stance, best first."""
    topics: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for statement in statements:
        if statement.passage.topic and statement.passage.stance:
            topics[statement.passage.topic][statement.passage.stance].append(statement)
    return topics


def _weighed(entry: tuple[str, dict[str, list[Statement]]]) -> tuple[Sides, float]:
    """A topic's sides, and how much of what was found is about it: the best of each side and of the honest line."""
    topic, stances = entry
    honest = next(iter(stances.get(HONEST, ())), None)
    sides = sorted((tuple(side) for stance, side in stances.items() if stance != HONEST), key=lambda side: -side[0].score)
    weight = sum(side[0].score for side in sides[:2]) + (honest.score if honest else 0.0)
    return Sides(topic, tuple(sides), honest), weight


def _shows(found: Sides, best: float, *, judged: bool) -> bool:
    """Whether both sides are near enough to the question to be its answer."""
    if len(found.sides) < 2:
        return False
    first, second = found.sides[0][0].score, found.sides[1][0].score
    standing = found.honest is not None and found.honest.score >= STANDING * best
    return first >= SUBJECT * best and second >= (CLOSE if judged or standing else OPEN) * best
