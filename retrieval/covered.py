"""How sure it is that the documents cover a question at all: the score behind "the documents don't say".

Hits are always found; whether they answer is another matter, and the scores that order hits do not tell (they are relative to the
corpus). What tells is how near the best sentence comes, and how well words match. Both constants were fitted on the training half of
`corpus/questions` with questions from outside; `retrieval.evaluate` measures them on the other half.
"""

from __future__ import annotations

import math

LEXICAL = 0.5
"""What a perfect match of words is worth, in cosines."""
HALF = 5.0
"""The BM25 score that counts half."""
MIDDLE = 0.82
"""Evidence at which it is even odds."""
STEEPNESS = 20.0
"""How fast odds change around the middle."""

THRESHOLD = 0.5
"""Below this, say that the documents do not cover it: refuses about 3 % of what they do cover."""


def covered(sentence: float, lexical: float) -> float:
    """From the best sentence's cosine (-1 to 1) and the best passage's BM25 (0 and up): 0, surely not, to 1, surely."""
    evidence = sentence + LEXICAL * lexical / (lexical + HALF)
    return 1 / (1 + math.exp(-STEEPNESS * (evidence - MIDDLE)))
