"""The context rules X8 to X11, each with traps: whose it is, whether it is over, and what a harmless cause explains."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.types import Assertion, Assessment, Tier

Rules = Callable[..., Assessment]
EMERGENCY, REFER = Tier.EMERGENCY, Tier.REFER


# X8: somebody else, now


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("my gf has no feeling between her legs since yesterday", EMERGENCY),
        ("asking for a friend, his crotch is numb", EMERGENCY),
        ("my client's left leg has been tingling since monday", REFER),
        ("my wife has a numb foot since this morning", REFER),
        ("my training partner's arm has gone numb today", REFER),
        ("my friend's both legs went numb this morning", EMERGENCY),
        ("my girlfriend has tingling in her hand at night", REFER),
    ],
)
def test_x8_somebody_else_now_is_referred_and_worded_for_them(by_rules: Rules, text: str, tier: Tier):
    assessment = by_rules(text)
    assert assessment.tier is tier
    assert assessment.other
    assert Assertion.OTHER in {f.assertion for f in assessment.findings}


@pytest.mark.parametrize(
    "text", ["my coach is away and my foot is numb", "unlike my mate, i can't feel my crotch"]
)
def test_x8_the_writer_beside_somebody_else_stays_the_writer(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier >= REFER
    assert not assessment.other


# X9: somebody else, long ago or famous


@pytest.mark.parametrize(
    "text",
    [
        "my dad had cauda equina in 2010",
        "ronnie coleman can't feel his legs after his surgeries",
        "my uncle had foot drop years ago",
        "my grandad had a numb foot in 1990",
        "eddie hall had a numb foot and still lifted",
        "my mum had numb legs after her surgery years ago",
        "watched a documentary where a bodybuilder can't feel his legs",
    ],
)
def test_x9_history_of_others_is_no_reason_to_refer(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier < REFER
    assert not any(f.assertion.counts for f in assessment.findings)


# X10: over, and long over


@pytest.mark.parametrize(
    "text",
    [
        "my foot was numb two years ago, never since",
        "i had tingling in my left arm in 2019, resolved",
        "used to have numb toes, gone for years",
        "had a numb foot in 2015, fully recovered",
        "my leg was numb last year, gone since the surgery",
        "foot went numb sitting cross legged, fine after a minute",
    ],
)
def test_x10_what_is_over_is_history(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier < REFER
    assert Assertion.PAST in {f.assertion for f in assessment.findings}


@pytest.mark.parametrize(
    "text",
    [
        "my crotch was numb yesterday but it's fine today",
        "my crotch was numb after squats yesterday, normal now",
        "i couldn't pee last week, fine now, back still sore",
        "my foot was numb last year and now it is numb again",
        "used to get sciatica years ago and this week it's back down my left leg",
    ],
)
def test_x10_fine_today_is_not_history_for_what_is_grave_or_back(by_rules: Rules, text: str):
    assert by_rules(text).tier >= REFER


# X11: a harmless cause, under all its conditions


@pytest.mark.parametrize(
    "text",
    [
        "sat cross legged and my foot went numb, ok after a minute",
        "slept on my arm, hand tingled, gone now",
        "straps made my fingers numb, gone in a minute",
        "ice bath made my toes numb, normal after ten minutes",
        "pre workout makes my face tingle",
        "an hour on the spin bike and my bits were numb, fine five minutes after the ride",
    ],
)
def test_x11_a_harmless_cause_that_went_explains_its_finding(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier < REFER
    assert not any(f.assertion.counts and f.tier >= REFER for f in assessment.findings)


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("my crotch is numb, probably the belt", EMERGENCY),
        ("belt makes my crotch numb", EMERGENCY),
        ("the belt made my crotch numb, fine when i took it off", EMERGENCY),
        ("both legs went numb, probably the belt, my back hurts", EMERGENCY),
        ("slept funny, both legs numb, can't pee", EMERGENCY),
        ("numb foot from sitting on it, still numb two hours later", REFER),
        ("my foot has been numb since the ice bath last week", REFER),
        ("left foot numb from tight shoes, back hurts too", REFER),
        ("slept on my arm and now i can't lift my wrist, hand is numb", REFER),
    ],
)
def test_x11_no_cause_explains_what_is_grave_lasts_or_comes_with_more(by_rules: Rules, text: str, tier: Tier):
    assert by_rules(text).tier >= tier


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("back's fine again, toes numb", REFER),
        ("pain's gone but the foot still hangs", Tier.URGENT),
        ("crotch numb, physio says all good", EMERGENCY),
        ("mri was normal last month, since yesterday numb between the legs", EMERGENCY),
        ("left foot is fine, right one numb", REFER),
    ],
)
def test_x10_what_is_over_or_well_is_its_own_clause(by_rules: Rules, text: str, tier: Tier):
    """Pain, another part or a scan being fine ends nothing else."""
    assert by_rules(text).tier >= tier


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("disc surgery 3 years ago, crotch numb", EMERGENCY),
        ("had a herniation two years ago and toes numb", REFER),
        ("operated in 2019, can't feel when i wipe", EMERGENCY),
    ],
)
def test_t6_the_date_of_an_operation_is_not_that_of_the_sign(by_rules: Rules, text: str, tier: Tier):
    """An old disc or operation dates itself; the sign beside it is new."""
    assert by_rules(text).tier >= tier


@pytest.mark.parametrize(
    "text",
    [
        "had disc surgery in 2019 and my foot was numb, all fine now",
        "numb foot in 2019, disc op, never again",
    ],
)
def test_t6_a_sign_told_with_its_operation_is_history(by_rules: Rules, text: str):
    """The twin: what belonged to the operation went with it."""
    assert by_rules(text).tier < REFER


@pytest.mark.parametrize(
    "text",
    ["numb toes, is that ok?", "my toes are numb. is that normal?", "hi guys, toes numb since yesterday"],
)
def test_x5_asking_whether_it_is_well_ends_nothing_and_a_greeting_is_nobody(by_rules: Rules, text: str):
    """Nor is who is greeted the one who has it (X8)."""
    assert by_rules(text).tier >= REFER


def test_x9_a_past_verb_before_a_word_of_now_is_no_history(by_rules: Rules):
    """Where somebody was is not when it was."""
    assert by_rules("my brother was at the gym, now his crotch is numb").tier == EMERGENCY
    assert by_rules("my brother had a numb crotch once, years ago").tier < REFER
