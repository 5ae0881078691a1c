"""How sure it is that the documents cover a question at all: the score behind "the documents don't say".

Hits are always found; whether they answer is another matter, and the scores that order hits do not tell (they are relative to the corpus).
What tells is how near the best passage and the best sentence or way to ask come, how well words match, and how long the question is: a
long one tells a story around what it asks and comes less near to anything. The constants are a logistic regression over the training half
of `corpus/questions` and 500 questions by people who saw the documents alone, half of them about something else; `retrieval.evaluate`
measures them on the other half.
"""

from __future__ import annotations

import math

DENSE = 5.6
"""Log odds for each unit of the best passage's cosine."""
SENTENCE = 10.5
"""The same for the best sentence's or way to ask."""
LEXICAL = 6.7
"""Log odds of a perfect match of words."""
HALF = 5.0
"""The BM25 score that counts half."""
LENGTH = 1.45
"""Log odds each time the question's number of words grows e-fold."""
BASE = -16.1
"""Log odds of nothing at all."""

THRESHOLD = 0.5
"""Below this, say that the documents do not cover it."""


def covered(dense: float, sentence: float, lexical: float, words: int) -> float:
    """From 0, surely not, to 1, surely.

    `dense` and `sentence` are the best passage's and the best sentence's cosines (-1 to 1), `lexical` the best BM25 (0 and up) and `words` the
    number of words of the question.
    """
    match = lexical / (lexical + HALF)
    length = math.log(max(words, 1))
    evidence = BASE + DENSE * dense + SENTENCE * sentence + LEXICAL * match + LENGTH * length
    return 1 / (1 + math.exp(-evidence))
