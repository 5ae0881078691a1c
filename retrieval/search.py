"""Find the passages that answer a question, in three steps.

1. Candidates: the passages nearest in meaning, and those that share the most telling words.
2. Both scores, each on the scale of its own spread over the corpus (`retrieval.fusion`), weighed together.
3. The best of them again, with the nearest of their sentences: an answer is often one sentence in a passage about something else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.covered import covered
from retrieval.embeddings import read
from retrieval.fusion import Scale, Scores, top
from retrieval.index import SHARED, Index
from retrieval.lexical import Lexical, inverse_frequency
from retrieval.words import plain, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.passages import Passage
    from retrieval.embeddings import Embedding, Vectors
    from retrieval.snapshot import Snapshot

Rows = NDArray[np.int64]

DENSE = 0.75
"""Weight of nearness in meaning; the rest goes to shared words. Flat between 0.6 and 0.8 on all collections tried."""

ALL_LIMIT = 4_096
"""Up to this many passages every one is a candidate."""
CANDIDATES = 128
"""Of a bigger corpus, so many by meaning and so many by words."""
LATE = 24
"""Candidates that are looked at sentence by sentence, and way to ask by way to ask; 64 found nothing more and took half a millisecond more."""
DOCUMENTS = 32
"""Documents that are candidates by their words alone, when documents are ranked."""

_FIRST = np.zeros(1, dtype=np.int64)


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
    """Cosine of the question with each of `passage.sentences`, in order."""
    asked: float = -1.0
    """Cosine of the question with the nearest way to ask for the passage, -1 to 1; -1 where it has none."""


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one question, best first."""

    hits: tuple[Hit, ...]
    covered: float
    """How sure it is that the corpus covers the question, 0 to 1; below `retrieval.covered.THRESHOLD`, say that it does not."""
    vector: Vectors
    """The question's vector (d,), for whoever needs it next."""


@dataclass(slots=True)
class _Ranked:
    """Candidates of one scope, best first, with their scores in the same order."""

    snapshot: Snapshot
    rows: Rows
    dense: Scores
    lexical: Scores
    sentence: Scores
    """Cosine of each row's nearest sentence or way to ask."""
    cosines: Scores
    """Cosines of all of these of all rows, one row's after the other's."""
    starts: list[int]
    """Where each row's begin there; one more than there are rows."""
    score: Scores


