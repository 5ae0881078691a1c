"""Which feeling belongs to which part of the body, on which side."""

from __future__ import annotations

import pytest

from safety.facts import KINDS, REGIONS, facts, find_regions
from safety.lexicon import LANGUAGES, lexicon
from safety.lexicon import read as files
from safety.matcher import read


def found(text: str) -> list[tuple[str, str, str]]:
    """(feeling, part, side) of every fact; "both" for both of a pair."""
    return sorted({(f.kind, f.group, "both" if f.both else f.side) for f in facts(read(text, lexicon("en")))})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my foot is numb", [("numb", "foot", "")]),
        ("numb toes", [("numb", "foot", "")]),
        ("can't feel my left calf", [("cantfeel", "leg", "left")]),
        ("tingling in my right hand", [("tingle", "hand", "right")]),
        ("pins and needles in one foot", [("tingle", "foot", "one")]),
        ("my right buttock is numb", [("numb", "buttock", "right")]),
        ("outer thigh is numb", [("numb", "outerthigh", "")]),
        ("both feet tingle", [("tingle", "foot", "both")]),
        ("my legs are numb", [("numb", "leg", "both")]),
        ("left and right foot tingle", [("tingle", "foot", "both")]),
        ("tingling in the left foot and the right one", [("tingle", "foot", "both")]),
        ("shooting pain down my left leg", [("shoot", "leg", "left")]),
    ],
)
def test_a_feeling_belongs_to_the_part_it_is_said_of(text: str, expected: list[tuple[str, str, str]]):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my back hurts and my foot is numb", [("numb", "foot", "")]),
        ("my foot hurts but my hand is numb", [("numb", "hand", "")]),
        ("my foot was strong and my hand is weak", [("weak", "hand", "")]),
        ("squatted with my knees out and now my fingers tingle", [("tingle", "hand", "both")]),
    ],
)
def test_the_nearest_part_wins(text: str, expected: list[tuple[str, str, str]]):
    assert [(kind, part) for kind, part, _ in found(text)] == [(kind, part) for kind, part, _ in expected]


def test_parts_listed_beside_each_other_share_the_feeling():
    assert {part for _, part, _ in found("numb groin, inner thighs and one cheek")} == {"saddle", "buttock"}
    assert {part for _, part, _ in found("left arm and left leg are numb")} == {"arm", "leg"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("numb crotch, legs are fine", {"saddle"}),
        ("can't feel my foot, legs fine otherwise", {"foot"}),
        ("numb groin, hands okay", {"saddle"}),
        ("legs are fine when i sit but go numb when i walk", {"leg"}),
        ("numb crotch and legs", {"leg", "saddle"}),
    ],
)
def test_a_part_said_to_be_fine_takes_no_feeling_from_the_clause_before(text: str, expected: set[str]):
    assert {group for _, group, _ in found(text)} == expected


def test_a_sentence_without_a_part_borrows_the_one_before_or_right_after():
    (fact,) = facts(read("my left foot is odd. numb since yesterday.", lexicon("en")))[-1:]
    assert (fact.kind, fact.group, fact.side, fact.borrowed) == ("numb", "foot", "left", True)
    assert found("numb. it's my left foot.") == [("numb", "foot", "left")]


def test_a_part_far_away_is_not_borrowed():
    text = "my left foot is fine. " + "the gym was packed and the music was loud. " * 5 + "numb."
    assert found(text) == [("numb", "", "")]


def test_a_feeling_without_any_part_is_kept_as_such():
    assert found("so numb today") == [("numb", "", "")]


def test_no_feeling_no_fact():
    assert found("deadlift with straight legs or bent knees?") == []


def test_a_fact_covers_the_words_of_both():
    text = "since monday my left foot has been numb again"
    reading = read(text, lexicon("en"))
    (fact,) = facts(reading)
    start, end = reading.span(fact.start, fact.end)
    assert text[start:end] == "foot has been numb"
    assert reading.text(fact.at, fact.until) == "numb"


def test_parts_do_not_overlap_and_the_longer_wins():
    reading = read("inner thighs, outer thigh, ring finger, ball of my foot", lexicon("en"))
    regions = find_regions(reading)
    taken = [j for r in regions for j in range(r.start, r.end)]
    assert len(taken) == len(set(taken))
    assert [r.group for r in regions] == ["saddle", "outerthigh", "hand", "foot"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_every_part_and_feeling_itself(language: str):
    """English words are part of every lexicon, so a part missing here would go unread."""
    own = {tag for f in files() if f.get("language", "en") == language for tag in f.get("tags", {})}
    assert set(REGIONS) | set(KINDS) <= own
