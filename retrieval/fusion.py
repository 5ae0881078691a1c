"""Put scores of different kinds on one scale.

Every score becomes so many standard deviations above its mean over the whole corpus. Ranks throw away how much better the best is, and
of raw scores the one with the wider range decides; both were measured worse (see README.md). The spread of cosines follows in closed
form from the corpus' moments, so that it costs the same for a thousand passages and a million.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.embeddings import Vectors

Scores = NDArray[np.float32]

SAMPLE = 4_096
"""Scores looked at to find out where the best begin; sorting a million takes 10 ms, comparing them with a bar half of one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns scores into standard deviations above the mean."""

    mean: float
    deviation: float

    def __call__(self, scores: Scores) -> Scores:
        """Scores on this scale."""
        return (scores - np.float32(self.mean)) / np.float32(self.deviation)

    @classmethod
    def of(cls, mean: float, mean_square: float) -> Scale:
        """From a mean and the mean of the squares; no spread at all counts as one."""
        variance = mean_square - mean * mean
        return cls(mean, variance**0.5 if variance > 1e-9 else 1.0)

    @classmethod
    def of_cosines(cls, moments: Sequence[tuple[Vectors, int]], vector: Vectors) -> Scale:
        """Of the cosines of `vector` (d,) with all vectors behind what `moments` made of them, each given with their number."""
        total = sum(count for _, count in moments)
        mean = square = 0.0
        for part, count in moments:
            seen = part @ vector
            mean += float(seen[0]) * count / total
            square += (float(seen[1:-1] @ seen[1:-1]) + float(part[-1, 0])) * count / total
        return cls.of(mean, square)

    @classmethod
    def of_scores(cls, parts: Sequence[Scores]) -> Scale:
        """Of all scores of all parts."""
        total = sum(len(part) for part in parts)
        mean = sum(float(part.sum()) for part in parts) / total
        return cls.of(mean, sum(float(part @ part) for part in parts) / total)


def moments(vectors: Vectors, rank: int) -> Vectors:
    """The mean vector, `rank` leading directions of `vectors` (n, d) and what lies in each of the others: float32 (rank + 2, d).

    From these follow the mean and the spread of the cosines of any question (of length one) with all of `vectors`, without looking at each.
    The directions are scaled so that the sum of squares of the question along them, plus the last row's value, is the mean square of the
    cosines: exact along these, and the others, which hold a fifth of it, count as equal.
    """
    count, dimensions = max(len(vectors), 1), vectors.shape[1]
    values, directions = np.linalg.eigh(vectors.T @ vectors / count)
    rank = min(rank, dimensions - 1)
    rest = max(float(values[:-rank].mean()), 0.0)
    leading = directions[:, -rank:].T * np.sqrt(np.maximum(values[-rank:] - rest, 0.0))[:, None]
    return np.vstack([vectors.sum(axis=0) / count, leading, np.full(dimensions, rest)]).astype(np.float32)


def top(scores: Scores, count: int) -> NDArray[np.int64]:
    """Positions of the `count` highest scores, best first; of equals the earlier first."""
    chosen = _promising(scores, count)
    return chosen[np.argsort(-scores[chosen], kind="stable")][:count]


def _promising(scores: Scores, count: int) -> NDArray[np.int64]:
    """Positions among which the `count` highest are, in order: of many scores only those above a bar set by a sample."""
    step = len(scores) // SAMPLE
    if step > 1:
        sample = scores[::step]
        place = min(4 * count // step + 8, len(sample) - 1)
        chosen = np.flatnonzero(scores > np.partition(sample, -place)[-place])
        # Too high a bar, for many equal scores: all are looked at after all.
        if len(chosen) >= count:
            return chosen
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.flatnonzero(scores >= -np.partition(-scores, count - 1)[count - 1])
