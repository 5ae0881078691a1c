"""Training: what numpy runs later is what torch learnt, and folds stay apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from safety.fitting import Examples, Recipe, fit, packed
from safety.network import of

RECIPE = Recipe(hidden=4, looks=2, values=3, epochs=6, copies=2, folds=2, rare=(1.0, 6.0))
COUNT, COLUMNS, DIMENSIONS = 200, 12, 5


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Column 0 tells the first head, the first dimension of some word piece the second; a few examples say nothing of it."""
    random = np.random.default_rng(0)
    columns = random.random((COUNT, COLUMNS)) * (random.random((COUNT, COLUMNS)) < 0.5)
    states = [random.standard_normal((n % 7 + 1, DIMENSIONS)).astype(np.float16) for n in range(COUNT)]
    targets = np.stack([columns[:, 0] > 0, [one[:, 0].max() > 1 for one in states]], axis=1).astype(
        np.float32
    )
    targets[::10, 1] = np.nan
    ones = np.ones(COUNT, np.float32)
    return Examples(sparse.csr_matrix(columns), targets, ones, np.arange(COUNT) % 2, np.arange(COUNT), states)


@pytest.fixture(scope="module")
def fitted(examples: Examples):
    return fit(examples, RECIPE)


def test_the_packed_network_says_what_the_trained_copies_say(examples: Examples, fitted):
    """Rounding to int8 and float16 apart. The copies are run by hand here, a second time written down."""
    copies, _ = fitted
    network = of(packed(copies, np.array([[[1.0, 0.0]] * 2] * 2)))
    for n in range(20):
        row, pieces = examples.columns[n].toarray()[0], examples.states[n].astype(np.float32)
        for known in (False, True):
            wanted = np.zeros(2)
            for copy in copies:
                weights = np.exp(pieces @ copy["query.weight"].T)
                weights /= weights.sum(axis=0)
                kept = np.maximum(pieces @ copy["value.weight"].T + copy["value.bias"], 0)
                heard = (weights.T @ kept).ravel() @ copy["mix.weight"].T * known + copy["mix.bias"]
                hidden = np.maximum(row @ copy["embedding.weight"] + heard, 0)
                wanted += (hidden @ copy["heads.weight"].T + copy["heads.bias"]) / len(copies)
            at = np.flatnonzero(row).astype(np.int32)
            found = network.logits(at, row[at].astype(np.float32), network.heard(pieces) if known else None)
            np.testing.assert_allclose(found, wanted, atol=0.02)


def test_every_example_is_scored_by_copies_that_did_not_learn_from_its_fold(examples: Examples, fitted):
    _, logits = fitted
    assert logits.shape == (2, COUNT, 2)
    assert (logits != 0).all()
    changed = examples.targets.copy()
    changed[examples.fold == 0] = 1 - changed[examples.fold == 0]
    turned = Examples(
        examples.columns, changed, examples.weights, examples.fold, examples.text, examples.states
    )
    _, again = fit(turned, RECIPE)
    np.testing.assert_array_equal(again[:, examples.fold == 0], logits[:, examples.fold == 0])
    assert (again[:, examples.fold == 1] != logits[:, examples.fold == 1]).any()


def test_the_calibration_counts_the_bias_of_the_heads_once(fitted):
    copies, _ = fitted
    slope, intercept = 2.0, -1.0
    arrays = packed(copies, np.array([[[slope, intercept]] * 2] * 2))
    bias = np.mean([copy["heads.bias"] for copy in copies], axis=0)
    np.testing.assert_allclose(arrays["calibration"][0, :, 1], intercept + slope * bias, rtol=1e-5)
