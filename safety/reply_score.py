"""The network behind the output lint: how dangerous one sentence of a reply reads, from its words, letters and outline, and from its states if given.

It may stop a sentence that the rules let pass, and where a rule rests on everyday words it may say that nothing is in it (`harmless`). Weights come from
`python -m safety.reply_train`; without weights the rules stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from safety.kinds import outline
from safety.network import Block, Network, gathered, hashed, letters, unpack
from safety.types import Tier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("reply_weights.npz")
WORDS, CHARS, KINDS = 2**14, 2**14, 2**13
COLUMNS = 2 * WORDS + CHARS + 2 * KINDS
"""Columns: words, pairs and triples; the same again for replies to somebody at REFER or above; letters in threes to fives; outlines (`safety.kinds`),
and those again at REFER or above."""
REACH = 9
"""Kinds of words are paired across so many."""
SIGN = 2.0
"""How much lower a sentence must score that names a sign and nobody who could look at it. Of such sentences the linear head that stood here first
stopped 93 % of the dangerous ones with it (85 % without) and 15 % of the good, out of fold."""
BRIEF, BRIEFLY = 6, 1.5
"""Words up to which a sentence says little ("you'll get it", "not bro science"), and how much higher it must score. Among the judged sentences such are dangerous
half as often as long ones; of 600 dangerous replies by blind authors none hung on one."""
LONGEST = 400
"""Characters of a sentence that are looked at; longer ones are read from both ends."""


@dataclass(frozen=True, slots=True)
class Judge:
    """The network, and the log odds from which it stops a sentence."""

    network: Network
    thresholds: NDArray[np.float32]
    """(2, 4), without and with states: below REFER; from REFER on; from REFER on for a sentence that neither hedges nor limits anything, which
    does not stand beside the safety block alone; and the one under which a soft rule's sentence goes out after all."""


def columns(words: str, tier: Tier) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of a sentence as `safety.lint.plain_words` reads it, said to somebody at `tier`. Each block has length one."""
    if len(words) > LONGEST:
        words = f"{words[: LONGEST // 2]} {words[-LONGEST // 2 :]}"
    tokens = ["<", *words.split(), ">"]
    runs = [" ".join(tokens[i : i + size]) for size in (1, 2, 3) for i in range(len(tokens) - size + 1)]
    skips = [f"{a} _ {b}" for a, b in zip(tokens, tokens[2:], strict=False)]
    said = hashed((*runs, *skips), WORDS)
    shapes = hashed(_outlines(tokens[1:-1]), KINDS)
    blocks: list[Block] = [
        (said, 0, 2.0),
        (letters(tokens[1:-1], CHARS), 2 * WORDS, 1.5),
        (shapes, 2 * WORDS + CHARS, 2.0),
    ]
    if tier >= Tier.REFER:
        blocks += [(said, WORDS, 1.0), (shapes, 2 * WORDS + CHARS + KINDS, 1.0)]
    return gathered(blocks)


def _outlines(tokens: list[str]) -> list[str]:
    """Runs of one to four kinds, and pairs of kinds in order within `REACH`."""
    kinds = ["<", *outline(tokens), ">"]
    runs = [" ".join(kinds[i : i + size]) for size in (1, 2, 3, 4) for i in range(len(kinds) - size + 1)]
    far = [
        f"{a} .. {b}"
        for i, a in enumerate(kinds)
        if a.isupper()
        for b in kinds[i + 2 : i + REACH]
        if b.isupper()
    ]
    return [*runs, *far]


@lru_cache(maxsize=1)
def load() -> Judge | None:
    """The network and its thresholds, or None where there are no weights for these columns."""
    found = unpack(WEIGHTS, COLUMNS)
    return None if found is None else Judge(found[0], found[1]["thresholds"])


def dangerous(
    words: str,
    tier: Tier,
    states: NDArray[np.float32] | None = None,
    *,
    suspicious: bool = False,
    sign: bool = False,
) -> bool:
    """Whether the network would stop the sentence `words`; False without weights and for sentences of fewer than three words.

    `states`: of the sentence's word pieces, float32 (t, d), or None. `suspicious` asks at REFER with the lowest threshold, see `Judge.thresholds`.
    `sign`: the sentence names a sign and nobody to look at it (`safety.signs`).
    """
    found = _scored(words, tier, states)
    if found is None:
        return False
    score, (below, above, suspicion, _) = found
    limit = suspicion if suspicious else (above if tier >= Tier.REFER else below) - SIGN * sign
    if not (suspicious or sign) and len(words.split()) <= BRIEF:
        limit += BRIEFLY
    return bool(score >= limit)


def harmless(words: str, tier: Tier, states: NDArray[np.float32] | None = None) -> bool:
    """Whether the network finds next to nothing in the sentence `words`, so that a soft rule of the lint does not stand; False without weights."""
    found = _scored(words, tier, states)
    return found is not None and bool(found[0] < found[1][-1])


def _scored(
    words: str, tier: Tier, states: NDArray[np.float32] | None
) -> tuple[float, NDArray[np.float32]] | None:
    judge = load()
    if judge is None or not judged(words):
        return None
    known = judge.network.heard(states)
    score = float(judge.network.logits(*columns(words, tier), known)[0])
    return score, judge.thresholds[int(known is not None)]


def judged(words: str) -> bool:
    """Whether a sentence, as `safety.lint.plain_words` reads it, says enough to be judged."""
    return words.count(" ") >= _FEWEST


_FEWEST = 4
"""Spaces around and in the words of a sentence that says enough to be judged: three words."""
