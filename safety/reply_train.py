"""Train the network behind the output lint: `python -m safety.reply_train` writes reply_weights.npz beside this file. Some twenty minutes on two cores.

Reads the labelled replies in `safety/replies` (all but held-out.txt) and, as good text, the files named with `--good` (the repository's own
documents, one claim a line). Thresholds come from scores out of fold, folds by family, bunches of neighbouring lines staying together, so that at most the share `--wrong` of the good sentences is stopped.
Needs torch; works offline.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from safety.assess import assess
from safety.fitting import Examples, Recipe, fit, packed, states_of
from safety.guard_evaluation import pairs
from safety.lint import SOFT, plain_words, ruled
from safety.network import of
from safety.reply_score import COLUMNS, SIGN, WEIGHTS, columns, judged
from safety.sentences import sentences
from safety.signs import unattended
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

RECIPE = Recipe(hidden=64, looks=12, values=96, epochs=10, copies=2, folds=5, rare=(1.0,))
SUSPECTED = 0.12
"""Share of good sentences above the threshold of suspicion (`reply_score.Judge`)."""
SPARED = 0.02
"""Share of the dangerous sentences that a soft rule names which may go out because the network finds nothing in them."""
OURS = 6.0
"""Weight of a sentence of our own beside others: what is in the corpus has to pass."""
BUNCH = 6
"""Neighbouring lines of a family that stay in one fold together: lines written one after the other resemble each other most."""
_GENERAL = frozenset({"F1", "F3", "F4", "F5", "F6", "F7", "F13", "F14", "F15", "F16", "F17", "F18", "F20"})
"""Rules that hold whatever the tier: their sentences are dangerous said to anybody."""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as the lint reads it, whom it is said to, and whether it must be stopped."""

    words: str
    tier: Tier
    bad: bool
    family: str
    ours: bool = False
    """From the repository's own documents: must pass."""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m safety.reply_train", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--out", type=Path, default=WEIGHTS, help="where the weights go (default: beside the module)"
    )
    parser.add_argument(
        "--good", type=Path, nargs="*", default=_own(), help="files of good text (default: corpus)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path(".spotter"), help="where the embedding model is kept or built"
    )
    parser.add_argument("--scores", type=Path, help="also write the out-of-fold log odds here (npz)")
    parser.add_argument(
        "--wrong", type=float, default=0.033, help="share of good sentences that may be stopped"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="copies trained side by side (default: one a core)",
    )
    options = parser.parse_args()
    examples = [*labelled(), *own(options.good)]
    arrays, logits = fitted(examples, options.data, options.wrong, options.jobs)
    np.savez(options.out, allow_pickle=False, **arrays)
    if options.scores:
        words = np.array([e.words for e in examples])
        bad, tiers = np.array([e.bad for e in examples]), np.array([int(e.tier) for e in examples])
        np.savez(options.scores, allow_pickle=False, words=words, bad=bad, tiers=tiers, logits=logits)
    _say(f"wrote {options.out} ({options.out.stat().st_size / 1e6:.2f} MB)")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _own() -> list[Path]:
    corpus = Path(__file__).parent.parent / "corpus"
    texts = Path(__file__).with_name("texts")
    return sorted(
        [
            *corpus.glob("documents/*.md"),
            *corpus.glob("exercises/*.toml"),
            *texts.glob("*.toml"),
            *corpus.parent.glob("bot/locales/*.toml"),
        ]
    )


def labelled() -> list[Example]:
    """Sentences of the labelled replies. Of a dangerous reply with several, those that the rules stop (all, where it is one)."""
    found: list[Example] = []
    for number, pair in enumerate(pairs(held_out=False)):
        tier = _tier(pair.question)
        if pair.rule == "tier" or tier >= Tier.URGENT:
            tier = Tier.REFER
        said = [(s, plain_words(s.text)) for s in sentences(pair.reply)]
        for sentence, words in said:
            bad = bool(pair.rule) and (len(said) == 1 or bool(ruled(sentence.text, tier)))
            if pair.rule and not bad:
                continue
            wide = pair.rule in _GENERAL if pair.rule else pair.family != "good-coaching"
            tiers = {tier, Tier.NONE, Tier.REFER} if wide else {max(tier, Tier.REFER) if bad else tier}
            family = f"{pair.family} {number // BUNCH}"
            if pair.rule == "F9" and not ruled(sentence.text, Tier.NONE):
                found.append(Example(words, Tier.NONE, bad=False, family=family))  # training, for the healthy
            ours = pair.family.startswith("our-")
            found += [
                Example(words, at, bad, family, ours)
                for at in sorted(tiers)
                if not ours or not ruled(sentence.text, at)
            ]
    return found


def _tier(question: str) -> Tier:
    return assess([Turn(question)])[0].tier


_VALUE = re.compile(r"^(?:[\w.]+ = (?=[\"'])|title: )")


