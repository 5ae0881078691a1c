"""The heads: what they look at, that they are calibrated probabilities, and that they work without states and without weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety import semantic
from safety.semantic import (
    CHARS,
    HEADS,
    MOST,
    RULES,
    TEXT,
    WEIGHTS,
    WORDS,
    columns,
    heard,
    load,
    score,
)

if TYPE_CHECKING:
    from pathlib import Path

STATES = np.random.default_rng(3).standard_normal((7, 384)).astype(np.float32)


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


def test_scores_are_chances_with_and_without_states():
    for known in (None, heard(STATES)):
        scores = score("my crotch is numb", ["tier:4", "rule:K1"], known)
        assert scores is not None
        assert all(0 <= getattr(scores, head) <= 1 for head in HEADS)


def test_states_of_another_model_are_not_used():
    """A host may name another embedding model; what it makes of a text means nothing to these heads."""
    assert heard(np.ones((7, 768), np.float32)) is None
    assert heard(np.ones(384, np.float32)) is None
    assert heard(np.ones((0, 384), np.float32)) is None
    known = heard(STATES)
    assert score("my foot is numb", ["tier:2"], known) != score("my foot is numb", ["tier:2"], None)


def test_without_weights_there_are_no_scores(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh_heads: None
):
    monkeypatch.setattr(semantic, "WEIGHTS", tmp_path / "none.npz")
    assert load() is None
    assert heard(STATES) is None
    assert score("my crotch is numb", [], None) is None


def test_weights_are_small_and_of_the_shape_the_columns_have():
    assert WEIGHTS.stat().st_size < 18_000_000
    heads = load()
    assert heads is not None
    units, copies, kept = len(heads.scale), len(heads.mix), len(heads.look_bias)
    assert heads.embedding.shape == (TEXT, units)
    assert heads.embedding.dtype == np.int8
    assert heads.heads.shape == (len(HEADS), units)
    assert heads.mix.shape[2] == units // copies
    assert heads.look.shape == (384, heads.mix.shape[1] // (kept // copies) * copies + kept)
    assert heads.calibration.shape == (2, len(HEADS), 2)
    assert (heads.calibration[:, :, 0] > 0).all(), "a slope below zero would turn a head round"


def test_the_heads_tell_a_grave_message_from_a_training_question():
    """The plainest pair there is: the text alone must tell them apart."""
    grave = score("cant feel it when i wipe and both legs are numb", ["tier:4", "rule:K1"], None)
    plain = score("how many sets of squats a week", ["tier:0"], None)
    assert grave is not None
    assert plain is not None
    assert grave.refer > 0.5 > plain.refer
    assert grave.emergency > plain.emergency + 0.3
