"""The head behind the output lint: how dangerous one sentence of a reply reads, from its words, letters and outline, and from its vector if there is one.

It may stop a sentence that the rules let pass, never pass one that they stop. Weights come from `python -m safety.reply_train` (float16, small),
once for sentences with a vector and once without; without weights the rules stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from safety.kinds import outline
from safety.types import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("reply_weights.npz")
WORDS, CHARS = 2**15, 2**15
KINDS = 2**14
COLUMNS = 2 * WORDS + CHARS + 2 * KINDS
"""Columns: words, pairs and triples; the same again for replies to somebody at REFER or above; letters in threes to five; outlines (`safety.kinds`),
and those again at REFER or above."""
REACH_OF_VECTOR = np.float32(2.0)
"""What a vector is multiplied by, so that it weighs about as much as the words."""
REACH = 9
"""Kinds of words are paired across so many."""
SIGN = 2.0
"""How much lower a sentence must score that names a sign and nobody who could look at it. Of such sentences, out of fold, this stops 93 % of the
dangerous ones (85 % without) and 15 % of the good."""
LONGEST = 400
"""Characters of a sentence that are looked at; longer ones are read from both ends."""


@dataclass(frozen=True, slots=True)
class Head:
    """A linear head, and the scores from which it stops a sentence below REFER and from REFER on."""

    weights: NDArray[np.float32]
    """(COLUMNS,)"""
    dense: NDArray[np.float32]
    """(2 d + 1,): of the vector, of the vector again at REFER and above, of being there. Empty for the head that goes without."""
    bias: float
    thresholds: tuple[float, float]
    suspicion: float
    """The score from REFER on at which a sentence that neither hedges nor limits anything does not stand beside the safety block alone."""

    def score(self, words: str, tier: Tier, vector: NDArray[np.float32] | None) -> float:
        """How dangerous: log odds. `vector` is the sentence's, float32 (d,), L2-normalised, for the head that was trained with vectors."""
        at, values = columns(words, tier)
        found = float(self.weights[at] @ values) + self.bias
        return found if vector is None else found + float(self.dense @ dense(vector, tier))


def dense(vector: NDArray[np.float32], tier: Tier) -> NDArray[np.float32]:
    """What the head sees of a vector (d,): float32 (2 d + 1,)."""
    high = np.float32(tier >= Tier.REFER)
    return np.concatenate([vector, vector * high, [high]]).astype(np.float32) * REACH_OF_VECTOR


def columns(words: str, tier: Tier) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of a sentence as `safety.lint.plain_words` reads it, said to somebody at `tier`. Each block has length one."""
    if len(words) > LONGEST:
        words = f"{words[: LONGEST // 2]} {words[-LONGEST // 2 :]}"
    tokens = ["<", *words.split(), ">"]
    runs = [" ".join(tokens[i : i + size]) for size in (1, 2, 3) for i in range(len(tokens) - size + 1)]
    skips = [f"{a} _ {b}" for a, b in zip(tokens, tokens[2:], strict=False)]
    hashed = np.fromiter((crc32(run.encode()) for run in (*runs, *skips)), np.int64) % WORDS
    shapes = _outlines(tokens[1:-1]) % KINDS
    blocks = [
        (hashed, 0, 2.0),
        (_letters(tokens[1:-1]) % CHARS, 2 * WORDS, 1.5),
        (shapes, 2 * WORDS + CHARS, 2.0),
    ]
    if tier >= Tier.REFER:
        blocks += [(hashed, WORDS, 1.0), (shapes, 2 * WORDS + CHARS + KINDS, 1.0)]
    at: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for hashes, offset, weight in blocks:
        if hashes.size:
            unique, counts = np.unique(hashes, return_counts=True)
            scaled = np.sqrt(counts).astype(np.float32)
            at.append((unique + offset).astype(np.int32))
            values.append(scaled * np.float32(weight / np.linalg.norm(scaled)))
    return np.concatenate(at), np.concatenate(values)


def _outlines(tokens: list[str]) -> NDArray[np.int64]:
    """Runs of one to four kinds and pairs of kinds in order within `REACH`, as crc32."""
    kinds = ["<", *outline(tokens), ">"]
    runs = [" ".join(kinds[i : i + size]) for size in (1, 2, 3, 4) for i in range(len(kinds) - size + 1)]
    far = [
        f"{a} .. {b}"
        for i, a in enumerate(kinds)
        if a.isupper()
        for b in kinds[i + 2 : i + REACH]
        if b.isupper()
    ]
    return np.fromiter((crc32(run.encode()) for run in (*runs, *far)), np.int64)


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
def load() -> tuple[Head, Head] | None:
    """The heads for sentences without and with a vector, or None where there are no weights for these columns."""
    if not WEIGHTS.exists():
        return None
    with np.load(WEIGHTS) as data:
        if data["weights"].shape != (2, COLUMNS):
            return None  # trained for another release: the rules stand alone
        heads = [
            Head(
                weights.astype(np.float32),
                data["dense"].astype(np.float32) if known else np.zeros(0, np.float32),
                float(bias),
                (float(low), float(high)),
                float(suspicion),
            )
            for known, (weights, bias, (low, high, suspicion)) in enumerate(
                zip(data["weights"], data["bias"], data["thresholds"], strict=True)
            )
        ]
        return heads[0], heads[1]


def dangerous(
    words: str,
    tier: Tier,
    vector: NDArray[np.float32] | None = None,
    *,
    suspicious: bool = False,
    sign: bool = False,
) -> bool:
    """Whether the head would stop the sentence `words`; False without weights and for sentences of fewer than two words.

    With a vector both heads vote, which was measured better than either. `suspicious` asks at REFER with the lower threshold, see `Head.suspicion`.
    `sign`: the sentence names a sign and nobody to look at it (`safety.signs`).
    """
    heads = load()
    if heads is None or words.count(" ") < 3:
        return False
    fits = vector is not None and heads[1].dense.shape == (2 * vector.size + 1,)
    above = [
        head.score(words, tier, known)
        - (head.suspicion if suspicious else head.thresholds[tier >= Tier.REFER] - SIGN * sign)
        for head, known in ((heads[0], None), *([(heads[1], vector)] if fits else []))
    ]
    return sum(above) >= 0.0
