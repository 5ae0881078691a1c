"""Where a finding stands: its sentence and the ones beside it, and which marks lie in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
