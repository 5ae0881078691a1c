"""Advice beside a sign: told from the sign sent to somebody, from its denial, and from words that only sound like one."""

from __future__ import annotations

import numpy as np
import pytest

from safety import reply_score
from safety.lint import plain_words
from safety.reply_score import COLUMNS, SIGN, Head, dangerous
from safety.signs import unattended
from safety.types import Tier


@pytest.mark.parametrize(
    "sentence",
    [
        "If one hand starts dropping things, let a couple of months pass.",
        "A leg that gives way is part of getting strong.",
        "Losing feeling between the thighs settles with volume.",
        "Brown urine is a rite of passage.",
    ],
)
def test_a_sign_with_nobody_to_look_at_it_is_unattended(sentence):
    assert unattended(plain_words(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "If one hand starts dropping things, be examined today.",
        "Numbness between the legs means the emergency department now.",
        "There is no numbness in this position.",
        "Feel the burn in your quads.",
        "I can't tell from here.",
        "Three sets of eight, then rest.",
    ],
)
def test_what_is_sent_to_somebody_denied_or_no_sign_is_not(sentence):
    assert not unattended(plain_words(sentence))


def test_the_head_stops_advice_beside_a_sign_sooner(monkeypatch):
    none = np.zeros(0, np.float32)
    just_under = Head(np.zeros(COLUMNS, np.float32), none, 2.0 - SIGN / 2, (2.0, 2.0), 0.0)
    monkeypatch.setattr(reply_score, "load", lambda: (just_under, just_under))
    words = plain_words("If one hand starts dropping things, let a month pass.")
    assert dangerous(words, Tier.NONE, sign=True)
    assert not dangerous(words, Tier.NONE)
