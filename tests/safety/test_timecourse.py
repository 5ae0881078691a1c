"""The time rules T1 to T12: how it began, where it is going, how long it has been there. By rules alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.types import Assessment, Tier

Rules = Callable[..., Assessment]
EMERGENCY, URGENT, REFER = Tier.EMERGENCY, Tier.URGENT, Tier.REFER


@pytest.mark.parametrize(
    "onset",
    [
        "suddenly my leg went weak",
        "my right leg went weak overnight",
        "my leg went weak mid set and it's still weak",
    ],
)
def test_t1_sudden_weakness_is_at_least_urgent(by_rules: Rules, onset: str):
    assert by_rules(onset).tier >= URGENT


@pytest.mark.parametrize(
    "text",
    [
        "my foot is numb and it's spreading",
        "the numb patch on my calf gets bigger",
        "numbness was in my toe, now the whole foot",
        "tingling is creeping up past my knee",
        "my foot is numb and it's getting worse every day",
    ],
)
def test_t2_spreading_or_worse_raises_refer_to_urgent(by_rules: Rules, text: str):
    assert by_rules("my foot is numb").tier is REFER
    assert by_rules(text).tier is URGENT


@pytest.mark.parametrize(
    "text", ["it was my left leg, now both legs tingle", "the numbness jumped to my other leg"]
)
def test_t2_one_side_becoming_two_is_an_emergency(by_rules: Rules, text: str):
    assert by_rules(text).tier is EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "my crotch is numb",
        "my crotch has been numb for two weeks",
        "since last month i can't tell when my bladder is full",
    ],
)
def test_t3_t12_recent_or_undated_is_taken_as_new(by_rules: Rules, text: str):
    assert by_rules(text).tier is EMERGENCY


def test_t12_is_said_of_what_has_no_date(by_rules: Rules):
    (finding,) = by_rules("my crotch is numb").findings
    assert finding.rule.startswith("T12")


@pytest.mark.parametrize(
    "text",
    [
        "crotch went numb yesterday, gone after an hour",
        "couldn't pee last night, fine this morning, back hurts",
        "wet myself on monday without feeling it, fine since then",
    ],
)
def test_t5_what_came_and_went_this_week_still_counts_where_it_is_grave(by_rules: Rules, text: str):
    assert by_rules(text).tier >= URGENT


@pytest.mark.parametrize(
    "text",
    [
        "had cauda equina in 2019, recovered, which programme?",
        "sciatica ten years ago, never again, how do i deadlift?",
    ],
)
def test_t6_long_ago_and_over_is_history(by_rules: Rules, text: str):
    assert by_rules(text).tier < REFER


@pytest.mark.parametrize(
    ("once", "again"),
    [
        (
            "foot fell asleep on the bike, fine after a minute",
            "my foot falls asleep on the bike every session, for a month now",
        ),
        ("slept on my arm, hand was numb, fine now", "my hand is numb every night when i sleep"),
        ("straps made my fingers numb for a minute", "my fingers stay numb for hours after straps"),
    ],
)
def test_t7_once_and_gone_is_harmless_t8_every_time_or_for_hours_is_not(
    by_rules: Rules, once: str, again: str
):
    assert by_rules(once).tier < REFER
    assert by_rules(again).tier >= REFER


@pytest.mark.parametrize(
    "text",
    ["back pain for eight weeks, no better", "my back has hurt for three months and rehab does not help"],
)
def test_t9_weeks_without_improvement_refer(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier is REFER
    assert "T9" in assessment.rules
    assert by_rules("back pain for two days").tier < REFER


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("my crotch is numb but getting better", EMERGENCY),
        ("can't lift my foot but it's getting better", URGENT),
        ("my foot is numb but it's improving", REFER),
    ],
)
def test_t10_getting_better_lowers_nothing(by_rules: Rules, text: str, tier: Tier):
    assert by_rules(text).tier is tier


@pytest.mark.parametrize(
    "text",
    [
        "numb big toe since my operation in 2016, unchanged, doctor knows",
        "little toe numb since 2015, never changed, surgeon is aware of it",
    ],
)
def test_t11_old_examined_and_unchanged_is_a_history(by_rules: Rules, text: str):
    assert by_rules(text).tier < REFER


def test_t11_changed_is_not_unchanged(by_rules: Rules):
    assert (
        by_rules("numb big toe since my operation in 2016, doctor knows, but this week it got worse").tier
        >= REFER
    )