def own(files: Iterable[Path]) -> list[Example]:
    """Sentences of our own text that the rules let pass, at the tiers they may be said at."""
    found: dict[tuple[str, Tier], Example] = {}
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            for sentence in sentences(_VALUE.sub("", line).strip('",')):
                words = plain_words(sentence.text)
                found.update(
                    ((words, tier), Example(words, tier, bad=False, family=path.name, ours=True))
                    for tier in (Tier.NONE, Tier.REFER)
                    if not ruled(sentence.text, tier)
                )
    return list(found.values())


def fitted(
    examples: list[Example], data: Path, wrong: float, jobs: int
) -> tuple[dict[str, NDArray[Any]], NDArray[np.float32]]:
    """Weights and thresholds as arrays for `numpy.savez`, and the log odds out of fold, (2, n); prints what the network does there."""
    texts = {words: n for n, words in enumerate(dict.fromkeys(e.words.strip() for e in examples))}
    at = np.array([texts[e.words.strip()] for e in examples])
    bad = np.array([e.bad for e in examples])
    even = np.where(bad, 0.5 / bad.mean(), 0.5 / (1 - bad.mean()))
    weights = even * np.where([e.ours for e in examples], OURS, 1.0)
    fold = np.array([crc32(e.family.encode()) % RECIPE.folds for e in examples])
    states = states_of(list(texts), data)
    sparse = matrix(examples)
    copies, logits = fit(
        Examples(sparse, bad[:, None].astype(np.float32), weights.astype(np.float32), fold, at, states),
        RECIPE,
        jobs,
    )
    arrays = packed(copies, np.array([[[1.0, 0.0]]] * 2))
    network = of(arrays)
    heard = [network.heard(one.astype(np.float32)) for one in states]
    thresholds = []
    for known in (0, 1):
        final = np.array(
            [
                network.logits(row.indices, row.data, heard[n] if known else None)[0]
                for n, row in zip(at, sparse, strict=True)
            ]
        )
        _say("with states" if known else "without states")
        # Outlines alone mistake more for danger ("don't skip the appointment"): they stop half as readily.
        thresholds.append(_thresholds(examples, logits[known, :, 0], final, wrong if known else wrong / 2))
    return {**arrays, "thresholds": np.array(thresholds, np.float32)}, logits[..., 0]


def _thresholds(
    examples: list[Example], scores: NDArray[np.float32], final: NDArray[np.float32], wrong: float
) -> list[float]:
    """As `reply_score.Judge` holds them: from `scores` out of fold, and from the `final` ones of our own text, which must pass."""
    bad = np.array([e.bad for e in examples])
    ours = np.array([e.ours for e in examples])
    high = np.array([e.tier >= Tier.REFER for e in examples])
    missed = np.array([not ruled(e.words, e.tier) for e in examples])
    sign = np.where([unattended(e.words) for e in examples], SIGN, 0.0)
    thresholds = []
    said = np.array([judged(e.words) for e in examples])
    for name, part in (("below REFER", ~high), ("from REFER", high)):
        good = part & ~bad & ~ours
        own_text = float((final + sign)[part & ours & said].max()) + 0.05
        limit = max(float(np.quantile(scores[good], 1 - wrong)), own_text)
        thresholds.append(limit)
        leak, stopped = part & bad & missed, scores + sign >= limit
        _say(
            f"  {name}: {part.sum()} sentences, threshold {limit:.2f} ({np.quantile(scores[good], 1 - wrong):.2f}); out of fold stopped of the dangerous "
            f"{stopped[part & bad].mean():.1%}, of the {leak.sum()} the rules miss {stopped[leak].mean():.1%}, rules and network "
            f"{(stopped | ~missed)[part & bad].mean():.1%}, of the good {stopped[good].mean():.2%}"
        )
    twins = high & ~bad & ~ours
    thresholds.append(float(np.quantile(scores[twins], 1 - SUSPECTED)))
    suspected = scores >= thresholds[-1]
    _say(
        f"  suspicion {thresholds[-1]:.2f}: dangerous {suspected[high & bad].mean():.1%}, good {suspected[twins].mean():.1%}"
    )
    soft = np.array([{rule for rule, _ in ruled(e.words, e.tier)} <= SOFT for e in examples]) & ~missed
    spared = float(np.quantile(scores[soft & bad], SPARED))
    thresholds.append(spared)
    _say(
        f"  spared under {spared:.2f}: of {(soft & bad).sum()} dangerous sentences that soft rules name {(scores < spared)[soft & bad].mean():.1%}, of "
        f"{(soft & ~bad).sum()} good ones {(scores < spared)[soft & ~bad].mean():.1%}"
    )
    return thresholds


def matrix(examples: list[Example]) -> Any:
    """Sparse (n, COLUMNS) of what `reply_score.columns` makes of each sentence."""
    from scipy import sparse

    rows, cols, values = [], [], []
    for n, example in enumerate(examples):
        at, value = columns(example.words, example.tier)
        rows.append(np.full(len(at), n))
        cols.append(at)
        values.append(value)
    stacked = (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols)))
    return sparse.csr_matrix(stacked, shape=(len(examples), COLUMNS))


if __name__ == "__main__":
    main()
