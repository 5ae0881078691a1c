"""How sure it is that the documents cover a question at all: the score behind "the documents don't say".

Hits are always found; whether they answer is another matter, and the scores that order hits do not tell (they are relative to the corpus).
What tells is how near the best passage and the best sentence or way to ask come, how well words match, how many of the question's words the
best passages have, and how long it is: a long one tells a story around what it asks and comes less near to anything. The constants are a logistic regression over the training half
of `corpus/questions` and 500 questions by people who saw the documents alone, half of them about something else; `retrieval.evaluate`
measures them on the other half.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.passages import Passage

DENSE = 5.6
"""Log odds for each unit of the best passage's cosine."""
SENTENCE = 10.5
"""The same for the best sentence's or way to ask."""
LEXICAL = 6.7
"""Log odds of a perfect match of words."""
HALF = 5.0
"""The BM25 score that counts half."""
WORDS = 4.15
"""Log odds of every word of the question that carries meaning standing in the best passages."""
LENGTH = 1.45
"""Log odds each time the question's number of words grows e-fold."""
BASE = -18.7
"""Log odds of nothing at all."""

THRESHOLD = 0.5
"""Below this, say that the documents do not cover it."""


LOOKED_AT = 4
"""Passages whose words count."""
GENERIC = frozenset(
    terms(
        "better best good great bad worse worst fix help start begin use work train exercise stop day week month year time long "
        "difference way kind sort lot bit new old right wrong ok safe people guy person someone make want find put look feel happen"
    )
)
"""Words that stand in passages on anything: to share them tells nothing."""


def covered(
    question: str, passages: Sequence[Passage], dense: float, sentence: float, lexical: float
) -> float:
    """From 0, surely not, to 1, surely.

    `passages` are the best found, best first, `dense` and `sentence` the best passage's and the best sentence's cosines (-1 to 1), `lexical` the
    best BM25 (0 and up).
    """
    match = lexical / (lexical + HALF)
    length = math.log(max(len(question.split()), 1))
    evidence = BASE + DENSE * dense + SENTENCE * sentence + LEXICAL * match + LENGTH * length
    return 1 / (1 + math.exp(-evidence - WORDS * shared(question, passages)))


def shared(question: str, passages: Sequence[Passage]) -> float:
    """Share of the content words of `question` that stand in the best of `passages` (titles and headings count)."""
    wanted = set(terms(question)) - GENERIC
    if not wanted:
        return 0.0
    held: set[str] = set()
    for passage in passages[:LOOKED_AT]:
        held |= _words(f"{passage.title} {passage.section} {passage.text}")
    return len(wanted & held) / len(wanted)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The stems of a passage's words, remembered: the same passages are found again and again."""
    return frozenset(terms(text))
