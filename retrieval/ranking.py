"""Figures of a ranking against judgments: nDCG, recall and reciprocal rank at ten, as trec_eval counts them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Judgments: TypeAlias = "Mapping[str, Mapping[str, int]]"
"""By question and document: 1 and up for a relevant document, the better the higher."""
Run: TypeAlias = "Mapping[str, Sequence[tuple[str, float]]]"
"""By question: documents with their scores, best first."""

DEPTH = 10


def ndcg(found: Sequence[str], judged: Mapping[str, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first `depth`; gains are the judgments themselves."""
    ideal = _gain(sorted(judged.values(), reverse=True)[:depth])
    return _gain([judged.get(document, 0) for document in found[:depth]]) / ideal if ideal else 0.0


def recall(found: Sequence[str], judged: Mapping[str, int], depth: int = DEPTH) -> float:
    """Share of the relevant documents that are among the first `depth`."""
    relevant = {document for document, grade in judged.items() if grade > 0}
    return len(relevant.intersection(found[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(found: Sequence[str], judged: Mapping[str, int], depth: int = DEPTH) -> float:
    """One over the place of the first relevant document, 0 when none is among the first `depth`."""
    places = (1 / place for place, document in enumerate(found[:depth], 1) if judged.get(document, 0) > 0)
    return next(places, 0.0)


def figures(run: Run, judgments: Judgments) -> dict[str, float]:
    """Means over all judged questions; a question without an answer in the run counts as zero."""
    found = {question: [document for document, _ in run.get(question, ())] for question in judgments}
    kinds = {"ndcg@10": ndcg, "recall@10": recall, "mrr@10": reciprocal_rank}
    return {
        name: round(
            sum(measure(found[q], judged) for q, judged in judgments.items()) / max(len(judgments), 1), 4
        )
        for name, measure in kinds.items()
    }


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))
