"""Find the passages that answer a question: nearness in meaning and shared words, weighed together.

Every score is put on the scale of its own spread over the whole corpus (so many standard deviations above the mean) before the weights
are applied: ranks throw away how much better the best is, and raw scores let the one with the wider range decide. The spread of the
cosines follows in closed form from the corpus' moments, so that it costs the same for a thousand passages and a million.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index import EXACT_LIMIT, SHARED, Index
from retrieval.lexical import Lexical, inverse_frequency
from retrieval.words import plain, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.passages import Passage
    from retrieval.embeddings import Vectors
    from retrieval.snapshot import Snapshot

Scores = NDArray[np.float32]

DENSE = 0.7
"""Weight of nearness in meaning; the rest goes to shared words. Flat between 0.6 and 0.8 on three collections."""

CANDIDATES = 200
"""Above `EXACT_LIMIT`, this many passages by meaning and as many by words are weighed."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    passage: Passage
    score: float
    """What the hits are ordered by: weighted standard deviations above the corpus' mean."""
    dense: float
    """Cosine of question and passage, -1 to 1."""
    lexical: float
    """BM25 of the passage, 0 and up."""
    sentences: tuple[float, ...]
    """Cosine of the question with each sentence of the passage, in order."""


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one question, best first."""

    hits: tuple[Hit, ...]
    covered: float
    """How sure it is that the corpus covers the question, 0 to 1; see `retrieval.covered`."""
    vector: Vectors
    """The question's vector (d,), for whoever needs it next."""


@dataclass(slots=True)
class _Ranked:
    """One scope's candidates: rows, and their scores in the same order."""

    snapshot: Snapshot
    rows: NDArray[np.int64]
    dense: Scores
    lexical: Scores
    score: Scores


