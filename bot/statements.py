"""Choose what to say: single statements from the passages found, the most telling first, nothing twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.passages import Passage
    from retrieval.search import Hit

NEAR = 0.30
"""Cosine below which a sentence of a foreign passage says too little about the question."""
FLOOR = 0.42
"""Share of the best score below which a passage is left out: it would pad the answer."""
SAME = 0.3
"""The same for what stands beside the best passage, under its heading: the steps of one drill belong together."""
FIRST, LATER = 5, 0.55
"""After so many statements, the share that the others need."""
LEAST = 0.8
"""Score (standard deviations above the corpus' mean) below which a passage is left out."""
MOST = 12
"""Statements at most: more than fit into an answer."""
ALIKE = 0.6
"""Share of common words from which two statements say the same."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something an answer may say, with the passage that says it."""

    text: str
    passage: Passage
    score: float
    near: float
    """Cosine with the question."""


def choose(hits: Sequence[Hit]) -> list[Statement]:
    """Statements worth making, best first; of two that say the same the better one."""
    if not hits:
        return []
    best, head = hits[0].score, _head(hits[0])
    chosen: list[Statement] = []
    for hit in hits:
        if hit.score < max(LEAST, SAME * best):
            break
        far = hit.score < (FLOOR if len(chosen) < FIRST else LATER) * best
        if far and (not head[1] or _head(hit) != head):
            continue
        chosen += [made for made in _of(hit) if not any(_alike(made.text, other.text) for other in chosen)]
        if len(chosen) == MOST:
            break
    return chosen


def _head(hit: Hit) -> tuple[str, str]:
    """The document and the main heading under which a hit stands."""
    return hit.passage.document, hit.passage.section.partition(" > ")[0]


def topical(hits: Sequence[Hit]) -> list[Statement]:
    """Statements on subjects on which documents take sides, best first, the less near ones too."""
    return [made for hit in hits if hit.passage.topic for made in _of(hit)]


def _of(hit: Hit) -> list[Statement]:
    """What one hit says: a claim of ours whole, because it was written to stand alone; of a foreign passage its nearest sentences."""
    passage = hit.passage
    if passage.speaker:
        return [Statement(whole(passage.text), passage, hit.score, hit.dense)]
    ranked = sorted(zip(hit.sentences, range(len(passage.sentences)), strict=False), reverse=True)
    best = ranked[0][0] if ranked else 0.0
    places = sorted(place for near, place in ranked[:2] if near >= max(NEAR, best - 0.12)) or [0]
    text = " ".join(passage.sentences[place] for place in places)
    return [Statement(whole(text), passage, hit.score, best)] if text.strip() else []


@lru_cache(maxsize=4096)
def whole(text: str) -> str:
    """A statement that ends like one."""
    flat = re.sub(
        r"\s*\[\d+\]|\s+", " ", text
    ).strip()  # a document's own "[1]" would read as a citation of ours
    return flat if flat.endswith((".", "!", "?")) else f"{flat}."


def _alike(one: str, other: str) -> bool:
    """Whether so much of `one` stands in `other` that it adds nothing."""
    a, b = _bag(one), _bag(other)
    return bool(a and b) and len(a & b) / len(a) >= ALIKE


@lru_cache(maxsize=4096)
def _bag(text: str) -> frozenset[str]:
    """The stems of a statement."""
    return frozenset(terms(text))
