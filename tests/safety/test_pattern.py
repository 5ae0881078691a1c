"""The pattern language of the lexicon: what each sign matches, and what it must not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.pattern import SENTENCE, PatternError, Tokens, compile_pattern, longest, match
from tests.clock import best


def tokens(text: str, prefixes: tuple[str, ...] = (), **tags: str) -> Tokens:
    """Words of `text`; "." stands for the end of a sentence, "," for a comma. `tags`: tag="words that carry it"."""
    read = Tokens([], [], [], [])
    strength = SENTENCE
    for piece in text.split():
        if piece in ".,":
            strength = SENTENCE if piece == "." else 1
            continue
        read.words.append(piece)
        read.spans.append((0, 0))
        read.breaks.append(strength)
        read.atoms.append(frozenset({piece, *(p + "*" for p in prefixes if piece.startswith(p))}))
        end = len(read.words)
        read.tags.append({tag: end for tag, words in tags.items() if piece in words.split()})
        read.question.append(False)
        strength = 0
    return read


def matches(pattern: str, text: str, prefixes: tuple[str, ...] = (), **tags: str) -> int:
    """End of the match at the first word, or -1."""
    return match(compile_pattern(pattern, "t"), tokens(text, prefixes, **tags), 0)


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        ("numb foot", "numb foot", 2),
        ("numb foot", "numb left foot", -1),
        ("numb foot", "numb", -1),
        ("numb (foot|big toe)", "numb big toe", 3),
        ("numb (foot|big toe)", "numb big leg", -1),
        ("numb (the (left|right)|my) foot", "numb the right foot", 4),
        ("numb (the (left|right)|my) foot", "numb the foot", -1),
        ("numb my? foot", "numb foot", 2),
        ("numb my? foot", "numb my foot", 3),
        ("numb (my|the)? foot", "numb a foot", -1),
        ("numb ~2 foot", "numb in my foot", 4),
        ("numb ~2 foot", "numb in my left foot", -1),
        ("feel !(more|less) foot", "feel foot", 2),
        ("feel !(more|less) (more|foot)", "feel more", -1),
        ("feel !more", "feel", 1),
    ],
)
def test_words_alternatives_options_gaps_and_exclusions(pattern: str, text: str, end: int):
    assert matches(pattern, text) == end


def test_a_prefix_stands_for_any_ending_that_the_lexicon_saw():
    assert matches("numb* foot", "numbness foot", ("numb",)) == 2
    assert matches("numb* foot", "number foot", ()) == -1


def test_a_tag_stands_for_the_whole_of_what_it_covers():
    read = tokens("cant feel my foot", foot="foot")
    read.tags[0]["lost"] = 2
    assert match(compile_pattern("<lost> my <foot>", "t"), read, 0) == 4
    assert match(compile_pattern("<lost|numb> ~1 <foot|leg>", "t"), read, 0) == 4
    assert match(compile_pattern("<numb> my <foot>", "t"), read, 0) == -1


@pytest.mark.parametrize("pattern", ["numb foot", "numb ~3 foot", "numb (my|the)? foot", "numb <foot>"])
def test_nothing_is_matched_across_the_end_of_a_sentence(pattern: str):
    assert matches(pattern, "numb . foot", foot="foot") == -1
    assert matches(pattern, "numb , foot", foot="foot") == 2


def test_start_and_end_of_a_sentence():
    read = tokens("so what is it . what is it now")
    start = compile_pattern("^ what is", "t")
    assert match(start, read, 1) == -1
    assert match(start, read, 4) == 6
    end = compile_pattern("is it $", "t")
    assert match(end, read, 2) == 4
    assert match(end, read, 5) == -1
    assert match(compile_pattern("it now $", "t"), read, 6) == 8


def test_the_first_match_is_the_shortest_and_longest_is_the_longest():
    pattern = compile_pattern("numb ~4 (foot|toe)", "t")
    read = tokens("numb foot and numb toe")
    assert match(pattern, read, 0) == 2
    assert longest(pattern, read, 0) == 5
    assert longest(pattern, read, 1) == -1


@pytest.mark.parametrize(
    "broken",
    [
        "(numb",
        "numb)",
        "numb ()",
        "~2 numb",
        "my? foot",
        "!my foot",
        "numb (a||b)",
        "numb ?",
        "(my? foot) numb?(",
    ],
)
def test_a_pattern_that_cannot_be_read_is_refused(broken: str):
    with pytest.raises(PatternError):
        compile_pattern(broken, "t")


def test_a_fault_names_the_pattern():
    with pytest.raises(PatternError, match="numb \\(foot"):
        compile_pattern("numb (foot", "t")


def test_what_a_pattern_can_start_with_and_what_it_needs_is_known_beforehand():
    pattern = compile_pattern("(numb|<dead>) ~2 (my|the)? (foot|<leg>)", "t")
    assert pattern.first_words == {"numb"}
    assert pattern.first_tags == {"dead"}
    assert frozenset({"foot", "<leg>"}) in pattern.needs
    assert all("my" not in need for need in pattern.needs)


WORDS = st.lists(st.sampled_from(["numb", "foot", "my", "the", "and", "no", "toe"]), max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    WORDS,
    st.sampled_from(["numb ~2 foot", "numb (my|the)? (foot|toe)", "no !(toe) ~1 numb", "numb ~3 toe $"]),
)
def test_a_match_ends_behind_its_start_and_inside_the_text(words: list[str], source: str):
    read = tokens(" ".join(words))
    pattern = compile_pattern(source, "t")
    for start in range(len(words)):
        first, last = match(pattern, read, start), longest(pattern, read, start)
        assert (first == -1) == (last == -1)
        assert first == -1 or start < first <= last <= len(words)


def test_gaps_and_options_do_not_blow_up():
    pattern = compile_pattern("numb ~4 (my|the)? ~4 (my|the)? ~4 foot", "t")
    read = tokens("numb " * 600)
    assert {match(pattern, read, start) for start in range(600)} == {-1}
    assert best(lambda: [match(pattern, read, start) for start in range(600)], times=2) < 2
