import numpy as np
import pytest

from retrieval import lists


@pytest.fixture
def vectors():
    """Passages around topics, as real ones are."""
    rng = np.random.default_rng(4)
    topics = rng.standard_normal((40, 16))
    found = topics[rng.integers(0, 40, 5_000)] + 0.5 * rng.standard_normal((5_000, 16))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def exact(vectors, question, count):
    return np.argsort(-(vectors @ question), kind="stable")[:count].tolist()


def test_one_list_is_exact(vectors):
    built = lists.build(vectors)
    assert len(built.middles) == 1
    assert built.nearest(vectors[7], 20).tolist() == exact(vectors, vectors[7], 20)


def test_many_lists_find_nearly_all_of_the_nearest(vectors, monkeypatch):
    monkeypatch.setattr(lists, "LISTS_FROM", 1_000)
    built = lists.build(vectors)
    assert len(built.middles) == 282
    shares = []
    for question in vectors[::250]:
        found = set(built.nearest(question, 50).tolist())
        shares.append(len(found & set(exact(vectors, question, 50))) / 50)
    assert np.mean(shares) > 0.95


def test_every_passage_is_in_one_list(vectors, monkeypatch):
    monkeypatch.setattr(lists, "LISTS_FROM", 1_000)
    built = lists.build(vectors)
    assert sorted(built.rows.tolist()) == list(range(5_000))
    assert (built.starts[0], built.starts[-1]) == (0, 5_000)
    np.testing.assert_array_equal(built.reduced, vectors[built.rows])


def test_no_passages_at_all():
    built = lists.build(np.empty((0, 16), dtype=np.float32))
    assert built.nearest(np.ones(16, dtype=np.float32), 5).tolist() == []
