import numpy as np
import pytest

from retrieval.fusion import Scale, moments, top


def test_the_closed_form_is_the_mean_and_spread_of_all_cosines():
    rng = np.random.default_rng(3)
    parts = [rng.standard_normal((n, 16)).astype(np.float32) for n in (40, 7)]
    vector = rng.standard_normal(16).astype(np.float32)
    vector /= np.linalg.norm(vector)
    scale = Scale.of_cosines([(moments(part, 16), len(part)) for part in parts], vector)
    cosines = np.concatenate(parts) @ vector
    assert scale.mean == pytest.approx(cosines.mean(), abs=1e-4)
    assert scale.deviation == pytest.approx(cosines.std(), rel=1e-3)


def test_of_many_directions_the_leading_ones_are_enough():
    rng = np.random.default_rng(4)
    vectors = rng.standard_normal((500, 48)).astype(np.float32) * np.geomspace(1, 0.05, 48, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scale = Scale.of_cosines([(moments(vectors[:-1], 12), 499)], vectors[-1])
    cosines = vectors[:-1] @ vectors[-1]
    assert scale.mean == pytest.approx(cosines.mean(), abs=1e-5)
    assert scale.deviation == pytest.approx(cosines.std(), rel=0.05)


def test_scores_without_spread_stay_finite():
    scale = Scale.of_scores([np.zeros(5, dtype=np.float32)])
    assert np.isfinite(scale(np.zeros(5, dtype=np.float32))).all()


def test_the_best_come_first_and_ties_keep_their_order():
    scores = np.array([1, 3, 2, 3, 0], dtype=np.float32)
    assert top(scores, 3).tolist() == [1, 3, 2]
    assert top(scores, 99).tolist() == [1, 3, 2, 0, 4]
    assert top(scores[:0], 3).tolist() == []


@pytest.mark.parametrize("kind", ["spread", "sparse", "equal"])
def test_the_best_of_very_many_are_exact(kind):
    rng = np.random.default_rng(5)
    scores = {
        "spread": rng.standard_normal(50_000),
        "sparse": np.where(rng.random(50_000) < 0.001, rng.random(50_000), 0),
        "equal": np.ones(50_000),
    }[kind].astype(np.float32)
    assert top(scores, 256).tolist() == np.argsort(-scores, kind="stable")[:256].tolist()
