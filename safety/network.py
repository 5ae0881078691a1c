"""The network behind both scorers, of messages (`safety.semantic`) and of replies (`safety.reply_score`).

It reads hashed columns of a text and, where they are given, its states: what a middle layer of the retrieval model makes of each word piece, in the
pass that retrieval needs anyway. It looks over the states a few times, each time weighing the word pieces anew; what it keeps goes with the columns
through one hidden layer. Several copies from different starts stand side by side. `safety.fitting` trains it; numpy alone runs it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PIECES = 160
"""Word pieces that are looked at, from both ends of a longer text."""

Block = tuple["NDArray[np.int64]", int, float]
"""Columns of one kind, not yet counted; what is added to their numbers; the length that they get together."""


@dataclass(frozen=True, slots=True)
class Network:
    """Shapes: n columns, c copies of h units, q looks with v values each, d dimensions of a state, k heads."""

    embedding: NDArray[np.int8]
    """(n, c h)"""
    scale: NDArray[np.float32]
    """(c h,): what a step of the embedding is worth."""
    look: NDArray[np.float32]
    """(d, c q + c v): by what the copies weigh a word piece, then what they keep of it."""
    look_bias: NDArray[np.float32]
    """(c v,): of what is kept."""
    mix: NDArray[np.float32]
    """(c, q v, h)"""
    bias: NDArray[np.float32]
    """(c h,)"""
    heads: NDArray[np.float32]
    """(k, c h)"""
    calibration: NDArray[np.float32]
    """(2, k, 2): without and with states, per head, slope and intercept of the log odds."""

    def heard(self, states: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        """What the hidden units hear of a text's states, float32 (t, d): (c h,); None without states or for those of another model."""
        if states is None or states.ndim != 2 or states.shape[1] != len(self.look) or not len(states):
            return None
        seen = both_ends(states) @ self.look
        size = len(self.look_bias)
        weights = np.exp(seen[:, :-size] - seen[:, :-size].max(axis=0))
        weights /= weights.sum(axis=0)
        kept = np.maximum(seen[:, -size:] + self.look_bias, 0.0)
        copies = len(self.mix)
        pooled = [
            (a.T @ b).ravel()
            for a, b in zip(np.split(weights, copies, axis=1), np.split(kept, copies, axis=1), strict=True)
        ]
        return np.concatenate([one @ mix for one, mix in zip(pooled, self.mix, strict=True)])

    def logits(
        self, at: NDArray[np.int32], values: NDArray[np.float32], heard: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """Calibrated log odds of the heads, float32 (k,), for columns `at` with `values` and what was `heard` of the states."""
        hidden = (values @ self.embedding[at].astype(np.float32)) * self.scale + self.bias
        if heard is not None:
            hidden += heard
        slope, intercept = self.calibration[int(heard is not None)].T
        return np.asarray((self.heads @ np.maximum(hidden, 0.0)) * slope + intercept, np.float32)


def both_ends(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """At most `PIECES` rows of `states`, half of them from either end."""
    return (
        states if len(states) <= PIECES else np.concatenate([states[: PIECES // 2], states[-PIECES // 2 :]])
    )


def of(arrays: Mapping[str, NDArray[Any]]) -> Network:
    """The network in the arrays that `safety.fitting.packed` made."""
    return Network(
        arrays["embedding"], arrays["scale"], arrays["look"].astype(np.float32), arrays["look_bias"], arrays["mix"].astype(np.float32),
        arrays["bias"], arrays["heads"].astype(np.float32), arrays["calibration"],
    )  # fmt: skip


def unpack(path: Path, columns: int) -> tuple[Network, dict[str, NDArray[Any]]] | None:
    """The network in an .npz file and what else is in it; None where there is no file, or one of another release with other columns."""
    if not path.exists():
        return None
    with np.load(path) as data:
        arrays = dict(data.items())
    if "look" not in arrays or len(arrays["embedding"]) != columns:
        return None
    return of(arrays), arrays


def gathered(blocks: Iterable[Block]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of blocks: each column once, the root of its count, each block of the length it is given."""
    at: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for hashes, offset, length in blocks:
        if hashes.size:
            unique, counts = np.unique(hashes, return_counts=True)
            scaled = np.sqrt(counts).astype(np.float32)
            at.append((unique + offset).astype(np.int32))
            values.append(scaled * np.float32(length / np.linalg.norm(scaled)))
    if not at:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    return np.concatenate(at), np.concatenate(values)


def hashed(items: Iterable[str], size: int) -> NDArray[np.int64]:
    """A column below `size` for each of `items`."""
    return np.fromiter((crc32(item.encode()) for item in items), np.int64) % size


def letters(words: Sequence[str], size: int) -> NDArray[np.int64]:
    """A column below `size` for each run of three to five letters inside words with their edges."""
    return np.fromiter(itertools.chain.from_iterable(map(_letters_of, words)), np.int64) % size


@lru_cache(maxsize=20_000)
def _letters_of(word: str) -> tuple[int, ...]:
    data = f" {word[:24]} ".encode()
    return tuple(crc32(data[i : i + size]) for size in (3, 4, 5) for i in range(max(len(data) - size + 1, 0)))
