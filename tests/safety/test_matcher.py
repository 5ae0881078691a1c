"""One pass over a message with a small lexicon of its own: words, stages, masks, quiet tags, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from safety import lexicon
from safety.matcher import MOST_TOKENS, read

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """
why = "a lexicon for the tests of the matcher"
[tags.feel]
words = "numb tingl* p&n"
typos = true
[tags.part]
words = "foot leg back"
phrases = ["big toe"]
[tags.where]
quiet = true
words = "my in"
phrases = ["ever since", "in front of"]
[tags.direction]
words = "back"
[tags.found]
phrases = ["<feel> ~3 <part>", "<part> ~2 <feel>"]
[tags.worst]
phrases = ["<found> ~4 again"]
[tags.idiom]
mask = true
phrases = ["numb to ~2 weights"]
[tags.notback]
mask = "part"
phrases = ["back (to|in) (the gym|training)"]
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> lexicon.Lexicon:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    files = lexicon.read(tmp_path)
    monkeypatch.setattr(lexicon, "read", lambda: files)
    return lexicon.lexicon.__wrapped__("en")


def texts(reading, tag: str) -> list[str]:
    return [reading.text(m.start, m.end) for m in reading.of(tag)]


def test_words_prefixes_and_phrases_are_marked_in_order(small: lexicon.Lexicon):
    reading = read("My big toe tingles, the foot is numb", small)
    assert texts(reading, "feel") == ["tingles", "numb"]
    assert texts(reading, "part") == ["big toe", "foot"]
    assert reading.has("found")
    assert not reading.has("worst", "idiom")


def test_tags_build_on_tags(small: lexicon.Lexicon):
    reading = read("numb in my foot since monday, again", small)
    assert texts(reading, "found") == ["numb in my foot"]
    assert texts(reading, "worst") == ["numb in my foot since monday again"]


def test_what_a_full_stop_parts_is_not_joined(small: lexicon.Lexicon):
    assert not read("so numb. my foot hurts", small).has("found")
    assert not read("so numb\nmy foot hurts", small).has("found")
    assert read("so numb, my foot hurts", small).has("found")


def test_a_mask_hides_its_words_from_everything(small: lexicon.Lexicon):
    reading = read("numb to heavy weights, foot position?", small)
    assert texts(reading, "feel") == []
    assert not reading.has("found")
    assert texts(reading, "part") == ["foot"]


def test_a_mask_for_one_tag_hides_that_tag_only(small: lexicon.Lexicon):
    reading = read("numb leg, but back in the gym", small)
    assert texts(reading, "part") == ["leg"]
    assert texts(reading, "feel") == ["numb"]
    assert texts(reading, "direction") == ["back"]
    assert texts(read("my back is numb", small), "part") == ["back"]


def test_quiet_tags_steer_but_leave_no_marks(small: lexicon.Lexicon):
    reading = read("in my foot ever since", small)
    assert not reading.has("where")
    assert "where" in reading.tokens.tags[0]


def test_a_quiet_tag_may_be_a_word_and_begin_a_phrase(small: lexicon.Lexicon):
    reading = read("in front of my foot", small)
    assert reading.tokens.tags[0]["where"] == 3
    assert not reading.has("where")


def test_typos_and_ampersands_are_read(small: lexicon.Lexicon):
    assert texts(read("nmub foot", small), "feel") == ["numb"]
    assert texts(read("p&n in my foot", small), "found") == ["pn in my foot"]


def test_a_mark_shows_the_words_as_they_were_written(small: lexicon.Lexicon):
    text = "ok - n\u200bU\u200bM\u200bB in my FOOT!!"
    reading = read(text, small)
    (mark,) = reading.of("found")
    start, end = reading.span(mark.start, mark.end)
    assert text[start:end] == "n\u200bU\u200bM\u200bB in my FOOT"


def test_questions_are_known_by_their_sentence(small: lexicon.Lexicon):
    reading = read("is my foot numb? yes it is", small)
    assert reading.tokens.question == [True, True, True, True, False, False, False]


def test_a_very_long_message_is_read_up_to_its_limit(small: lexicon.Lexicon):
    reading = read("ok " * MOST_TOKENS + "numb foot", small)
    assert len(reading.tokens.words) == MOST_TOKENS
    assert not reading.has("found")


def test_empty_messages_are_fine(small: lexicon.Lexicon):
    for text in ("", "   ", "!!!", "\n\n", "🫠"):
        assert read(text, small).marks == {}
