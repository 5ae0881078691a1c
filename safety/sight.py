"""What the rules saw in a message, as names for the backstop: each finding with its assertion, and each kind of word."""

from __future__ import annotations

from safety.compose import Verdict, decide, features
from safety.findings import Candidate
from safety.matcher import Reading


def sight(reading: Reading, found: list[Candidate], verdict: Verdict | None = None) -> list[str]:
    """Names, sorted, without duplicates."""
    here = features(reading, found)
    verdict = verdict or decide(here, here)
    names = set(here)
    for c in found:
        names |= {f"{c.label}:{c.group}:{c.judgement.assertion.value}", f"{c.label}:{c.judgement.assertion.value}"}
    names |= {f"mark:{tag}" for tag in reading.marks}
    names |= {f"rule:{r}" for r in verdict.rules}
    names.add(f"tier:{int(verdict.tier)}")
    return sorted(names)
