"""Assess a conversation: read each message, judge its findings, add them up, remember."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from safety.compose import Verdict, decide, features
from safety.findings import Candidate, candidates
from safety.lexicon import lexicon
from safety.matcher import Reading, read
from safety.types import Assertion, Assessment, Finding, State, Tier, Topic, Turn

if TYPE_CHECKING:
    from numpy import ndarray


def assess(turns: Sequence[Turn], *, state: State | None = None, vector: ndarray | None = None, now: datetime | None = None) -> tuple[Assessment, State]:
    """Assessment of the last message of `turns` in the light of the earlier ones, and the state to remember."""
    now = now or datetime.now(UTC)
    current = state if state is not None and state.standing(now) else None
    assessment = Assessment()
    for number, turn in enumerate(turns):
        if turn.speaker != "person":
            continue
        assessment, current = _assess_turn(turn.text, number, current, now)
    return assessment, current or State(since=now)


def _assess_turn(text: str, number: int, state: State | None, now: datetime) -> tuple[Assessment, State]:
    reading = read(text, lexicon("en"))
    found = candidates(reading)
    fresh = features(reading, found)
    carried = frozenset(n for n in (state.features if state else ()) if not n.startswith("~"))
    verdict = decide(fresh, fresh | carried)
    crisis = "has:CRISIS:self-harm" in fresh
    before = state.tier if state else Tier.NONE
    tier = max(verdict.tier, before)
    findings = tuple(_finding(c, reading, number) for c in found)
    assessment = Assessment(
        tier=tier, nerve=verdict.nerve or bool(state and state.nerve), crisis=crisis or bool(state and state.crisis), findings=findings,
        rules=tuple(dict.fromkeys(verdict.rules)), topic=verdict.topic if verdict.tier >= before else (state.topic if state else verdict.topic),
        fresh=verdict.tier, sticky=before > verdict.tier,
    )
    return assessment, State(tier, assessment.crisis, assessment.topic, assessment.nerve, carried | fresh, since=now)


def _finding(c: Candidate, reading: Reading, number: int) -> Finding:
    start, end = reading.span(c.start, c.end)
    return Finding(c.label, c.label + (f" {c.group}" if c.group else "") + (" both" if c.both else ""), start, end, reading.text(c.start, c.end), c.judgement.assertion, rule=c.judgement.rule, turn=number)
