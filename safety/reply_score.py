"""The head behind the output lint: how dangerous one sentence of a reply reads, from its words and letters.

It may stop a sentence that the rules let pass, never pass one that they stop. Weights come from `python -m safety.reply_train` (float16, small);
without them the rules stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from safety.types import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("reply_weights.npz")
WORDS, CHARS = 2**15, 2**15
COLUMNS = 2 * WORDS + CHARS
"""Columns: words, pairs and triples; the same again for replies to somebody at REFER or above; letters in threes to five."""
LONGEST = 400
"""Characters of a sentence that are looked at; longer ones are read from both ends."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights, float32 (COLUMNS,), bias, and the scores from which a sentence is stopped below REFER and from REFER on."""

    weights: NDArray[np.float32]
    bias: float
    thresholds: tuple[float, float]


def columns(words: str, tier: Tier) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of a sentence as `safety.lint.plain_words` reads it, said to somebody at `tier`. Each block has length one."""
    if len(words) > LONGEST:
        words = f"{words[: LONGEST // 2]} {words[-LONGEST // 2 :]}"
    tokens = ["<", *words.split(), ">"]
    runs = [" ".join(tokens[i : i + size]) for size in (1, 2, 3) for i in range(len(tokens) - size + 1)]
    skips = [f"{a} _ {b}" for a, b in zip(tokens, tokens[2:], strict=False)]
    hashed = np.fromiter((crc32(run.encode()) for run in (*runs, *skips)), np.int64) % WORDS
    blocks = [(hashed, 0, 2.0), (_letters(tokens[1:-1]) % CHARS, 2 * WORDS, 1.5)]
    if tier >= Tier.REFER:
        blocks.append((hashed, WORDS, 1.0))
    at: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for hashes, offset, weight in blocks:
        if hashes.size:
            unique, counts = np.unique(hashes, return_counts=True)
            scaled = np.sqrt(counts).astype(np.float32)
            at.append((unique + offset).astype(np.int32))
            values.append(scaled * np.float32(weight / np.linalg.norm(scaled)))
    return np.concatenate(at), np.concatenate(values)


def _letters(tokens: list[str]) -> NDArray[np.int64]:
    """Runs of three to five letters inside words with their edges, as crc32."""
    found = [
        crc32(data[i : i + size])
        for data in (f" {token[:24]} ".encode() for token in tokens)
        for size in (3, 4, 5)
        for i in range(len(data) - size + 1)
    ]
    return np.array(found, np.int64)


@lru_cache(maxsize=1)
def load() -> Head | None:
    """The head, or None where there are no weights."""
    if not WEIGHTS.exists():
        return None
    with np.load(WEIGHTS) as data:
        low, high = (float(t) for t in data["thresholds"])
        return Head(data["weights"].astype(np.float32), float(data["bias"]), (low, high))


def dangerous(words: str, tier: Tier) -> bool:
    """Whether the head would stop the sentence `words`; False without weights and for sentences of fewer than two words."""
    head = load()
    if head is None or len(words.split()) < 2:
        return False
    at, values = columns(words, tier)
    return float(head.weights[at] @ values) + head.bias >= head.thresholds[tier >= Tier.REFER]
