"""Train the head behind the output lint: `python -m safety.reply_train` writes reply_weights.npz beside this file.

Reads the labelled replies in `safety/replies` (all but held-out.txt) and, as good text, the files named with `--good` (the repository's own
documents, one claim a line). Thresholds come from scores out of fold, folds by family, bunches of neighbouring lines staying together, so that at most the share `--wrong` of the good sentences is stopped.
Needs scikit-learn, a development dependency; works offline.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from safety.assess import assess
from safety.guard_evaluation import pairs
from safety.lint import plain_words, ruled
from safety.reply_score import COLUMNS, SIGN, WEIGHTS, columns, dense
from safety.sentences import sentences
from safety.signs import unattended
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

FOLDS = 5
SUSPECTED = 0.12
"""Share of good sentences above the threshold of suspicion (`reply_score.Head`)."""
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
    parser.add_argument("--strength", type=float, default=4.0, help="inverse regularisation")
    parser.add_argument(
        "--wrong", type=float, default=0.06, help="share of good sentences that may be stopped"
    )
    options = parser.parse_args()
    examples = [*labelled(), *own(options.good)]
    from retrieval.embeddings import load as load_embedder
    from retrieval.words import plain

    embedder = load_embedder("minilm", options.data)
    distinct = {words: n for n, words in enumerate(dict.fromkeys(e.words.strip() for e in examples))}
    found = np.concatenate(
        [
            embedder.embed([plain(words) for words in list(distinct)[start : start + 64]])
            for start in range(0, len(distinct), 64)
        ]
    )
    vectors = found[[distinct[e.words.strip()] for e in examples]]
    arrays: dict[str, Any] = dict(fit(examples, vectors, options.strength, options.wrong))
    np.savez_compressed(options.out, **arrays)
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
            found += [
                Example(words, at, bad, family, ours=pair.family.startswith("our-"))
                for at in sorted(tiers)
                if bad or not ruled(sentence.text, at)
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


def fit(
    examples: list[Example], vectors: NDArray[np.float32], strength: float, wrong: float
) -> dict[str, NDArray[Any]]:
    """Weights, bias and thresholds as arrays for `numpy.savez`, without and with `vectors` (n, d); prints what the heads do out of fold."""
    from scipy import sparse

    words = matrix(examples)
    known = sparse.csr_matrix(np.array([dense(v, e.tier) for v, e in zip(vectors, examples, strict=True)]))
    parts = []
    for name, x in (("without vector", words), ("with vector", sparse.hstack([words, known]).tocsr())):
        _say(name)
        parts.append(_fit(examples, x, strength, wrong))
    return {
        "weights": np.array([model.coef_[0][:COLUMNS] for model, _ in parts], np.float16),
        "dense": parts[1][0].coef_[0][COLUMNS:].astype(np.float16),
        "bias": np.array([model.intercept_[0] for model, _ in parts], np.float32),
        "thresholds": np.array([thresholds for _, thresholds in parts], np.float32),
    }


def _fit(examples: list[Example], x: Any, strength: float, wrong: float) -> tuple[Any, list[float]]:
    """The model of all examples and the thresholds that scores out of fold give."""
    from sklearn.linear_model import LogisticRegression

    bad = np.array([e.bad for e in examples])
    ours = np.array([e.ours for e in examples])
    high = np.array([e.tier >= Tier.REFER for e in examples])
    fold = np.array([crc32(e.family.encode()) % FOLDS for e in examples])
    missed = np.array([not ruled(e.words, e.tier) for e in examples])
    sign = np.where([unattended(e.words) for e in examples], SIGN, 0.0)
    weight = np.where(ours, OURS, 1.0)

    def trained(rows: NDArray[np.bool_]) -> Any:
        model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced")
        return model.fit(x[rows], bad[rows], sample_weight=weight[rows])

    scores = np.zeros(len(bad))
    for k in range(FOLDS):
        scores[fold == k] = trained(fold != k).decision_function(x[fold == k])
    model = trained(np.ones(len(bad), bool))
    final = model.decision_function(x)
    thresholds = []
    for name, part in (("below REFER", ~high), ("from REFER", high)):
        good = part & ~bad & ~ours
        limit = max(
            float(np.quantile(scores[good], 1 - wrong)), float((final + sign)[part & ours].max()) + 0.05
        )
        thresholds.append(limit)
        leak, stopped = part & bad & missed, scores + sign >= limit
        _say(
            f"  {name}: {part.sum()} sentences, threshold {limit:.2f} ({np.quantile(scores[good], 1 - wrong):.2f}); out of fold stopped of the dangerous "
            f"{stopped[part & bad].mean():.1%}, of the {leak.sum()} the rules miss {stopped[leak].mean():.1%}, rules and head "
            f"{(stopped | ~missed)[part & bad].mean():.1%}, of the good {stopped[good].mean():.2%}"
        )
    twins = high & ~bad & ~ours
    thresholds.append(float(np.quantile(scores[twins], 1 - SUSPECTED)))
    suspected = scores >= thresholds[-1]
    _say(
        f"  suspicion {thresholds[-1]:.2f}: dangerous {suspected[high & bad].mean():.1%}, good {suspected[twins].mean():.1%}"
    )
    return model, thresholds


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