class Retriever:
    """Searches an index. Safe to use from many threads, also while the index is being replaced."""

    def __init__(self, index: Index) -> None:
        """Search `index`."""
        self._index = index

    def vector(self, question: str) -> Vectors:
        """The question's vector, float32 (d,), shorthand spelt out first."""
        return np.asarray(self._index.embedder.embed([plain(question)])[0], dtype=np.float32)

    def search(
        self,
        question: str,
        *,
        vector: Vectors | None = None,
        k: int = 8,
        tier: int = 0,
        scope: str | None = None,
    ) -> Results:
        """The `k` best passages of the shared corpus and, where given, of one more `scope` (a guild's).

        `vector` is the question's from `vector`, where it is already known. `tier` is the person's tier as a number (`safety.Tier`
        will do): passages gated at or below it are left out. Empty results where nothing is indexed.
        """
        found = self.vector(question) if vector is None else vector
        snapshots = [
            s
            for name in dict.fromkeys((SHARED, scope))
            if name and (s := self._index.snapshot(name)) and s.size
        ]
        if not snapshots:
            return Results((), 0.0, found)
        ranked = self._rank(question, found, snapshots, tier)
        best = _best(ranked, k)
        hits = tuple(_hit(ranked[at], row, found) for at, row in best)
        return Results(hits, covered(hits), found)

    def documents(self, question: str, *, k: int = 10, scope: str = SHARED) -> list[tuple[str, float]]:
        """The `k` best documents of a scope with their scores: the best passage of each and the document as a whole."""
        snapshot = self._index.snapshot(scope)
        if snapshot is None or not snapshot.size:
            return []
        (ranked,) = self._rank(question, self.vector(question), [snapshot], tier=0)
        order = np.argsort(-ranked.score, kind="stable")
        owners = snapshot.owners[ranked.rows[order]]
        _, first = np.unique(owners, return_index=True)
        chosen = order[np.sort(first)[:k]]
        return [(snapshot.passage(int(ranked.rows[at])).document, float(ranked.score[at])) for at in chosen]

    def _rank(
        self, question: str, vector: Vectors, snapshots: Sequence[Snapshot], tier: int
    ) -> list[_Ranked]:
        """Score the candidates of every scope on one common scale."""
        words = Counter(terms(question))
        by_passage = _bm25([s.passage_terms for s in snapshots], words)
        by_document = _bm25([s.document_terms for s in snapshots], words)
        passages = _Scale.of_cosines([(s.passage_moments, s.size) for s in snapshots], vector)
        documents = _Scale.of_cosines(
            [(s.document_moments, len(s.document_vectors)) for s in snapshots], vector
        )
        passage_words, document_words = _Scale.of_scores(by_passage), _Scale.of_scores(by_document)
        ranked: list[_Ranked] = []
        for snapshot, lexical, whole in zip(snapshots, by_passage, by_document, strict=True):
            rows, dense = self._candidates(snapshot, vector, lexical)
            shown = snapshot.gates[rows] > tier
            rows, dense = rows[shown], dense[shown]
            owners = snapshot.owners[rows]
            near = passages(dense) + documents(np.asarray(snapshot.document_vectors[owners] @ vector))
            score = (
                DENSE * near / 2
                + (1 - DENSE) * (passage_words(lexical[rows]) + document_words(whole[owners])) / 2
            )
            ranked.append(_Ranked(snapshot, rows, dense, lexical[rows], score.astype(np.float32)))
        return ranked

    def _candidates(
        self, snapshot: Snapshot, vector: Vectors, lexical: Scores
    ) -> tuple[NDArray[np.int64], Scores]:
        """Rows worth weighing, with their cosines: all of a small corpus, the nearest by meaning and by words of a big one."""
        if snapshot.size <= EXACT_LIMIT:
            return np.arange(snapshot.size), np.asarray(snapshot.vectors @ vector)
        ids = self._index.neighbours(str(snapshot.meta["scope"]), vector, CANDIDATES)
        near = [snapshot.rows[name] for name in ids if name in snapshot.rows]
        worded = np.argpartition(-lexical, CANDIDATES)[:CANDIDATES]
        rows = np.union1d(np.array(near, dtype=np.int64), worded[lexical[worded] > 0])
        return rows, np.asarray(snapshot.vectors[rows] @ vector)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Turns scores into standard deviations above the mean."""

    mean: float
    deviation: float

    def __call__(self, scores: Scores) -> Scores:
        """Scores on this scale."""
        return (scores - np.float32(self.mean)) / np.float32(self.deviation)

    @classmethod
    def of(cls, mean: float, mean_square: float) -> _Scale:
        """From a mean and the mean of the squares; no spread at all counts as one."""
        variance = mean_square - mean * mean
        return cls(mean, variance**0.5 if variance > 1e-9 else 1.0)

    @classmethod
    def of_cosines(cls, moments: Sequence[tuple[Vectors, int]], vector: Vectors) -> _Scale:
        """Of the cosines of `vector` with all vectors behind the moments (see `snapshot`), each with their number."""
        total = sum(count for _, count in moments)
        mean = sum(float(part[0] @ vector) * count for part, count in moments) / total
        square = sum(float(vector @ (part[1:] @ vector)) * count for part, count in moments) / total
        return cls.of(mean, square)

    @classmethod
    def of_scores(cls, parts: Sequence[Scores]) -> _Scale:
        """Of all scores of all parts."""
        total = sum(len(part) for part in parts)
        mean = sum(float(part.sum()) for part in parts) / total
        return cls.of(mean, sum(float(part @ part) for part in parts) / total)


def _bm25(parts: Sequence[Lexical], words: Counter[str]) -> list[Scores]:
    """BM25 of every text of every part, with the words' frequency taken over all parts together."""
    found = [part.find(words) for part in parts]
    size = sum(part.size for part in parts)
    weight: dict[str, float] = {}
    for word, count in words.items():
        frequency = sum(
            part.frequency(numbers[word])
            for part, numbers in zip(parts, found, strict=True)
            if word in numbers
        )
        weight[word] = count * inverse_frequency(frequency, size)
    return [
        part.score({number: weight[word] for word, number in numbers.items()})
        for part, numbers in zip(parts, found, strict=True)
    ]


def _best(ranked: Sequence[_Ranked], k: int) -> list[tuple[int, int]]:
    """The `k` best as (scope, position in its candidates), best first; ties go to the earlier row."""
    entries = [
        (-float(part.score[row]), at, int(row))
        for at, part in enumerate(ranked)
        for row in (np.argpartition(-part.score, k)[:k] if len(part.score) > k else range(len(part.score)))
    ]
    return [(at, row) for _, at, row in sorted(entries)[:k]]


def _hit(ranked: _Ranked, at: int, vector: Vectors) -> Hit:
    """The hit of one candidate."""
    row = int(ranked.rows[at])
    sentences: Any = ranked.snapshot.sentences(row) @ vector
    return Hit(
        passage=ranked.snapshot.passage(row),
        score=float(ranked.score[at]),
        dense=float(ranked.dense[at]),
        lexical=float(ranked.lexical[at]),
        sentences=tuple(float(score) for score in sentences),
    )


def covered(hits: Sequence[Hit]) -> float:
    """How sure it is that the corpus covers the question: the best sentence and the best word match, 0 to 1."""
    if not hits:
        return 0.0
    near = max(max(hit.dense, *hit.sentences) for hit in hits)
    words = max(hit.lexical for hit in hits)
    return float(np.clip((near + 0.5 * words / (words + 5)) / 1.5, 0.0, 1.0))
