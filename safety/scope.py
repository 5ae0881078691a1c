"""Where a finding stands: its sentence and the ones beside it, and which marks lie in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.facts import REGIONS
from safety.pattern import SENTENCE

if TYPE_CHECKING:
    from safety.matcher import Mark, Reading


@dataclass(slots=True)
class Scope:
    """What surrounds a finding: its sentence, words `low` up to `high`, and the sentence after it."""

    low: int
    high: int
    next_high: int
    previous_low: int


def scope_of(reading: Reading, start: int, end: int) -> Scope:
    """The sentence around words `start` to `end`, and its neighbours."""
    bounds = reading.sentences
    at = bisect_right(bounds, start) - 1
    after = bisect_left(bounds, end)
    last = len(bounds) - 1
    return Scope(bounds[at], bounds[min(after, last)], bounds[min(after + 1, last)], bounds[max(at - 1, 0)])


def marks_in(reading: Reading, tag: str, low: int, high: int) -> list[Mark]:
    """Marks of `tag` that start in words `low` up to `high`."""
    return [m for m in reading.marks.get(tag, ()) if low <= m.start < high]


def over_in(reading: Reading, tag: str, low: int, high: int) -> list[Mark]:
    """Marks of `tag`, a word for the end of something, in words `low` up to `high`, but not where it is denied ("not gone by bedtime")."""
    tokens = reading.tokens
    return [
        m
        for m in marks_in(reading, tag, low, high)
        if m.start == 0 or tokens.breaks[m.start] > 0 or "neg" not in tokens.tags[m.start - 1]
    ]


def covered(reading: Reading, tag: str, low: int, high: int) -> set[int]:
    """Words from `low` up to `high`, and what belongs to them, that marks of `tag` cover."""
    return {
        j for m in reading.marks.get(tag, ()) if m.end > low and m.start < high for j in range(m.start, m.end)
    }


_LONGEST = 25
"""Words on either side beyond which nobody's clause goes: a wall of words takes no time."""


PAST = frozenset({"had", "did"})
"""Tags of verbs of the past."""


def clause_of(reading: Reading, at: int) -> tuple[int, int]:
    """The words around word `at` between commas and words that join or set against ("and", "but"): its first one and the one after its last."""
    breaks, tags = reading.tokens.breaks, reading.tokens.tags
    low, high = at, at + 1
    while low > max(0, at - _LONGEST) and breaks[low] == 0 and "joiner" not in tags[low]:
        low -= 1
    while high < min(len(breaks), at + _LONGEST) and breaks[high] == 0 and "joiner" not in tags[high]:
        high += 1
    return low, high


_LIMBS = {"outerthigh": "leg", "foot": "leg", "toe": "leg", "knee": "leg", "hand": "arm", "backpain": "back"}
_SUBJECTS = frozenset(REGIONS) | {"pain", "elsewise", "clinic"}
"""What may be said to be over or fine: parts of the body, pain, the rest, what a clinic found."""


def of_another(reading: Reading, mark: Mark, start: int, end: int) -> bool:
    """Whether `mark`, a word for the end of something, stands in a clause of its own about something else than the finding at words `start` to `end`.

    "Back's fine again, toes numb", "pain's gone but the foot hangs", "crotch numb, physio says all good" end nothing (X4, X10, X13), nor does a question.
    """
    low, high = clause_of(reading, mark.start)
    if _asks_whether(reading, mark, high):
        return True
    tags, words = reading.tokens.tags, reading.tokens.words
    if any("notyet" in t for t in tags[max(low, mark.start - _ASIDE) : mark.start]):
        return True
    if any("neg" in t for t in tags[max(low, mark.start - 2) : mark.start]):
        return True  # "not quite back to normal"
    if "returns" in tags[mark.start] and any(
        _SYMPTOMS & t.keys() for t in tags[max(low, mark.start - _ASIDE) : mark.start]
    ):
        return True  # "the tingling came back after the gym"; the feeling that comes back is over
    if mark.end <= start:
        first, last = clause_of(reading, start)
        told = any(PAST & t.keys() for t in tags[max(first, mark.end) : last])
        now = any("fresh" in t or "overword" in t for t in tags[low : mark.end])
        return not (told and now) and words[mark.end] not in _FROM
    if start < max(high, mark.end) and low < end:
        return start <= mark.start and mark.end <= end
    theirs = _subjects(reading, low, mark.start)
    return bool(theirs) and theirs.isdisjoint(_subjects(reading, start, end))


_ASIDE = 6
"""Words before a word for the end within which it is only wished for, foretold or asked about."""


_FROM = frozenset({"from", "of"})
"""What names the finding after its end ("fully recovered from foot drop")."""
_SYMPTOMS = frozenset({"tingle", "shoot", "pain", "weak", "sciatica", "footdrop", "numbword"})
"""What is there again when it comes back."""


def _asks_whether(reading: Reading, mark: Mark, high: int) -> bool:
    """Whether `mark` asks if all is well ("numb toes, is that ok?"), in the clause that ends its sentence before word `high`."""
    tokens = reading.tokens
    return (
        tokens.question[mark.start]
        and "copula" in tokens.tags[mark.start]
        and (high == len(tokens.words) or tokens.breaks[high] >= SENTENCE)
        and not any("fresh" in tags for tags in tokens.tags[mark.start : high])
    )


def _subjects(reading: Reading, low: int, high: int) -> set[str]:
    return {_LIMBS.get(tag, tag) for tags in reading.tokens.tags[low:high] for tag in tags} & _SUBJECTS
