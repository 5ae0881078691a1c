"""Train the network of `safety.network`: folds for the calibration, copies, processes side by side. For `safety.train` and `safety.reply_train`.

Needs torch and the packaged embedding model's own build, which nothing at run time does.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np

from safety.network import both_ends

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

BATCH, DECAY = 128, 0.1
RATE, LOOK_RATE = 6e-3, 2e-3
"""Highest learning rates: of the columns and heads, and of what looks at the states."""
BUCKET = 16
"""Batches whose texts are sorted by length, so that little padding is computed."""
DROP_COLUMNS, DROP_UNITS, DROP_STATES, DROP_PIECES = 0.5, 0.5, 0.25, 0.1
"""Shares left out at every step, chosen on families that were not trained on (deploy/decisions/0006-states.md has what was tried)."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What is learnt from: n examples of m texts, for k heads."""

    columns: Any
    """Sparse (n, columns)."""
    targets: NDArray[np.float32]
    """(n, k); nan where an example says nothing."""
    weights: NDArray[np.float32]
    """(n,): how much each counts."""
    fold: NDArray[np.int64]
    """(n,)"""
    text: NDArray[np.int64]
    """(n,): which text it is; one text may be learnt from in several ways."""
    states: list[NDArray[np.float16]]
    """m times (t, d), as `states_of` gives them."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How large and how long."""

    hidden: int
    """Units between columns and heads of one copy."""
    looks: int
    values: int
    epochs: int
    copies: int
    folds: int
    rare: tuple[float, ...]
    """Weight of a positive example beside a negative one, per head."""
    seed: int = 1


def states_of(texts: Sequence[str], data: Path) -> list[NDArray[np.float16]]:
    """The states of each text's word pieces, float16 (t, d), from the packaged model under `data`; both ends of long ones. Raises TypeError without it."""
    from retrieval.embeddings import load
    from retrieval.onnx import OnnxEmbedder
    from retrieval.words import plain

    embedder = load("minilm", data)
    if not isinstance(embedder, OnnxEmbedder):
        raise TypeError("training needs the packaged model")
    found: list[NDArray[np.float16]] = []
    for start in range(0, len(texts), 2048):
        part = [plain(text) for text in texts[start : start + 2048]]
        found += [both_ends(np.asarray(one.states)).astype(np.float16) for one in embedder.read_all(part)]
    return found


def fit(
    examples: Examples, recipe: Recipe, jobs: int = 1
) -> tuple[list[dict[str, NDArray[np.float32]]], NDArray[np.float32]]:
    """The copies' arrays, and log odds out of fold, float32 (2, n, k): without and with the states. `jobs` copies are trained side by side."""
    _shared[:] = [(examples, recipe)]
    logits = np.zeros((2, *examples.targets.shape), np.float32)
    tasks = [(k, copy) for k in (*range(recipe.folds), None) for copy in range(recipe.copies)]
    copies = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        for done, ((k, _), (arrays, found)) in enumerate(zip(tasks, pool.map(_task, tasks), strict=True), 1):
            if k is None:
                copies.append(arrays)
            else:
                logits[:, examples.fold == k] += found / recipe.copies
            print(f"trained {done} of {len(tasks)}", flush=True)
    _shared.clear()
    return copies, logits


def packed(
    copies: list[dict[str, NDArray[np.float32]]], calibration: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """The copies side by side, as `network.Network` holds them: arrays for `numpy.savez`. `calibration` (2, k, 2) is of the logits of `fit`."""
    embedding = np.concatenate([n["embedding.weight"] for n in copies], axis=1)
    scale = np.maximum(np.abs(embedding).max(axis=0), 1e-6) / 127
    look = [n[f"{part}.weight"].T for part in ("query", "value") for n in copies]
    slopes, intercepts = calibration[..., 0], calibration[..., 1]
    bias = np.mean([n["heads.bias"] for n in copies], axis=0)
    return {
        "embedding": np.round(embedding / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "look": np.concatenate(look, axis=1).astype(np.float16),
        "look_bias": np.concatenate([n["value.bias"] for n in copies]),
        "mix": np.stack([n["mix.weight"].T for n in copies]).astype(np.float16),
        "bias": np.concatenate([n["mix.bias"] for n in copies]),
        "heads": (np.concatenate([n["heads.weight"] for n in copies], axis=1) / len(copies)).astype(
            np.float16
        ),
        "calibration": np.stack([slopes, intercepts + slopes * bias], axis=-1).astype(np.float32),
    }


_shared: list[tuple[Examples, Recipe]] = []
"""What the forked processes learn from: theirs without a copy."""


def _task(task: tuple[int | None, int]) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.float32]]:
    """Train one copy without fold `k`, or on everything: its arrays, and the logits of the fold, (2, rows, heads)."""
    (k, copy), ((examples, recipe),) = task, _shared
    every = np.arange(len(examples.fold))
    network = _trained(examples, recipe, every[examples.fold != k] if k is not None else every, copy)
    apart = every[examples.fold == k] if k is not None else every[:0]
    found = [_logits(network, examples, apart, known=known) for known in (False, True)]
    return {name: value.numpy() for name, value in network.state_dict().items()}, np.stack(found)


