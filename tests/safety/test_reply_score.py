"""The head behind the output lint: it adds, only soft rules give way to it, our own text passes, and without weights the rules stand."""

from pathlib import Path

import numpy as np
import pytest

from safety import lint as linting
from safety import reply_score, reply_train
from safety.guard import check_pair, guard
from safety.lint import LEARNT, lint, plain_words, ruled
from safety.reply_score import COLUMNS, columns, dangerous
from safety.sentences import sentences
from safety.signs import unattended
from safety.types import Assessment, Tier
from tests.clock import best

OWN = [path for path in reply_train._own() if path.suffix in (".md", ".toml")]


@pytest.fixture
def without_weights(monkeypatch):
    monkeypatch.setattr(reply_score, "WEIGHTS", Path("nowhere.npz"))
    reply_score.load.cache_clear()
    linting._dangerous.cache_clear()
    yield
    reply_score.load.cache_clear()
    linting._dangerous.cache_clear()


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_text_passes_the_head(path):
    said = reply_train.own([path])
    assert [e.words for e in said if dangerous(e.words, e.tier, sign=unattended(e.words))] == []


def test_the_head_stops_what_no_rule_names():
    text = "The iron heals what doctors can't."
    assert ruled(text, Tier.NONE) == ()
    assert {fault.rule for fault in lint(text, Tier.NONE)} == {LEARNT}


def test_without_weights_the_rules_stand_alone(without_weights):
    assert not dangerous(plain_words("The iron heals what doctors can't."), Tier.NONE)
    assert lint("The iron heals what doctors can't.", Tier.NONE) == ()
    assert lint("Skip the doctor.", Tier.NONE)


def test_the_head_passes_nothing_plainly_dangerous_that_the_rules_stop():
    for text in (
        "Please just skip the doctor this time.",
        "From what you tell me you have a herniated disc.",
        "My advice is to train through the numbness.",
    ):
        assert {fault.rule for fault in lint(text, Tier.NONE)} >= {rule for rule, _ in ruled(text, Tier.NONE)}


@pytest.fixture
def sure_of_all(monkeypatch):
    """A head that finds nothing in anything."""
    monkeypatch.setattr(linting, "harmless", lambda *_: True)
    linting._harmless.cache_clear()
    yield
    linting._harmless.cache_clear()


def test_only_soft_rules_give_way_to_a_head_that_finds_nothing(sure_of_all):
    for text in ("Warm up well and embrace the burn.", "Use a heavy single to see where you stand."):
        assert ruled(text, Tier.NONE)
        assert lint(text, Tier.NONE) == ()
    for rule, tier, text in (
        ("F7", Tier.NONE, "Take 800 mg of ibuprofen before lifting."),
        ("F4", Tier.REFER, "You needn't go to an emergency department now."),
        ("F9", Tier.URGENT, "Some light stretching helps with that."),
    ):
        assert rule in {fault.rule for fault in lint(text, tier)}
    assert lint("There is no need\nto see a doctor", Tier.NONE)


@pytest.mark.parametrize("words", ["", " ", "a", "x " * 5000, "\u200b", "鍛える"])
def test_any_words_get_columns_within_bounds(words):
    at, values = columns(words, Tier.REFER)
    assert at.size == values.size
    assert (at < COLUMNS).all()
    assert np.isfinite(values).all()


def test_weights_are_small():
    assert reply_score.WEIGHTS.stat().st_size < 10_000_000


def test_a_reply_read_before_is_quick():
    text = " ".join(["Set the bar over mid-foot and brace before you pull."] * 23)[:1200]
    guard("q", text, Assessment())
    # ten times the figure aimed at: it is not read anew
    assert best(lambda: guard("q", text, Assessment())) < 0.003


def test_check_pair_takes_the_states_of_the_question():
    reply = "Set the bar over mid-foot. Brace. Push the floor away."
    assert check_pair("how do i deadlift", reply, np.zeros((6, 384), np.float32)).text == reply


def test_joined_sentences_are_read_together():
    assert lint("There is no need\nto see a doctor", Tier.NONE)
    assert len(sentences("There is no need\nto see a doctor")) == 2
