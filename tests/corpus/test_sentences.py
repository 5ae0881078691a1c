"""Sentences end where a reader would end them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It hurts. It stops.", ["It hurts.", "It stops."]),
        ("Add 2.5 kg a week. Then stop.", ["Add 2.5 kg a week.", "Then stop."]),
        ("Use a band, e.g. a red one. Or none.", ["Use a band, e.g. a red one.", "Or none."]),
        (
            "McGill S. (2007) wrote it. J. Smith read it.",
            ["McGill S.", "(2007) wrote it.", "J. Smith read it."],
        ),
        ("Why? Because! Really…  Yes.", ["Why?", "Because!", "Really…", "Yes."]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("see dr. Jones about it. ok", ["see dr. Jones about it.", "ok"]),
        ("Do this:\n1. squat\n2. hinge\n- rest", ["Do this:", "1. squat", "2. hinge", "- rest"]),
        ("one line\nthat runs on\n\nnext one", ["one line that runs on", "next one"]),
        ("no punctuation here lol", ["no punctuation here lol"]),
        ("wait.... what", ["wait....", "what"]),
        ("", []),
        ("   \n ", []),
    ],
)
def test_sentences(text, expected):
    assert list(split(text)) == expected


def test_a_post_without_full_stops_is_cut_at_a_comma_near_the_limit():
    post = "so i was squatting, " * 60
    pieces = split(post)
    assert all(200 < len(piece) <= 400 and piece.endswith(",") for piece in pieces[:-1])
    assert " ".join(pieces).split() == post.split()


def test_a_word_longer_than_the_limit_is_cut_anyway():
    assert [len(piece) for piece in split("x" * 1000)] == [400, 400, 200]


@given(st.text(), st.integers(10, 500))
def test_no_character_is_lost_and_no_sentence_is_too_long(text, longest):
    pieces = split(text, longest)
    assert all(piece.strip() and len(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(alphabet="ab. !?\n-1,", max_size=400))
def test_text_full_of_marks_loses_nothing_either(text):
    assert "".join("".join(split(text)).split()) == "".join(text.split())
