"""Which patterns are worth trying at a word: never fewer than those that match."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.index import NOTHING, Index
from safety.pattern import END, compile_pattern, longest, match, starting
from tests.safety.test_pattern import tokens


def index(*sources: str) -> Index:
    made = Index()
    for source in sources:
        made.add(compile_pattern(source, source))
    return made


def tags(patterns) -> list[str]:
    return sorted({p.tag for p in patterns})


def test_a_word_by_itself_needs_no_trying():
    starts = index("(foot|big toe)").at(frozenset({"foot"}), True)
    assert tags(starts.sure) == ["(foot|big toe)"]
    assert starts.hopeful(NOTHING, NOTHING) == []


def test_the_next_word_chooses_between_patterns():
    starts = index("not (numb|dead)", "not (my|the)? foot", "not ~3 toe", "not !(yet)").at(
        frozenset({"not"}), False
    )
    ahead = frozenset({"foot", "numb", "the"})
    assert tags(starts.hopeful(frozenset({"numb"}), ahead)) == ["not !(yet)", "not (numb|dead)"]
    assert tags(starts.hopeful(frozenset({"the"}), ahead)) == ["not !(yet)", "not (my|the)? foot"]
    assert tags(starts.hopeful(NOTHING, frozenset({"toe"}))) == ["not !(yet)", "not ~3 toe"]


def test_what_stands_only_at_an_edge_of_the_sentence_is_looked_up_there():
    made = index("^ yes I", "is it $")
    assert made.at(frozenset({"yes"}), False) is None
    assert tags(made.at(frozenset({"yes"}), True).hopeful(frozenset({"I"}), frozenset({"I"}))) == ["^ yes I"]
    assert made.at(frozenset({"no"}), True) is None
    ending = starting(compile_pattern("it $", "t"), "it")
    assert ending.then == {END}


@pytest.mark.parametrize(
    ("source", "word", "text"),
    [
        ("(my foot|numb|numb all over) ~2 (again|since)", "numb", "numb all over since"),
        ("((no|not) (numb|dead)|nothing) here", "not", "not dead here"),
        ("(numb|<leg>) (my|the)? foot $", "numb", "numb foot"),
    ],
)
def test_a_pattern_cut_to_one_beginning_matches_as_the_whole_does(source: str, word: str, text: str):
    whole = compile_pattern(source, "t")
    read = tokens(text)
    assert match(starting(whole, word), read, 0) == match(whole, read, 0) == len(read.words)
    assert longest(starting(whole, word), read, 0) == longest(whole, read, 0)


SOURCES = [
    "numb ~2 foot",
    "(numb|no toe) (my|the)? (foot|toe)",
    "no !(toe) ~1 numb",
    "(numb|my (foot|toe)|my) ~3 toe $",
    "^ (my|the foot) and? no",
    "(toe|toe no) (the|my)? (no|numb my)?",
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["numb", "foot", "my", "the", "and", "no", "toe", "."]), max_size=10),
    st.sampled_from(SOURCES),
)
def test_whatever_matches_is_found_by_its_first_word(words: list[str], source: str):
    text = " ".join(words).replace(" .", ".")
    read = tokens(text)
    pattern = compile_pattern(source, "t")
    made = index(source)
    for i, atoms in enumerate(read.atoms):
        expected = match(pattern, read, i), longest(pattern, read, i)
        ends = next((j for j in range(i + 1, len(read.words)) if read.breaks[j] >= 3), len(read.words))
        near = read.atoms[i + 1] if i + 1 < ends else frozenset({END})
        ahead = NOTHING.union(*read.atoms[i + 1 : ends])
        starts = made.at(atoms, read.breaks[i] >= 3)
        tried = [*starts.sure, *starts.hopeful(near, ahead)] if starts else []
        first = max((match(p, read, i) for p in tried), default=-1)
        last = max((longest(p, read, i) for p in tried), default=-1)
        assert (first, last) == expected
