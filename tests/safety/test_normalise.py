"""Chat text made readable, and every character of the result traced back to where it was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.normalise import LIMIT, normalise, plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("NUMB Foot", "numb foot"),
        ("nümb föot", "numb foot"),
        ("ｎｕｍｂ", "numb"),
        ("𝓷𝓾𝓶𝓫", "numb"),
        ("nu\u200bmb f\u2060oo\ufefft", "numb foot"),
        ("nu\u00admb", "numb"),
        ("n̸u̷m̶b̵", "numb"),
        ("my lеg is nоt numb", "my leg is not numb"),
        ("can’t feel", "can't feel"),
        ("dead — numb – gone…", "dead - numb - gone..."),
        ("“numb”", '"numb"'),
        ("n u m b foot", "numb foot"),
        ("n.u.m.b foot", "numb foot"),
        ("n-u-m-b", "numb"),
        ("i a m ok", "i a m ok"),
        ("5 x 5 x 3", "5 x 5 x 3"),
    ],
)
def test_readings(written: str, read: str):
    assert normalise(written).text == read


def test_emoji_that_mean_a_body_part_or_a_feeling_become_words():
    assert normalise("numb 🦶").text.split() == ["numb", "foot"]
    assert normalise("numb🦶foot").text.split() == ["numb", "foot", "foot"]
    assert normalise("🍑🍑🍑 asleep").text.split() == ["bum", "asleep"]
    assert normalise("⚡ down my 🦵").text.split() == ["zap", "down", "my", "leg"]


def test_other_emoji_are_gaps_and_never_glue():
    assert normalise("numb💀foot").text.split() == ["numb", "foot"]


def test_russian_stays_russian():
    """Look-alikes are folded in Latin text only; a Russian sentence must stay readable as Russian."""
    text = "не чувствую ноги"
    assert normalise(text).text == text


def test_every_character_knows_its_origin():
    written = "Ça: n\u200b u m b — 🦶!"
    normal = normalise(written)
    at = normal.text.index("numb")
    first, last = normal.origin(at, len(written)), normal.origin(at + 3, len(written))
    assert written[first : last + 1] == "n\u200b u m b"
    foot = normal.text.index("foot")
    assert {normal.origin(i, len(written)) for i in range(foot, foot + 4)} == {written.index("🦶")}
    assert normal.origin(len(normal.text), len(written)) == len(written)


def test_plain_text_needs_no_offsets():
    normal = normalise("My foot is numb")
    assert normal.offsets is None
    assert normal.origin(3, 15) == 3


def test_what_stands_beyond_the_limit_is_not_looked_at():
    assert len(normalise("a" * (LIMIT + 50)).text) == LIMIT


def test_stored_words_lose_accents_and_apostrophes_but_keep_their_signs():
    assert plain("Can't (feel|spür*) ~3 p&n") == "Cant (feel|spur*) ~3 pn"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_offsets_never_go_back_nor_outside(text: str):
    normal = normalise(text)
    origins = [normal.origin(i, len(text)) for i in range(len(normal.text) + 1)]
    assert origins == sorted(origins)
    assert all(0 <= o <= len(text) for o in origins)
