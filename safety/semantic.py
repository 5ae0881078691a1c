"""The backstop for idiom that no lexicon foresees: a small network over what the rules saw, the letters and words, and the question's vector.

The vector is the one that retrieval computes anyway; without it the network works from text and rules alone, with a calibration of its own. It may
raise a tier, never lower one: what the rules assert stands whatever it says. Weights come from `python -m safety.train` and are small (int8);
without weights the rules stand alone.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("weights.npz")
HEADS = ("caution", "refer", "urgent", "emergency", "nerve", "crisis")
"""What each head separates: at least that tier from less; nerve messages from others; self-harm from everything else."""
WORDS, CHARS, RULES = 2**14, 2**14, 2**12
TEXT = WORDS + CHARS + RULES
"""Columns of hashed words and word pairs, letters in threes to fives, and what the rules saw."""
HIDDEN = 128
"""Units between columns and heads of one network; several, trained from different starts, stand side by side in the weights."""
REACH = 4.0
"""What the vector is multiplied by, so that it weighs about as much as the text."""
MOST = 1500
"""Characters that are looked at; longer messages are read from both ends."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities of the heads, calibrated on messages that were not trained on."""

    caution: float
    refer: float
    urgent: float
    emergency: float
    nerve: float
    crisis: float


def columns(text: str, seen: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of one message: `text` normalised, `seen` names of what the rules found. Each block has length one."""
    if len(text) > MOST:
        text = text[: MOST // 2] + " " + text[-MOST // 2 :]
    words = [w for w in _split(text) if w]
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
    blocks = (
        (_hash((*words, *pairs)), WORDS, 0, 2.0),
        (_letters(words), CHARS, WORDS, 2.0),
        (_hash(seen), RULES, WORDS + CHARS, 1.5),
    )
    at: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for hashes, size, offset, weight in blocks:
        if hashes.size:
            unique, counts = np.unique(hashes % size, return_counts=True)
            scaled = np.sqrt(counts).astype(np.float32)
            at.append((unique + offset).astype(np.int32))
            values.append(scaled * np.float32(weight / np.linalg.norm(scaled)))
    if not at:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    return np.concatenate(at), np.concatenate(values)


def _split(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text).replace("'", "").split()


def _hash(items: Iterable[str]) -> NDArray[np.int64]:
    return np.fromiter((crc32(s.encode()) for s in items), np.int64)


def _letters(words: Sequence[str]) -> NDArray[np.int64]:
    """Runs of three to five letters inside words with their edges, as crc32."""
    return np.fromiter(itertools.chain.from_iterable(map(_letters_of, words)), np.int64)


@lru_cache(maxsize=20_000)
def _letters_of(word: str) -> tuple[int, ...]:
    data = f" {word[:24]} ".encode()
    return tuple(crc32(data[i : i + size]) for size in (3, 4, 5) for i in range(max(len(data) - size + 1, 0)))


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer between the columns and the heads. Shapes: n columns, h units, d dimensions of the vector, 6 heads."""

    embedding: NDArray[np.int8]
    """(n, h)"""
    scale: NDArray[np.float32]
    """(h,): what a step of the embedding is worth."""
    vector: NDArray[np.float32]
    """(h, d)"""
    bias: NDArray[np.float32]
    """(h,)"""
    heads: NDArray[np.float32]
    """(6, h)"""
    calibration: NDArray[np.float32]
    """(2, 6, 2): without and with a vector, per head, slope and intercept of the logit."""

    def scores(
        self, at: NDArray[np.int32], values: NDArray[np.float32], vector: NDArray[np.float32] | None
    ) -> Scores:
        """Probabilities for one message; `vector` float32 (d,), L2-normalised, or None."""
        hidden = (values @ self.embedding[at].astype(np.float32)) * self.scale + self.bias
        known = False
        if vector is not None and vector.shape == (self.vector.shape[1],):
            hidden = hidden + self.vector @ vector
            known = True
        slope, intercept = self.calibration[int(known)].T
        logits = (self.heads @ np.maximum(hidden, 0.0)) * slope + intercept
        chances = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
        return Scores(*(float(c) for c in chances))


@lru_cache(maxsize=1)
def load() -> Network | None:
    """The network, or None where there are no weights."""
    if not WEIGHTS.exists():
        return None
    with np.load(WEIGHTS) as data:
        return Network(
            data["embedding"], data["scale"], data["vector"].astype(np.float32),
            data["bias"], data["heads"].astype(np.float32), data["calibration"],
        )  # fmt: skip


def score(text: str, seen: Iterable[str], vector: NDArray[np.float32] | None) -> Scores | None:
    """Scores of one message (`text` normalised), or None without weights. `vector`: float32 (d,), L2-normalised, or None."""
    network = load()
    if network is None:
        return None
    return network.scores(*columns(text, seen), vector)
