"""The backstop for idiom that no lexicon foresees: a small network over what the rules saw, the letters and words, and the message's states.

Without states (`safety.network`) it works from text and rules alone, with a calibration of its own. It may raise a tier or ask; it lowers nothing but
a soft rule below EMERGENCY (`backstop.SOFT`). Weights come from `python -m safety.train`; without weights the rules stand alone.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from safety.network import Network, gathered, hashed, letters, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("weights.npz")
HEADS = ("caution", "refer", "urgent", "emergency", "nerve", "crisis")
"""What each head separates: at least that tier from less; nerve messages from others; self-harm from everything else."""
WORDS, CHARS, RULES = 2**14, 2**14, 2**12
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
    """Columns and values of one message: `text` normalised, `seen` names of what the rules found. Each block has a length of its own."""
    if len(text) > MOST:
        text = text[: MOST // 2] + " " + text[-MOST // 2 :]
    words = [w for w in _split(text) if w]
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
    return gathered(
        (
            (hashed((*words, *pairs), WORDS), 0, 2.0),
            (letters(words, CHARS), WORDS, 2.0),
            (hashed(seen, RULES), WORDS + CHARS, 1.5),
        )
    )


def _split(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text).replace("'", "").split()


@lru_cache(maxsize=1)
def load() -> Network | None:
    """The network, or None where there are no weights for these columns."""
    found = unpack(WEIGHTS, TEXT)
    return None if found is None else found[0]


def heard(states: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
    """What the network hears of a message's states, float32 (t, d), once for all its readings; None without weights or states."""
    network = load()
    return None if network is None else network.heard(states)


def score(text: str, seen: Iterable[str], known: NDArray[np.float32] | None) -> Scores | None:
    """Scores of one message (`text` normalised), or None without weights. `known`: what was `heard` of its states, or None."""
    network = load()
    if network is None:
        return None
    logits = np.clip(network.logits(*columns(text, seen), known), -30, 30)
    return Scores(*(1.0 / (1.0 + np.exp(-logits.astype(float)))).tolist())
