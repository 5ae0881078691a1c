"""The heads: what they look at, that they are calibrated probabilities, and that they work without a vector and without weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety import semantic
from safety.semantic import CHARS, HEADS, MOST, RULES, TEXT, WEIGHTS, WORDS, Network, columns, load, score

if TYPE_CHECKING:
    from pathlib import Path

UNIT = np.full(384, 1 / np.sqrt(384), np.float32)


@pytest.fixture
def fresh_heads():
    """`load` remembers; forget before and after."""
    load.cache_clear()
    yield
    load.cache_clear()


def test_columns_are_those_of_three_blocks_each_of_the_same_length_for_every_text():
    for text, seen in (
        ("my foot is numb", ["mark:numb"]),
        ("numb " * 40 + "foot", ["mark:numb", "tier:2", "rule:R2"]),
    ):
        at, values = columns(text, seen)
        for low, high, length in ((0, WORDS, 2.0), (WORDS, WORDS + CHARS, 2.0), (WORDS + CHARS, TEXT, 1.5)):
            block = values[(at >= low) & (at < high)]
            assert np.linalg.norm(block) == pytest.approx(length, rel=1e-5)
        assert len(set(at.tolist())) == len(at)
        assert at.max() < WORDS + CHARS + RULES == TEXT


def test_word_order_counts_and_case_of_apostrophes_does_not():
    assert columns("numb not foot", [])[0].tolist() != columns("foot not numb", [])[0].tolist()
    assert columns("can't feel", [])[0].tolist() == columns("cant feel", [])[0].tolist()


def test_a_misspelt_word_keeps_most_of_its_letters():
    right, wrong = (set(columns(w, [])[0].tolist()) for w in ("tingling", "tinglling"))
    assert len(right & wrong) / len(right) > 0.4
    other = set(columns("deadlift", [])[0].tolist())
    assert not right & other


def test_a_long_message_is_read_from_both_ends():
    long = "start " + "middle " * 2000 + "end"
    shortened = long[: MOST // 2] + " " + long[-MOST // 2 :]
    assert columns(long, [])[0].tolist() == columns(shortened, [])[0].tolist()


def test_no_text_no_columns():
    at, values = columns("", [])
    assert len(at) == len(values) == 0
    assert columns("💀 !!!", [])[0].size == 0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_columns_in_range(text: str):
    at, values = columns(text, ["tier:0"])
    assert ((at >= 0) & (at < TEXT)).all()
    assert np.isfinite(values).all()


def network() -> Network:
    """Two columns, two hidden units, a vector of three: unit 0 hears column 0 and the vector, unit 1 only column 1."""
    return Network(
        embedding=np.array([[2, 0], [0, 100]], np.int8),
        scale=np.array([0.5, 0.01], np.float32),
        vector=np.array([[1, 0, 0], [0, 0, 0]], np.float32),
        bias=np.array([0.0, -3.0], np.float32),
        heads=np.array([[1, 0], [2, 5], [0, 0], [0, 0], [0, 0], [0, 0]], np.float32),
        calibration=np.array([[[1.0, 0.0]] * 6, [[2.0, -1.0]] * 6], np.float32),
    )


def chance(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def test_the_network_adds_text_and_vector_and_calibrates_each_way_of_its_own():
    at, values = np.array([0], np.int32), np.array([3.0], np.float32)
    bare = network().scores(at, values, None)
    assert bare.caution == pytest.approx(chance(3.0))
    assert bare.refer == pytest.approx(chance(6.0))
    assert bare.urgent == pytest.approx(0.5)
    moved = network().scores(at, values, np.array([1.0, 0.0, 0.0], np.float32))
    assert moved.caution == pytest.approx(chance(2.0 * 4.0 - 1.0))
    assert moved.urgent == pytest.approx(chance(-1.0))


def test_a_unit_below_zero_is_silent():
    """Column 1 lifts unit 1 to 1.0 - 3.0: below zero it must not pull the second head down."""
    scores = network().scores(np.array([1], np.int32), np.array([1.0], np.float32), None)
    assert scores.refer == pytest.approx(0.5)
    scores = network().scores(np.array([1], np.int32), np.array([4.0], np.float32), None)
    assert scores.refer == pytest.approx(chance(5.0))


def test_scores_are_chances_with_and_without_a_vector():
    for vector in (None, UNIT):
        scores = score("my crotch is numb", ["tier:4", "rule:K1"], vector)
        assert scores is not None
        assert all(0 <= getattr(scores, head) <= 1 for head in HEADS)


def test_a_vector_of_another_model_is_not_used():
    """A host may name another embedding model; its vectors mean nothing to these heads."""
    foreign = np.ones(768, np.float32) / np.float32(np.sqrt(768))
    assert score("my foot is numb", ["tier:2"], foreign) == score("my foot is numb", ["tier:2"], None)
    assert score("my foot is numb", ["tier:2"], UNIT) != score("my foot is numb", ["tier:2"], None)


def test_without_weights_there_are_no_scores(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh_heads: None
):
    monkeypatch.setattr(semantic, "WEIGHTS", tmp_path / "none.npz")
    assert load() is None
    assert score("my crotch is numb", [], None) is None


def test_weights_are_small_and_of_the_shape_the_columns_have():
    assert WEIGHTS.stat().st_size < 16_000_000
    heads = load()
    assert heads is not None
    units = len(heads.scale)
    assert heads.embedding.shape == (TEXT, units)
    assert heads.embedding.dtype == np.int8
    assert heads.vector.shape == (units, 384)
    assert heads.heads.shape == (len(HEADS), units)
    assert heads.calibration.shape == (2, len(HEADS), 2)
    assert (heads.calibration[:, :, 0] > 0).all(), "a slope below zero would turn a head round"


@pytest.mark.parametrize("vector", [None, UNIT], ids=["text", "vector"])
def test_the_heads_tell_a_grave_message_from_a_training_question(vector: np.ndarray | None):
    """The plainest pair there is, with the same vector for both: the text alone must tell them apart."""
    grave = score("cant feel it when i wipe and both legs are numb", ["tier:4", "rule:K1"], vector)
    plain = score("how many sets of squats a week", ["tier:0"], vector)
    assert grave is not None
    assert plain is not None
    assert grave.refer > 0.5 > plain.refer
    assert grave.emergency > plain.emergency + 0.3
