"""The backstop for idiom that no lexicon foresees: linear heads over what the rules saw, the letters and words, and the question's vector.

The vector is the one that retrieval computes anyway. Heads may raise a tier, never lower one: what the rules assert stands whatever they say.
Weights come from `python -m safety.train` and are small (float16). Without a vector a second set, over text and rules only, takes its place;
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
WORDS, CHARS, RULES = 2**15, 2**15, 2**13
TEXT = WORDS + CHARS + RULES
"""Columns of hashed words and word pairs, letters in threes to fives, and what the rules saw."""
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
    found: list[int] = []
    for word in words:
        data = f" {word[:24]} ".encode()
        for size in (3, 4, 5):
            found.extend(crc32(data[i : i + size]) for i in range(max(len(data) - size + 1, 0)))
    return np.array(found, np.int64)


@dataclass(frozen=True, slots=True)
class Heads:
    """One set of weights: (heads, columns) for the text, (heads, d) for the vector, bias and calibration per head."""

    text: NDArray[np.float32]
    vector: NDArray[np.float32] | None
    bias: NDArray[np.float32]
    scale: NDArray[np.float32]

    def scores(
        self, at: NDArray[np.int32], values: NDArray[np.float32], vector: NDArray[np.float32] | None
    ) -> Scores:
        """Probabilities for one message."""
        logits = self.text[:, at] @ values + self.bias
        if self.vector is not None and vector is not None:
            logits = logits + self.vector @ vector
        chances = 1.0 / (1.0 + np.exp(-np.clip(logits * self.scale, -30, 30)))
        return Scores(*(float(c) for c in chances))


@lru_cache(maxsize=1)
def load() -> tuple[Heads, Heads] | None:
    """The heads with and without a vector, or None where there are no weights."""
    if not WEIGHTS.exists():
        return None
    with np.load(WEIGHTS) as data:
        full = Heads(
            data["full_text"].astype(np.float32),
            data["full_vector"].astype(np.float32),
            data["full_bias"],
            data["full_scale"],
        )
        text = Heads(data["text_text"].astype(np.float32), None, data["text_bias"], data["text_scale"])
    return full, text


def score(text: str, seen: Iterable[str], vector: NDArray[np.float32] | None) -> Scores | None:
    """Scores of one message (`text` normalised), or None without weights. `vector`: float32 (d,), L2-normalised, or None."""
    heads = load()
    if heads is None:
        return None
    full, text_only = heads
    at, values = columns(text, seen)
    if vector is not None and full.vector is not None and vector.shape == (full.vector.shape[1],):
        return full.scores(at, values, vector)
    return text_only.scores(at, values, None)
