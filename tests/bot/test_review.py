"""The case state machine: every move, and every move that is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import review
from bot.review import Case, Outcome, Refused, Status, Targets
from safety.types import Tier

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def case(**fields):
    return Case(
        **(
            {
                "id": "c",
                "guild": "g",
                "reason": "tier",
                "tier": Tier.URGENT,
                "opened_at": NOW,
                "due_at": NOW + timedelta(hours=4),
            }
            | fields
        )
    )


def test_a_claim_holds_ten_minutes_and_then_lapses():
    claimed = review.claim(case(), "mod", NOW)
    assert (claimed.status, claimed.holder, claimed.version) == (Status.CLAIMED, "mod", 2)
    assert claimed.standing(NOW + timedelta(minutes=9)) is Status.CLAIMED
    assert claimed.standing(NOW + timedelta(minutes=10)) is Status.OPEN


def test_nobody_takes_a_case_that_somebody_holds():
    claimed = review.claim(case(), "mod", NOW)
    for move in (review.claim, review.escalate):
        with pytest.raises(Refused, match="Somebody else"):
            move(claimed, "other", NOW)
    with pytest.raises(Refused, match="Somebody else"):
        review.resolve(claimed, "other", Outcome.CORRECT, NOW)


def test_a_lapsed_claim_may_be_taken_by_another_and_not_extended_by_its_first_holder():
    later = NOW + timedelta(minutes=11)
    claimed = review.claim(case(), "mod", NOW)
    with pytest.raises(Refused, match="do not hold"):
        review.extend(claimed, "mod", later)
    assert review.claim(claimed, "other", later).holder == "other"


def test_activity_extends_the_lease():
    claimed = review.claim(case(), "mod", NOW)
    extended = review.extend(claimed, "mod", NOW + timedelta(minutes=9))
    assert extended.standing(NOW + timedelta(minutes=18)) is Status.CLAIMED


def test_an_escalated_case_stays_escalated_when_a_claim_on_it_lapses():
    escalated = review.escalate(review.claim(case(), "mod", NOW), "mod", NOW)
    assert (escalated.status, escalated.holder) == (Status.ESCALATED, None)
    claimed = review.claim(escalated, "senior", NOW)
    assert review.lapse(claimed, NOW + review.LEASE).status is Status.ESCALATED


def test_a_resolved_case_can_only_be_reopened():
    resolved = review.resolve(case(), "mod", Outcome.CORRECT, NOW)
    for move in (lambda: review.claim(resolved, "mod", NOW), lambda: review.escalate(resolved, "mod", NOW)):
        with pytest.raises(Refused, match="Reopen it first"):
            move()
    opened = review.reopen(resolved, NOW)
    assert (opened.status, opened.outcome, opened.reopened) == (Status.OPEN, None, 1)


def test_a_wrong_tier_needs_the_right_one():
    with pytest.raises(Refused, match="which tier"):
        review.resolve(case(), "mod", Outcome.WRONG_TIER, NOW)


def test_an_emergency_is_no_false_alarm_without_a_reason():
    grave = case(tier=Tier.EMERGENCY)
    with pytest.raises(Refused, match="needs a reason"):
        review.resolve(grave, "mod", Outcome.FALSE_ALARM, NOW)
    assert (
        review.resolve(grave, "mod", Outcome.FALSE_ALARM, NOW, reason="past").outcome is Outcome.FALSE_ALARM
    )
    with pytest.raises(Refused, match="reasons"):
        review.resolve(case(), "mod", Outcome.FALSE_ALARM, NOW, reason="their own words")


@pytest.mark.parametrize(
    ("outcome", "corrected", "lifts"),
    [
        (Outcome.FALSE_ALARM, None, True),
        (Outcome.WRONG_TIER, Tier.CAUTION, True),
        (Outcome.WRONG_TIER, Tier.REFER, False),
        (Outcome.CORRECT, None, False),
    ],
)
def test_which_decisions_lift_the_sticky_tier(outcome, corrected, lifts):
    assert review.releases(review.resolve(case(), "mod", outcome, NOW, corrected=corrected)) is lifts


def test_joining_takes_the_higher_tier_and_the_nearer_target():
    due = NOW + timedelta(minutes=15)
    joined = review.join(
        case(rules=("U1",)),
        tier=Tier.EMERGENCY,
        crisis=False,
        rules=("E1", "U1"),
        action="replace",
        due_at=due,
        now=NOW,
    )
    assert (joined.tier, joined.due_at, joined.rules, joined.exchanges) == (
        Tier.EMERGENCY,
        due,
        ("U1", "E1"),
        2,
    )


def test_crisis_is_the_most_severe_and_due_like_an_emergency():
    assert case(crisis=True, tier=Tier.NONE).severity == 5
    assert Targets().of(Tier.NONE, crisis=True) == Targets().of(Tier.EMERGENCY) == timedelta(minutes=15)


MOVES = st.sampled_from(["claim", "extend", "release", "escalate", "resolve", "reopen", "lapse"])


@given(st.lists(st.tuples(MOVES, st.sampled_from("ab"), st.integers(0, 15)), max_size=20))
def test_whatever_moderators_do_a_case_has_one_holder_and_versions_only_grow(moves):
    now, current = NOW, case()
    for move, who, minutes in moves:
        now += timedelta(minutes=minutes)
        before = current
        try:
            current = _moved(current, move, who, now)
        except Refused:
            continue
        assert current.version == before.version + 1
        assert (current.holder is not None) == (current.status is Status.CLAIMED)
        assert (current.outcome is not None) == (current.status is Status.RESOLVED)
        assert before.standing(now) is not Status.CLAIMED or before.holder == who or move == "lapse"


def _moved(current, move, who, now):
    if move == "resolve":
        return review.resolve(current, who, Outcome.CORRECT, now)
    if move in ("reopen", "lapse"):
        return getattr(review, move)(current, now)
    return getattr(review, move)(current, who, now)
