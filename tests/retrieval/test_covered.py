"""How sure it is that the documents cover a question, part by part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.covered import THRESHOLD, covered, shared

QUESTION = "why do my feet turn out at lockout"


@pytest.fixture
def passage(passages):
    return replace(
        passages[0], title="", section="Feet", text="They turn out when the hips are tight at lockout."
    )


def test_words_that_stand_anywhere_count_for_nothing(passage):
    vague = replace(passage, section="", text="Good training makes a better start for most people.")
    assert shared("what's a good start for better people?", [vague]) == 0.0
    assert shared("is pilates better than training?", [vague]) == 0.0


def test_words_of_the_heading_and_of_the_first_passages_count(passage):
    nothing = replace(passage, section="", text="Brace.")
    assert shared(QUESTION, [passage]) == 1.0
    assert shared(QUESTION, [nothing] * 3 + [passage]) == 1.0
    assert shared(QUESTION, [nothing] * 4 + [passage]) == 0.0


@pytest.mark.parametrize("part", range(3))
def test_nearer_and_better_matched_is_surer(passage, part):
    low, high = [0.6, 0.7, 6.0], [0.6, 0.7, 6.0]
    high[part] *= 1.2
    assert covered(QUESTION, [passage], *low) < covered(QUESTION, [passage], *high)


def test_a_long_question_need_not_come_as_near(passage):
    story = (
        f"hello all, my first post here, I began in spring with my daughter and never looked back: {QUESTION}"
    )
    near = (0.55, 0.6, 4.0)
    assert covered(QUESTION, [], *near) < covered(story, [], *near)


def test_both_sides_of_the_threshold(passage):
    assert covered(QUESTION, [passage], 0.75, 0.85, 10.0) > THRESHOLD
    assert covered("best protein powder", [passage], 0.2, 0.3, 0.0) < THRESHOLD