class Retriever:
    """Searches an index. Safe to use from many threads, also while the index is being replaced."""

    def __init__(self, index: Index) -> None:
        """Search `index`."""
        self._index = index

    def read(self, question: str) -> Embedding:
        """The question's vector and, from the packaged model, its states; lifters' shorthand spelt out first."""
        return read(self._index.embedder, plain(question))

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

        `vector` is the question's from `read`, where it is already known. `tier` is the person's tier as a number (`safety.Tier`
        will do): passages gated at or below it are left out. Empty results where nothing is indexed.
        """
        found = self.read(question).vector if vector is None else vector
        names = dict.fromkeys((SHARED, scope))
        snapshots = [s for name in names if name and (s := self._index.snapshot(name)) is not None and s.size]
        ranked = self._rank(question, found, snapshots, tier, max(k, LATE)) if snapshots else []
        entries = sorted(
            (-float(score), part, at)
            for part, each in enumerate(ranked)
            for at, score in enumerate(each.score)
        )
        hits = tuple(_hit(ranked[part], at) for _, part, at in entries[:k])
        if not hits:
            return Results((), 0.0, found)
        sure = covered(
            question,
            [hit.passage for hit in hits],
            _highest(each.dense for each in ranked),
            _highest(each.sentence for each in ranked),
            _highest(each.lexical for each in ranked),
        )
        return Results(hits, sure, found)

    def documents(
        self, question: str, *, vector: Vectors | None = None, k: int = 10, scope: str = SHARED
    ) -> list[tuple[str, float]]:
        """The `k` best documents of one scope with their scores.

        A document counts by its best passage, by its opening and by the words of all of it.
        """
        snapshot = self._index.snapshot(scope)
        if snapshot is None or not snapshot.size:
            return []
        found = self.read(question).vector if vector is None else vector
        lexical = _bm25([snapshot.document_terms], Counter(terms(question)))[0]
        rows = _nearest(snapshot, found)
        if len(rows) < snapshot.size:
            rows = _union(snapshot.size, rows, _rows_of(snapshot, top(lexical, DOCUMENTS)))
        owners = snapshot.owners[rows]
        first = np.concatenate([_FIRST, np.flatnonzero(owners[1:] != owners[:-1]) + 1])
        documents = owners[first]
        best = np.maximum.reduceat(_cosines(snapshot.vectors, rows, found), first)
        near = Scale.of_cosines([(snapshot.passage_moments, snapshot.size)], found)(best)
        openings = Scale.of_cosines([(snapshot.document_moments, len(snapshot.document_vectors))], found)
        near += openings(_cosines(snapshot.document_vectors, documents, found))
        score = DENSE * near / 2 + (1 - DENSE) * Scale.of_scores([lexical])(lexical[documents])
        chosen = top(score, k)
        return list(zip(snapshot.documents(documents[chosen]), score[chosen].tolist(), strict=True))

    def _rank(
        self, question: str, vector: Vectors, snapshots: Sequence[Snapshot], tier: int, late: int
    ) -> list[_Ranked]:
        """Score the candidates of every scope on one common scale."""
        scores = _bm25([s.passage_terms for s in snapshots], Counter(terms(question)))
        near = Scale.of_cosines([(s.passage_moments, s.size) for s in snapshots], vector)
        nearest = Scale.of_cosines([(s.sentence_moments, len(s.sentence_vectors)) for s in snapshots], vector)
        words = Scale.of_scores(scores)
        ranked: list[_Ranked] = []
        for snapshot, all_lexical in zip(snapshots, scores, strict=True):
            rows = _nearest(snapshot, vector)
            if len(rows) < snapshot.size:
                rows = _union(snapshot.size, rows, top(all_lexical, CANDIDATES))
            rows = rows[snapshot.gates[rows] > tier]
            dense, lexical = _cosines(snapshot.vectors, rows, vector), all_lexical[rows]
            best = top(DENSE * near(dense) + (1 - DENSE) * words(lexical), late)
            rows, dense, lexical = rows[best], dense[best], lexical[best]
            cosines, starts = _sentences(snapshot, rows, vector)
            sentence = np.maximum.reduceat(cosines, starts[:-1]) if len(rows) else cosines
            score = DENSE * (near(dense) + nearest(sentence)) / 2 + (1 - DENSE) * words(lexical)
            ranked.append(_Ranked(snapshot, rows, dense, lexical, sentence, cosines, starts.tolist(), score))
        return ranked


def _highest(parts: Iterable[Scores]) -> float:
    """The highest of all scores; there is one at least."""
    return max(float(scores.max()) for scores in parts if len(scores))


def _nearest(snapshot: Snapshot, vector: Vectors) -> Rows:
    """Rows of the passages nearest in meaning, or of all passages of a small corpus, in order."""
    if snapshot.size <= ALL_LIMIT:
        return np.arange(snapshot.size)
    return np.sort(snapshot.lists.nearest(vector @ snapshot.basis, CANDIDATES))


def _bm25(parts: Sequence[Lexical], words: Counter[str]) -> list[Scores]:
    """BM25 of every text of every part, with the words' frequency taken over all parts together."""
    found = [part.find(words) for part in parts]
    size = sum(part.size for part in parts)
    weight: dict[str, float] = {}
    for word, count in words.items():
        pairs = zip(parts, found, strict=True)
        frequency = sum(part.frequency(numbers[word]) for part, numbers in pairs if word in numbers)
        # A word said twice is not twice as telling: long questions repeat themselves.
        weight[word] = count**0.5 * inverse_frequency(frequency, size)
    return [
        part.score({number: weight[word] for word, number in numbers.items()})
        for part, numbers in zip(parts, found, strict=True)
    ]


def _sentences(snapshot: Snapshot, rows: Rows, vector: Vectors) -> tuple[Scores, Rows]:
    """Cosines of the sentences of `rows`, in order, and where each row's begin, with the end of the last."""
    if not len(rows):
        return np.zeros(0, dtype=np.float32), _FIRST
    starts, ends = snapshot.sentence_starts[rows], snapshot.sentence_starts[rows + 1]
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    inside = np.concatenate([snapshot.sentence_vectors[start:end] for start, end in spans])
    lengths = np.cumsum(ends - starts)
    return inside.astype(np.float32, copy=False) @ vector, np.concatenate([_FIRST, lengths])


def _cosines(vectors: Vectors, rows: Rows, vector: Vectors) -> Scores:
    """Cosines of `vector` with some rows. `take` with `clip` copies them straight, which indexing does not; all rows need no copy."""
    if len(rows) == len(vectors):
        return np.asarray(vectors @ vector)
    return np.asarray(vectors.take(rows, axis=0, mode="clip") @ vector)


def _union(size: int, *parts: Rows) -> Rows:
    """All rows of the parts in order, each once. Marks beat sorting: a corpus has few enough rows for one byte each."""
    marks = np.zeros(size, dtype=np.bool_)
    for part in parts:
        marks[part] = True
    return np.flatnonzero(marks)


def _rows_of(snapshot: Snapshot, documents: Rows) -> Rows:
    """Rows of all passages of some documents."""
    return _ranges(snapshot.document_starts[documents], snapshot.document_starts[documents + 1])


def _ranges(starts: Rows, ends: Rows) -> Rows:
    """All numbers from each start up to its end."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.asarray(np.arange(lengths.sum()) + np.repeat(starts - before, lengths))


def _hit(ranked: _Ranked, at: int) -> Hit:
    """The hit of one candidate."""
    passage = ranked.snapshot.passage(int(ranked.rows[at]))
    near = ranked.cosines[ranked.starts[at] : ranked.starts[at + 1]].tolist()
    said = len(near) - len(passage.asked)
    return Hit(
        passage=passage,
        score=float(ranked.score[at]),
        dense=float(ranked.dense[at]),
        lexical=float(ranked.lexical[at]),
        sentences=tuple(near[:said]),
        asked=max(near[said:], default=-1.0),
    )
