"""What the backstop looks at: the clauses that say something of the body or its story, and what the rules saw, as names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safety.compose import Verdict, decide, features
from safety.facts import REGIONS
from safety.matcher import Reading
from safety.pattern import Tokens
from safety.types import Assertion

if TYPE_CHECKING:
    from safety.findings import Candidate

_SILENT = frozenset(
    [
        "self",
        "my",
        "neg",
        "terminator",
        "question",
        "other",
        "othernow",
        "ifword",
        "if",
        "effort",
        "exertion",
        "training",
        "muscle",
        "recent",
        "returned",
        "idiomhype",
        "masked",
        "claimed",
        "yes",
        "no",
        "quote",
        "minor",
        "pseudo",
        "refuses",
        "played-down",
        "ordered",
        "pregnant",
        "notback",
        "left",
        "right",
        "one",
        "both",
        "famous",
        "family",
        "daily",
        "rapid",
        "age70",
        "age50",
        "faint",
        "cause",
        "gymfatigue",
        "authority",
    ]
)
"""Tags that alone do not make a clause worth reading: without this, "coach says walk it off" at the end would change a score."""
_TRAILING = _SILENT - {"claimed", "returned"}
"""Tags that alone do not keep a last clause: "... has anyone had that? i have" and "..., gone in two days, back again" do."""


def trimmed(reading: Reading) -> Reading:
    """The message without its last clauses that say nothing of the body ("prob nothing", "what weight tomorrow?").

    Everything is decided on what is left, so that nothing of the kind, added at the end, can change anything (X12). Whole where nothing is telling.
    """
    tokens = reading.tokens
    size = len(tokens.words)
    last = _before_denials(reading, size)
    ends = [
        m.end for tag, marks in reading.marks.items() if tag not in _TRAILING for m in marks if m.end <= last
    ]
    cut = max(ends, default=0)
    while cut < last and (tokens.breaks[cut] == 0 or "denial" in tokens.tags[cut] or _answers(tokens, cut)):
        cut += 1
    cut = cut or last
    if cut == size:
        return reading
    return _first(reading, cut)


def unsoftened(reading: Reading) -> Reading | None:
    """The message without the playing down, authority or orders at its end, or None where there are none (X12).

    What is hidden from the rules still shifts the words around it; the backstop reads the message both ways and believes the graver.
    """
    tags = reading.tokens.tags
    soft = {i for i, t in enumerate(tags) if "played-down" in t}
    soft.update(i for m in reading.marks.get("authority", ()) for i in range(m.start, m.end))
    near = [i for i in soft if len(tags) - i <= _TAIL]
    return trimmed(_first(reading, min(near))) if near and min(near) > 0 else None


_TAIL = 16
"""Words from the end within which somebody plays down what came before."""


def _first(reading: Reading, cut: int) -> Reading:
    """The first `cut` words of a message."""
    tokens = reading.tokens
    kept = Tokens(
        tokens.words[:cut],
        tokens.spans[:cut],
        tokens.breaks[:cut],
        tokens.atoms[:cut],
        tokens.tags[:cut],
        tokens.question[:cut],
    )
    marks = {tag: [m for m in found if m.end <= cut] for tag, found in reading.marks.items()}
    return Reading(
        reading.normal, kept, {tag: found for tag, found in marks.items() if found}, reading.length
    )


_ELSEWHERE = frozenset({"fever", "fevertrue", "nightsweats", "headache", "head", "belly"})
"""What is denied at the end of a message without a bearing on nerves."""


def _before_denials(reading: Reading, cut: int) -> int:
    """`cut` without short last sentences that only deny something else ("no fever", "no stomach trouble").

    A true denial of one thing says nothing about the other (X1).
    """
    tokens = reading.tokens
    while True:
        start = max((s for s in reading.sentences if s < cut), default=0)
        if start == 0 or not 2 <= cut - start <= 4 or "neg" not in tokens.tags[start]:
            return cut
        if _answers(tokens, start):
            return cut
        said = {tag for tag, marks in reading.marks.items() if any(start <= m.start < cut for m in marks)}
        if said - _SILENT - _ELSEWHERE:
            return cut
        cut = start


def _answers(tokens: Tokens, at: int) -> bool:
    """Whether the words from `at` deny what was asked before them ("tingling? not a trace")."""
    return "absent" in tokens.tags[at] and tokens.question[at - 1]


def telling(reading: Reading, found: list[Candidate]) -> bytearray:
    """1 for every word of a clause that carries a telling tag, masked words left out; the clauses without one where no clause does.

    So a long story does not thin out the one clause that matters, and a minimiser or an instruction at its end changes nothing (X12). Clauses that only
    deny something are left out where another clause tells something: a true denial of one thing says nothing about the other (X1), nor does the lack of pain (X4).
    """
    words, breaks, tags = reading.tokens.words, reading.tokens.breaks, reading.tokens.tags
    covered = bytearray(len(words))
    for tag, marks in reading.marks.items():
        if tag not in _SILENT:
            for mark in marks:
                covered[mark.start : mark.end] = b"\x01" * (mark.end - mark.start)
    absent = {j for c in found if c.judgement.assertion is Assertion.ABSENT for j in range(c.start, c.end)}
    standing = {
        j for c in found if c.judgement.assertion is not Assertion.ABSENT for j in range(c.start, c.end)
    }
    painless = {j for m in reading.marks.get("painless", ()) for j in range(m.start, m.end)}
    parts = {j for tag in REGIONS for m in reading.marks.get(tag, ()) for j in range(m.start, m.end)}
    telling_words, denying_words, other_words = (
        bytearray(len(words)),
        bytearray(len(words)),
        bytearray(len(words)),
    )
    start = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or breaks[i] > 0:
            clause = range(start, i)
            chosen = other_words
            if any(covered[start:i]):
                silent = not absent.isdisjoint(clause) or (
                    not painless.isdisjoint(clause) and parts.isdisjoint(clause)
                )
                denial = silent and standing.isdisjoint(clause)
                chosen = denying_words if denial else telling_words
            for j in clause:
                chosen[j] = "masked" not in tags[j]
            start = i
    for kept in (telling_words, other_words, denying_words):
        if any(kept):
            return kept
    return bytearray(b"\x01" * len(words))


def relevant(reading: Reading, kept: bytearray) -> str:
    """The telling words of a message."""
    return " ".join(w for w, keep in zip(reading.tokens.words, kept, strict=True) if keep)


def sight(
    reading: Reading, found: list[Candidate], kept: bytearray, verdict: Verdict | None = None
) -> list[str]:
    """What the rules saw in the telling clauses, as names, sorted, without duplicates."""
    here = features(reading, found)
    verdict = verdict or decide(here, here)
    tags = {
        tag
        for tag, marks in reading.marks.items()
        if tag not in _SILENT and any(kept[m.start] for m in marks)
    }
    names = {name for name in here if not name.startswith("~") or name[1:] in tags}
    for c in found:
        if not kept[c.start] and c.judgement.assertion is Assertion.ABSENT:
            continue
        names |= {
            f"{c.label}:{c.group}:{c.judgement.assertion.value}",
            f"{c.label}:{c.judgement.assertion.value}",
        }
    names |= {f"mark:{tag}" for tag in tags}
    names |= {f"rule:{r}" for r in verdict.rules}
    names.add(f"tier:{int(verdict.tier)}")
    return sorted(names)
