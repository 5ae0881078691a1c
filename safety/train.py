"""Train the backstop: `make train`, or `python -m safety.train [--data DIR]`. A few minutes on one core.

Learns from messages/training and the tuned half of messages/development: every message that is one turn long, and the turns of harmless
conversations in which the rules see no sign ("and after that?" is nothing to worry about by itself), and the ways to ask for what the documents
say (`corpus/documents/asked`). The network is kept small and starved
(half of the columns and of the hidden units are left out at every step, the vector a quarter of the time), since families of twins differ in a word
or two: it must not lean on any single one. Chances are calibrated on scores of folds that were not trained on; families never straddle folds.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from safety.assess import embeddable
from safety.concepts import concept_of
from safety.findings import candidates
from safety.language import detect
from safety.lexicon import lexicon
from safety.matcher import read
from safety.messages import Message, load
from safety.semantic import HEADS, HIDDEN, REACH, TEXT, WEIGHTS, columns
from safety.sight import relevant, sight, telling, trimmed
from safety.types import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 3
TURN = "turn"
"""Tag of a turn taken out of a conversation: whether the conversation's ache is in it is not known."""
EPOCHS, BATCH, RATE, DECAY = 14, 128, 3e-3, 0.1
ASKED = Path(__file__).parent.parent / "corpus" / "documents" / "asked"
"""Ways to ask, one a list item."""
SYMPTOMS = frozenset({"when-to-seek-help", "living-with-sciatica", "imaging-and-mri"})
"""Documents about symptoms: somebody may ask for what they say because of his own."""
RARE = 6.0
"""Weight of a message in crisis beside one that is not; the calibration takes it out of the chances again."""
COPIES = 3
"""Networks from different starts whose logits are averaged: AUC of EMERGENCY out of fold 0.970 for one, 0.972 for three."""
DROP_COLUMNS, DROP_UNITS, DROP_VECTOR = 0.5, 0.5, 0.25
"""Chosen on families that were not trained on: a linear model found 0.883 of what needs a clinician at a specificity of 0.92, this one 0.920."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What is learnt from: columns sparse (n, TEXT), vectors float32 (n, d), targets float32 (n, heads), fold of each message."""

    columns: Any
    vectors: NDArray[np.float32]
    targets: NDArray[np.float32]
    fold: NDArray[np.int64]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument(
        "--data", type=Path, default=Path(".spotter"), help="where the embedding model is kept or built"
    )
    parser.add_argument("--scores", type=Path, help="also write the out-of-fold chances here (npz)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    messages = single([*load("training"), *(m for m in load("development") if not m.held_out)]) + asked()
    print(f"{len(messages)} messages in {len({m.family for m in messages})} families")
    from retrieval.embeddings import load as load_embedder
    from retrieval.words import plain

    vectors = load_embedder("minilm", options.data).embed([plain(embeddable(m.turns[-1])) for m in messages])
    examples = _with_whole(messages, Examples(matrix(messages), vectors, targets(messages), folds(messages)))
    arrays, chances = fit(examples, options.seed)
    np.savez(options.out, allow_pickle=False, **arrays)  # uncompressed: unpacking would cost at every start
    print(f"wrote {options.out} ({options.out.stat().st_size / 1e6:.2f} MB)")
    if options.scores:
        np.savez(
            options.scores,
            allow_pickle=False,
            chances=chances[:, : len(messages)],
            texts=np.array([m.turns[-1] for m in messages]),
        )


def single(messages: list[Message]) -> list[Message]:
    """What can be learnt from: messages of one turn, and as such the turns of harmless conversations, tagged `TURN`.

    Not a turn in which the rules see a sign: it may be the next one that explains it.
    """
    found: list[Message] = []
    for message in messages:
        if message.clarify or (len(message.turns) > 1 and (message.crisis or message.tier >= Tier.REFER)):
            continue
        if len(message.turns) == 1:
            found.append(message)
        else:
            found += [
                replace(message, turns=(turn,), tags=message.tags | {TURN})
                for turn in message.turns
                if not _sign(turn)
            ]
    return found


def asked(folder: Path = ASKED) -> list[Message]:
    """The ways to ask for what our documents say: harmless, whatever body parts they name. A heading is a family."""
    found: list[Message] = []
    for path in sorted(folder.glob("*.md")):
        if path.stem in SYMPTOMS:
            continue
        heading = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("#"):
                heading = line.strip("# ")
            elif line.startswith("- ") and not _sign(line[2:]):
                name = f"{path.stem}-{number}"
                found.append(
                    Message(name, f"{path.stem} {heading}", (line[2:],), "N", frozenset({TURN}), "en")
                )
    return found


def _sign(text: str) -> bool:
    """Whether the rules see anything in a text that by itself would need a clinician."""
    found = candidates(read(text, lexicon(detect(text))))
    return any(concept_of(candidate).tier >= Tier.REFER for candidate in found)


def _with_whole(messages: list[Message], examples: Examples) -> Examples:
    """`examples`, and once more every message of which only some clauses were read: whole, and for the crisis head alone (`backstop.raised`)."""
    from scipy import sparse

    whole = matrix(messages, whole=True)
    rows = np.flatnonzero(np.asarray(abs(whole - examples.columns).sum(axis=1)).ravel() > 0)
    wanted = np.full((len(rows), len(HEADS)), np.nan, np.float32)
    crisis = HEADS.index("crisis")
    wanted[:, crisis] = examples.targets[rows, crisis]
    return Examples(
        sparse.vstack([examples.columns, whole[rows]]).tocsr(),
        np.concatenate([examples.vectors, examples.vectors[rows]]),
        np.concatenate([examples.targets, wanted]),
        np.concatenate([examples.fold, examples.fold[rows]]),
    )


def fit(examples: Examples, seed: int = 1) -> tuple[dict[str, NDArray[Any]], NDArray[np.float32]]:
    """Weights as arrays for `numpy.savez`, and the out-of-fold chances, float32 (2, n, heads): without and with the vector."""
    logits = np.zeros((2, *examples.targets.shape), np.float32)
    for k in range(FOLDS):
        apart = examples.fold == k
        networks = _trained(examples, np.flatnonzero(~apart), seed)
        rows = np.flatnonzero(apart)
        for known in (0, 1):
            logits[known, rows] = np.mean(
                [_logits(network, examples, rows, known=bool(known)) for network in networks], axis=0
            )
        print(f"fold {k + 1} of {FOLDS}")
    calibration = _calibrate(logits, examples.targets)
    chances = 1 / (1 + np.exp(-(logits * calibration[:, None, :, 0] + calibration[:, None, :, 1])))
    networks = _trained(examples, np.arange(len(examples.targets)), seed)
    embedding = np.concatenate([n.embedding.weight.detach().numpy() for n in networks], axis=1)
    scale = np.maximum(np.abs(embedding).max(axis=0), 1e-6) / 127
    heads_bias = np.mean([n.heads.bias.detach().numpy() for n in networks], axis=0)
    calibration[:, :, 1] += calibration[:, :, 0] * heads_bias
    heads = np.concatenate([n.heads.weight.detach().numpy() for n in networks], axis=1) / COPIES
    arrays = {
        "embedding": np.round(embedding / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "vector": (np.concatenate([n.vector.weight.detach().numpy() for n in networks]) * REACH).astype(
            np.float16
        ),
        "bias": np.concatenate([n.vector.bias.detach().numpy() for n in networks]).astype(np.float32),
        "heads": heads.astype(np.float16),
        "calibration": calibration.astype(np.float32),
    }
    return arrays, chances.astype(np.float32)


def _network() -> Any:
    """The network that `semantic.Network` runs: an embedding of the columns plus a layer over the vector, one hidden layer, the heads."""
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.EmbeddingBag(TEXT, HIDDEN, mode="sum")
            nn.init.normal_(self.embedding.weight, std=0.02)
            self.vector = nn.LazyLinear(HIDDEN)
            self.heads = nn.Linear(HIDDEN, len(HEADS))
            self.drop = nn.Dropout(DROP_UNITS)

        def forward(self, at: Any, offsets: Any, values: Any, vectors: Any) -> Any:
            hidden = self.embedding(at, offsets, per_sample_weights=values) + self.vector(vectors * REACH)
            return self.heads(self.drop(torch.relu(hidden)))

    return Network()


def _trained(examples: Examples, rows: NDArray[np.int64], seed: int) -> list[Any]:
    return [_train(examples, rows, seed + n) for n in range(COPIES)]


def _train(examples: Examples, rows: NDArray[np.int64], seed: int) -> Any:
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    order = np.random.default_rng(seed)
    network = _network()
    network(*_batch(examples, rows[:2]))
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    steps = EPOCHS * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE * 2, total_steps=steps)
    rare = torch.ones(len(HEADS))
    rare[HEADS.index("crisis")] = RARE
    loss = torch.nn.BCEWithLogitsLoss(reduction="none", pos_weight=rare)
    rows = rows.copy()
    network.train()
    for _ in range(EPOCHS):
        order.shuffle(rows)
        for start in range(0, len(rows), BATCH):
            chosen = rows[start : start + BATCH]
            wanted = torch.tensor(examples.targets[chosen])
            optimiser.zero_grad()
            faults = loss(network(*_batch(examples, chosen, starve=True)), torch.nan_to_num(wanted))
            (faults * ~torch.isnan(wanted)).mean().backward()
            optimiser.step()
            schedule.step()
    return network.eval()


def _batch(
    examples: Examples, rows: NDArray[np.int64], *, starve: bool = False, known: bool = True
) -> tuple[Any, ...]:
    import torch

    part = examples.columns[rows]
    values = torch.tensor(part.data.astype(np.float32))
    vectors = torch.tensor(examples.vectors[rows]) * float(known)
    if starve:
        values = values * (torch.rand(len(values)) > DROP_COLUMNS) / (1 - DROP_COLUMNS)
        vectors = vectors * (torch.rand(len(rows), 1) > DROP_VECTOR)
    return (
        torch.tensor(part.indices.astype(np.int64)),
        torch.tensor(part.indptr[:-1].astype(np.int64)),
        values,
        vectors,
    )


def _logits(network: Any, examples: Examples, rows: NDArray[np.int64], *, known: bool) -> NDArray[np.float32]:
    import torch

    with torch.no_grad():
        return np.asarray(network(*_batch(examples, rows, known=known)).numpy(), np.float32)


def _calibrate(logits: NDArray[np.float32], wanted: NDArray[np.float32]) -> NDArray[np.float64]:
    """Slope and intercept per head (Platt), without and with the vector: float64 (2, heads, 2)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    calibration = np.zeros((2, len(HEADS), 2))
    for known in (0, 1):
        for n, head in enumerate(HEADS):
            used = ~np.isnan(wanted[:, n])
            x, y = logits[known, used, n], wanted[used, n] > 0
            model = LogisticRegression(C=1e6).fit(x.reshape(-1, 1), y)
            calibration[known, n] = model.coef_[0, 0], model.intercept_[0]
            vector = "with vector" if known else "without"
            print(
                f"{head:>10} {vector:>12}: {y.sum()} of {len(y)}, out of fold AUC {roc_auc_score(y, x):.4f}"
            )
    return calibration


def matrix(messages: list[Message], *, whole: bool = False) -> Any:
    """Sparse (n, TEXT) of what `semantic.columns` makes of each message's last turn: of its telling clauses, or of the `whole`."""
    from scipy import sparse

    rows, cols, values = [], [], []
    for n, message in enumerate(messages):
        text = message.turns[-1]
        language = detect(text)
        complete = read(text, lexicon(language))
        reading = trimmed(complete)
        found = candidates(reading)
        kept = telling(reading, found)
        words = " ".join(complete.tokens.words) if whole else relevant(reading, kept)
        at, value = columns(words, sight(reading, found, kept))
        rows.append(np.full(len(at), n))
        cols.append(at)
        values.append(value)
    return sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape=(len(messages), TEXT)
    )


def targets(messages: list[Message]) -> NDArray[np.float32]:
    """What each head must say of each message, float32 (n, heads); nan where it says nothing (self-harm has no tier)."""
    tiers = {"caution": Tier.CAUTION, "refer": Tier.REFER, "urgent": Tier.URGENT, "emergency": Tier.EMERGENCY}
    wanted = np.full((len(messages), len(HEADS)), np.nan, np.float32)
    for n, message in enumerate(messages):
        for k, head in enumerate(HEADS):
            if head == "crisis":
                wanted[n, k] = message.crisis
            elif not message.crisis and not (head == "caution" and TURN in message.tags):
                wanted[n, k] = message.tier >= tiers[head] if head in tiers else message.nerve
    return wanted


def folds(messages: list[Message]) -> NDArray[np.int64]:
    """Fold of each message, by family, the same at every run."""
    order = {f: n % FOLDS for n, f in enumerate(sorted({m.family for m in messages}, key=_hash_of))}
    return np.array([order[m.family] for m in messages])


def _hash_of(text: str) -> int:
    from zlib import crc32

    return crc32(text.encode())


if __name__ == "__main__":
    main()