def _network(recipe: Recipe, columns: int, dimensions: int) -> Any:
    """The network that `network.Network` runs."""
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.EmbeddingBag(columns, recipe.hidden, mode="sum")
            nn.init.normal_(self.embedding.weight, std=0.02)
            self.query = nn.Linear(dimensions, recipe.looks, bias=False)
            self.value = nn.Linear(dimensions, recipe.values)
            self.mix = nn.Linear(recipe.looks * recipe.values, recipe.hidden)
            self.heads = nn.Linear(recipe.hidden, len(recipe.rare))
            self.drop = nn.Dropout(DROP_UNITS)
            self.drop_pieces = nn.Dropout(DROP_PIECES)

        def forward(self, at: Any, offsets: Any, values: Any, states: Any, real: Any, known: Any) -> Any:
            weights = self.query(states).masked_fill(~real[:, :, None], -1e4).softmax(1)
            kept = torch.relu(self.value(self.drop_pieces(states)))
            pooled = (weights.transpose(1, 2) @ kept).flatten(1) * known
            hidden = self.embedding(at, offsets, per_sample_weights=values) + self.mix(pooled)
            return self.heads(self.drop(torch.relu(hidden)))

    return Network()


def _trained(examples: Examples, recipe: Recipe, rows: NDArray[np.int64], copy: int) -> Any:
    """One copy, trained on `rows`."""
    import torch

    torch.manual_seed(recipe.seed + copy)
    torch.set_num_threads(1)
    order = np.random.default_rng(recipe.seed + copy)
    network = _network(recipe, examples.columns.shape[1], examples.states[0].shape[1])
    words = [network.embedding.weight, *network.heads.parameters()]
    looking = [*network.query.parameters(), *network.value.parameters(), *network.mix.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": words}, {"params": looking}], lr=RATE, weight_decay=DECAY, fused=True
    )
    steps = recipe.epochs * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE, LOOK_RATE], total_steps=steps)
    loss = torch.nn.BCEWithLogitsLoss(reduction="none", pos_weight=torch.tensor(recipe.rare))
    network.train()
    for _ in range(recipe.epochs):
        for chosen in _batches(examples, rows, order):
            wanted = torch.tensor(examples.targets[chosen])
            optimiser.zero_grad()
            faults = loss(network(*_batch(examples, chosen, starve=True)), torch.nan_to_num(wanted))
            counted = ~torch.isnan(wanted) * torch.tensor(examples.weights[chosen])[:, None]
            (faults * counted).mean().backward()
            optimiser.step()
            schedule.step()
    return network.eval()


def _batches(
    examples: Examples, rows: NDArray[np.int64], order: np.random.Generator
) -> list[NDArray[np.int64]]:
    """One epoch: all `rows` in batches of similar length, in random order."""
    lengths = np.array([len(s) for s in examples.states])[examples.text]
    mixed = order.permutation(rows)
    runs = np.split(mixed, range(BATCH * BUCKET, len(mixed), BATCH * BUCKET))
    line = np.concatenate([run[np.argsort(lengths[run], kind="stable")] for run in runs])
    batches = np.split(line, range(BATCH, len(line), BATCH))
    return [batches[n] for n in order.permutation(len(batches))]


def _batch(
    examples: Examples, rows: NDArray[np.int64], *, starve: bool = False, known: bool = True
) -> tuple[Any, ...]:
    """Columns, offsets and values, states (b, t, d) with which of them are real, and whether they are given (b, 1)."""
    import torch

    part = examples.columns[rows]
    values = torch.tensor(part.data.astype(np.float32))
    given = torch.full((len(rows), 1), float(known))
    if starve:
        values = values * (torch.rand(len(values)) > DROP_COLUMNS) / (1 - DROP_COLUMNS)
        given = (torch.rand(len(rows), 1) > DROP_STATES).float()
    texts = [examples.states[n] for n in examples.text[rows]]
    states = np.zeros((len(rows), max(map(len, texts)), texts[0].shape[1]), np.float32)
    real = np.zeros(states.shape[:2], bool)
    for n, one in enumerate(texts):
        states[n, : len(one)] = one
        real[n, : len(one)] = True
    return (
        torch.tensor(part.indices.astype(np.int64)),
        torch.tensor(part.indptr[:-1].astype(np.int64)),
        values,
        torch.tensor(states),
        torch.tensor(real),
        given,
    )


def _logits(network: Any, examples: Examples, rows: NDArray[np.int64], *, known: bool) -> NDArray[np.float32]:
    """Logits of `rows`, float32 (n, heads)."""
    import torch

    found = np.zeros((len(rows), examples.targets.shape[1]), np.float32)
    with torch.no_grad():
        for start in range(0, len(rows), BATCH):
            part = slice(start, start + BATCH)
            found[part] = network(*_batch(examples, rows[part], known=known)).numpy()
    return found
