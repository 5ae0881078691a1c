"""What the backstop looks at: the clauses that say something of the body or its story, and what the rules saw, as names."""

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


_SILENT = frozenset(
    "self my neg terminator question other othernow ifword if effort exertion training muscle recent returned idiomhype masked yes no quote minor pseudo"
    " refuses pregnant notback left right one both famous family daily rapid age70 age50 faint cause gymfatigue".split()
)
"""Tags that alone do not make a clause worth reading: without this, "coach says walk it off" at the end would change a score."""


def relevant(reading: Reading) -> str:
    """The clauses that carry a telling tag, without masked words; the whole text where none does.

    So a long story does not thin out the one clause that matters, and a minimiser or an instruction at its end changes nothing (X12).
    """
    words, breaks, tags = reading.tokens.words, reading.tokens.breaks, reading.tokens.tags
    covered = bytearray(len(words))
    for tag, marks in reading.marks.items():
        if tag not in _SILENT:
            for mark in marks:
                covered[mark.start : mark.end] = b"\x01" * (mark.end - mark.start)
    kept: list[str] = []
    start = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or breaks[i] > 0:
            if any(covered[start:i]):
                kept += [w for j, w in enumerate(words[start:i], start) if "masked" not in tags[j]]
            start = i
    return " ".join(kept) if kept else " ".join(words)
