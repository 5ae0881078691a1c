"""The network behind both scorers: what it hears of states, how it adds them to columns, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from safety.network import PIECES, Network, both_ends, gathered, hashed, letters, unpack

if TYPE_CHECKING:
    from pathlib import Path

LOOKS, VALUES = 2, 4
AT, ONE = np.array([0], np.int32), np.array([1.0], np.float32)


def network() -> Network:
    """Two columns, one copy of two hidden units, states of three dimensions, two heads.

    Unit 0 hears column 0 and the first value of the first look, which weighs word pieces by their third dimension and keeps the first; unit 1 hears
    column 1 alone.
    """
    look = np.zeros((3, LOOKS + VALUES), np.float32)
    look[2, 0] = 50.0
    look[0, LOOKS] = 1.0
    mix = np.zeros((1, LOOKS * VALUES, 2), np.float32)
    mix[0, 0, 0] = 1.0
    return Network(
        embedding=np.array([[2, 0], [0, 100]], np.int8),
        scale=np.array([0.5, 0.01], np.float32),
        look=look,
        look_bias=np.zeros(VALUES, np.float32),
        mix=mix,
        bias=np.array([0.0, -3.0], np.float32),
        heads=np.array([[1, 0], [2, 5]], np.float32),
        calibration=np.array([[[1.0, 0.0]] * 2, [[2.0, -1.0]] * 2], np.float32),
    )


def heard(*states: list[float]) -> list[float]:
    found = network().heard(np.array(states, np.float32))
    assert found is not None
    return found.tolist()


def test_columns_and_states_are_added_and_calibrated_each_way_of_its_own():
    at, values = AT, np.array([3.0], np.float32)
    assert network().logits(at, values, None).tolist() == pytest.approx([3.0, 6.0])
    known = np.array([1.0, 0.0], np.float32)
    assert network().logits(at, values, known).tolist() == pytest.approx([2 * 4.0 - 1, 2 * 8.0 - 1])


def test_a_unit_below_zero_is_silent():
    """Column 1 lifts unit 1 to 1.0 - 3.0: below zero it must not pull the second head down."""
    at = np.array([1], np.int32)
    assert network().logits(at, ONE, None)[1] == pytest.approx(0.0)
    assert network().logits(at, 4 * ONE, None)[1] == pytest.approx(5.0)


def test_a_look_picks_its_word_pieces_and_a_value_below_zero_is_nothing():
    assert heard([5.0, 0.0, 0.0], [1.0, 0.0, 1.0], [-9.0, 0.0, 0.0]) == pytest.approx([1.0, 0.0])
    assert heard([-1.0, 0.0, 1.0]) == [0.0, 0.0]


def test_of_a_long_text_both_ends_are_looked_at():
    states = np.arange(PIECES + 50, dtype=np.float32)[:, None]
    kept = both_ends(states)[:, 0]
    assert len(kept) == PIECES
    assert (kept[0], kept[-1]) == (0, PIECES + 49)
    assert both_ends(states[:PIECES]).tolist() == states[:PIECES].tolist()


@pytest.mark.parametrize("shape", [(7, 768), (3,), (0, 3)])
def test_states_of_another_shape_are_not_used(shape: tuple[int, ...]):
    """A host may name another embedding model; what it makes of a text means nothing to these weights."""
    assert network().heard(np.ones(shape, np.float32)) is None
    assert network().heard(None) is None


def test_weights_of_another_release_are_not_used(tmp_path: Path):
    path = tmp_path / "weights.npz"
    assert unpack(path, 2) is None
    names = ("embedding", "scale", "look", "look_bias", "mix", "bias", "heads", "calibration")
    arrays = {name: getattr(network(), name) for name in names}
    np.savez(path, allow_pickle=False, **arrays)
    found = unpack(path, 2)
    assert found is not None
    assert found[0].logits(AT, ONE, None).tolist() == network().logits(AT, ONE, None).tolist()
    assert unpack(path, 3) is None
    np.savez(path, allow_pickle=False, embedding=arrays["embedding"])
    assert unpack(path, 2) is None


def test_each_block_has_its_length_and_a_column_stands_once():
    at, values = gathered([(np.array([3, 3, 3, 3, 1]), 10, 2.0), (np.array([], np.int64), 20, 1.0)])
    assert at.tolist() == [11, 13]
    assert np.linalg.norm(values) == pytest.approx(2.0)
    assert values[1] / values[0] == pytest.approx(2.0)  # the root of four times
    assert gathered([])[0].size == 0


def test_hashes_stay_below_their_size_and_are_the_same_tomorrow():
    assert hashed(["numb", "foot"], 1000).tolist() == [401, 803]
    assert (letters(["tingling"], 50) < 50).all()
