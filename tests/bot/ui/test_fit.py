"""Pages lose nothing and cut no citation; labels are clipped at words."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.ui.fit import clip, pages, plain

WORDS = st.lists(
    st.sampled_from(["Push", "the", "floor.", "away", "[1]", "[12]", "bar;", "close!\n\n", "hips"]),
    min_size=1,
    max_size=400,
)


@given(WORDS, st.integers(min_value=60, max_value=400))
def test_nothing_is_lost_between_pages_and_no_mark_is_cut(pieces, size):
    text = " ".join(pieces)
    made = pages(text, size)
    assert all(len(page) <= size for page in made)
    assert "".join("".join(made).split()) == "".join(text.split())
    assert all(not re.match(r"\d*\]", page) for page in made)


def test_a_citation_stays_with_its_sentence():
    text = "a" * 50 + ". " + "Keep the bar close. [1] Then stand."
    first = pages(text, 71)[0]
    assert first.endswith((".", "[1]"))
    assert not pages(text, 71)[1].startswith("[1]")


def test_a_label_is_clipped_at_a_word():
    assert clip("Half-kneeling side bend with a kettlebell", 26) == "Half-kneeling side bend…"


def test_peoples_words_cannot_format_mention_or_run_backwards():
    shown = plain("**@everyone** ||x|| [a](http://b) \u202eabc")
    assert "@everyone" not in shown
    assert "\\*\\*" in shown
    assert "\\|\\|" in shown
    assert "\u202e" not in shown
