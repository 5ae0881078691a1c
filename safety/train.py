"""Train and calibrate the backstop's heads: `python -m safety.train` writes weights.npz beside this file.

Trains on messages/training and on the half of the development families that is not held out; calibrates on out-of-fold scores, folds by family.
Needs the development dependencies (scikit-learn) and the default embedding model. This is the one place of the safety layer that imports
`retrieval`; nothing at run time does.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from safety.assess import embeddable
from safety.findings import candidates
from safety.language import detect
from safety.lexicon import LANGUAGES, lexicon
from safety.matcher import read
from safety.messages import Message, load
from safety.semantic import HEADS, TEXT, WEIGHTS, columns
from safety.sight import relevant, sight, telling, trimmed
from safety.types import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m safety.train", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument(
        "--out", type=Path, default=WEIGHTS, help="where the weights go (default: beside the module)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path(".spotter"), help="where the embedding model is kept or built"
    )
    parser.add_argument("--strength", type=float, default=1.0, help="inverse regularisation of the heads")
    options = parser.parse_args()
    messages = [m for m in load("training") if not m.clarify] + [
        m for m in load("development") if not m.held_out and not m.clarify
    ]
    print(f"{len(messages)} messages in {len({m.family for m in messages})} families")
    from retrieval.embeddings import load as load_embedder
    from retrieval.words import plain

    vectors = load_embedder("minilm", options.data).embed([plain(embeddable(m.turns[-1])) for m in messages])
    arrays = fit(messages, vectors, options.strength)
    np.savez_compressed(options.out, allow_pickle=False, **arrays)
    print(f"wrote {options.out} ({options.out.stat().st_size / 1e6:.2f} MB)")


def fit(
    messages: list[Message], vectors: NDArray[np.float32], strength: float = 1.0
) -> dict[str, NDArray[Any]]:
    """Weights of both sets of heads, as arrays for `numpy.savez`. `vectors`: float32 (n, d)."""
    from scipy import sparse

    text = matrix(messages)
    both = sparse.hstack([text, sparse.csr_matrix(vectors * 4.0)]).tocsr()
    arrays: dict[str, NDArray[Any]] = {}
    for name, features in (("full", both), ("text", text)):
        weights, bias, scale = [], [], []
        for head in HEADS:
            row, offset, calibration = _fit_head(features, messages, head, strength)
            weights.append(row)
            bias.append(offset)
            scale.append(calibration)
        stacked = np.array(weights)
        arrays[f"{name}_text"] = stacked[:, :TEXT].astype(np.float16)
        if name == "full":
            arrays["full_vector"] = (stacked[:, TEXT:] * 4.0).astype(np.float16)
        arrays[f"{name}_bias"] = np.array(bias, np.float32)
        arrays[f"{name}_scale"] = np.array(scale, np.float32)
    return arrays


def matrix(messages: list[Message]) -> Any:
    """Sparse (n, TEXT) of what `semantic.columns` makes of each message's last turn."""
    from scipy import sparse

    rows, cols, values = [], [], []
    for n, message in enumerate(messages):
        text = message.turns[-1]
        language = detect(text)
        reading = trimmed(read(text, lexicon(language if language in LANGUAGES else "en")))
        found = candidates(reading)
        kept = telling(reading, found)
        at, value = columns(relevant(reading, kept), sight(reading, found, kept))
        rows.append(np.full(len(at), n))
        cols.append(at)
        values.append(value)
    return sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape=(len(messages), TEXT)
    )


def target(message: Message, head: str) -> bool:
    """What the head must say of the message."""
    tiers = {"caution": Tier.CAUTION, "refer": Tier.REFER, "urgent": Tier.URGENT, "emergency": Tier.EMERGENCY}
    if head in tiers:
        return message.tier >= tiers[head]
    return message.nerve if head == "nerve" else message.crisis


def _usable(message: Message, head: str) -> bool:
    """Self-harm says nothing of the tiers; a conversation's last turn says little of what came before."""
    return (head == "crisis" or not message.crisis) and len(message.turns) == 1


def _fit_head(
    features: Any, messages: list[Message], head: str, strength: float
) -> tuple[NDArray[np.float64], float, float]:
    from sklearn.linear_model import LogisticRegression

    chosen = np.array([i for i, m in enumerate(messages) if _usable(m, head)])
    x = features[chosen]
    y = np.array([target(messages[i], head) for i in chosen])
    families = [messages[i].family for i in chosen]
    order = {f: n % FOLDS for n, f in enumerate(sorted(set(families), key=hash_of))}
    fold = np.array([order[f] for f in families])
    scores = np.zeros(len(y))
    for k in range(FOLDS):
        model = LogisticRegression(C=strength, max_iter=3000).fit(x[fold != k], y[fold != k])
        scores[fold == k] = model.decision_function(x[fold == k])
    platt = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), y)
    model = LogisticRegression(C=strength, max_iter=3000).fit(x, y)
    slope = float(platt.coef_[0, 0])
    print(f"{head:>10}: {y.sum()} of {len(y)}, out of fold AUC {_auc(y, scores):.3f}")
    return model.coef_[0], float(model.intercept_[0]) + float(platt.intercept_[0]) / slope, slope


def hash_of(text: str) -> int:
    """A stable order of families."""
    from zlib import crc32

    return crc32(text.encode())


def _auc(y: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, scores))


if __name__ == "__main__":
    main()
