"""Passages in lists of neighbours: of a big corpus only the lists nearest to a question are read.

An inverted file in the corpus' leading directions. A small corpus is one list, which is read whole. Everything lies in list order, so that
a list is one stretch of disk. Chroma's own graph was measured against it: at 200,000 passages it needs 1.2 GB and seconds to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.fusion import top

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.embeddings import Vectors

LISTS_FROM = 100_000
"""Passages from which there is more than one list; reading all of fewer takes 3 ms at most."""
PROBES = 128
"""Lists read for a question: of 563 lists of scifact 48 hold 95 % of the ten nearest passages, of 4,000 lists it takes more."""
ROUNDS = 6
"""Rounds of k-means; more change nothing."""
SAMPLE = 32
"""Passages a list that its middle is learnt from."""
STEP = 4_096
"""Passages compared with all middles at a time."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Passages by list, in as few directions as `reduced` has."""

    middles: Vectors
    """(lists, r)"""
    starts: NDArray[np.int64]
    """Where each list starts, and where the last ends."""
    rows: NDArray[np.int64]
    """The passage's row at each place."""
    reduced: Vectors
    """(n, r), in the order of `rows`."""

    def nearest(self, vector: Vectors, count: int) -> NDArray[np.int64]:
        """Rows of the about `count` passages nearest to `vector` (r,), best first."""
        if len(self.middles) == 1:
            return self.rows[top(self.reduced @ vector, count)]
        spans = [slice(*self.starts[at : at + 2].tolist()) for at in top(self.middles @ vector, PROBES)]
        rows = np.concatenate([self.rows[span] for span in spans])
        return rows[top(np.concatenate([self.reduced[span] @ vector for span in spans]), count)]


def build(reduced: Vectors) -> Lists:
    """Sort passages (n, r) into lists, four times as many as the square root of their number; always the same for the same passages."""
    count = int(4 * len(reduced) ** 0.5) if len(reduced) >= LISTS_FROM else 1
    middles = _middles(reduced, count)
    member = _assign(reduced, middles)
    rows = np.argsort(member, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(member, minlength=count))])
    return Lists(middles, starts.astype(np.int64), rows, reduced[rows])


def _middles(reduced: Vectors, count: int) -> Vectors:
    """The middles of `count` lists by k-means on the sphere, learnt from a sample."""
    if count == 1:
        return np.zeros((1, reduced.shape[1]), dtype=np.float32)
    random = np.random.default_rng(0)
    sample = reduced[np.sort(random.choice(len(reduced), min(len(reduced), SAMPLE * count), replace=False))]
    middles = _unit(sample[random.choice(len(sample), count, replace=False)])
    for _ in range(ROUNDS):
        member = _assign(sample, middles)
        order = np.argsort(member, kind="stable")
        filled, first = np.unique(member[order], return_index=True)
        middles[filled] = _unit(np.add.reduceat(sample[order], first))
    return middles


def _assign(reduced: Vectors, middles: Vectors) -> NDArray[np.int64]:
    """The list of each passage."""
    if len(middles) == 1:
        return np.zeros(len(reduced), dtype=np.int64)
    parts = (reduced[start : start + STEP] @ middles.T for start in range(0, len(reduced), STEP))
    return np.concatenate([part.argmax(axis=1) for part in parts])


def _unit(vectors: NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
