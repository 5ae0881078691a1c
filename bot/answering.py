"""Answers without a chat model: statements picked from the passages found, ordered, attributed and cited."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot import sides
from bot.condense import condense
from bot.coverage import covers
from bot.statements import choose, topical
from bot.types import Draft
from bot.wording import LONGEST, Words, attributed
from corpus.names import mentioned
from safety.referral import block, footer
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sides import Sides
    from bot.statements import Statement
    from bot.types import Question
    from corpus.passages import Passage
    from retrieval.search import Results
    from safety.types import Assessment

OFFER = (
    "I can't find that in my documents, and I don't answer from anywhere else. They cover back pain around deadlifts and squats, hip mobility and "
    "rotation, glute drills, flexion work such as the Jefferson curl, easing back into lifting, sciatica, scans, and when to get checked."
)
"""What is said where the documents do not cover a question: so, and what they do cover."""

TRUSTED = ("high", "moderate")
"""How far a document must be trusted to be quoted freely beside a referral."""
SQUARELY = 0.8
"""Share of the best score from which any passage may be quoted beside a referral."""
SHORT = 600
"""Characters of an answer beside a referral, which must not be buried."""
NAMED_IN = 400
"""Characters of an answer in which exercises are looked for: what it is about comes first."""
NUMBER = " [10]\n"
"""What stands behind a statement."""
BESIDE = 0.75
"""Share of the best score that a statement needs to be said after both sides."""
LITTLE = 800
"""Characters below which each side has one statement."""
PER_SIDE = 2
"""Statements of each side before anything else is said."""


class ExtractiveAnswerer:
    """The default answerer: nothing in its answers but what a passage says."""

    async def draft(self, question: Question, results: Results, assessment: Assessment) -> Draft:
        """An answer of at most 1,200 characters from the hits; declined where they do not cover the question."""
        asked = condense(question.text, question.turns)
        results = _fit(results, assessment)
        leaning = asked != question.text
        statements = choose(results.hits) if covers(asked, results, leaning=leaning) else []
        if not statements:
            return Draft(OFFER, answered=False)
        disagreement = sides.find(asked, statements[: sides.LEADING] + topical(results.hits))
        room = _room(assessment)
        words = _both_sides(disagreement, room) if disagreement else None
        if words is None:
            disagreement, words = None, Words(room)
        else:
            statements = [one for one in statements if one.score >= BESIDE * statements[0].score]
        _say_all(words, statements, room)
        names = tuple(exercise.id for exercise in mentioned(f"{asked}\n{words.text[:NAMED_IN]}"))
        return Draft(
            words.text, tuple(words.citations), disagreement=disagreement is not None, exercises=names
        )


def _fit(results: Results, assessment: Assessment) -> Results:
    """The hits fit for somebody who is being referred.

    That is what health services and research say, and of the rest what meets the question squarely; the search has gated what is unfit.
    """
    if assessment.tier < Tier.REFER or not results.hits:
        return results
    least = SQUARELY * results.hits[0].score
    return replace(
        results, hits=tuple(hit for hit in results.hits if hit.score >= least or hit.passage.trust in TRUSTED)
    )


def _both_sides(found: Sides, room: int) -> Words | None:
    """That the sources disagree, how matters stand, and what each side says; None where there is no room for two sides."""
    words, said, little = Words(room), 0, room < LITTLE
    words.line("The sources disagree on this.")
    if found.honest is not None and not little:
        words.say(found.honest, fresh=True)
    for lead, side in zip(("On one side:", "On the other:", "And a third view:"), found.sides, strict=False):
        if len(words.text) + len(lead) + _length(side[0].passage, side[0].text) > room:
            continue
        said += words.line(lead)
        for statement in side[: 1 if little else PER_SIDE]:
            words.say(statement)
    return words if said > 1 else None


def _room(assessment: Assessment) -> int:
    """Characters that an answer may have, so that it keeps within `LONGEST` with what the guard sets around it."""
    around = [footer(assessment)]
    if assessment.tier == Tier.REFER:
        around.append(block(assessment))
    room = LONGEST - sum(len(part) + 2 for part in around if part)
    return room if assessment.tier < Tier.REFER else min(SHORT, room)


def _say_all(words: Words, statements: Sequence[Statement], longest: int) -> None:
    """Say of what has not been said the best that there is room for, what comes from one document together."""
    said = {citation.passage for citation in words.citations}
    left = [statement for statement in statements if statement.passage.id not in said]
    lead = "Besides:" if said else ""
    room, fit = longest - len(words.text) - len(lead) - 1, []
    for statement in left:
        needed = _length(statement.passage, statement.text)
        if needed <= room:
            room -= needed
            fit.append(statement)
    if fit and lead:
        words.line(lead)
    for document in dict.fromkeys(statement.passage.document for statement in fit):
        for statement in (one for one in fit if one.passage.document == document):
            words.say(statement)


@lru_cache(maxsize=4096)
def _length(passage: Passage, text: str) -> int:
    """Characters that a statement takes at most, with its source and its number."""
    return len(attributed(passage, text)) + len(NUMBER)
