"""Spans of time in words, and how a case stands against its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.review import Case


@dataclass(frozen=True, slots=True)
class Due:
    """How a case stands against its target time."""

    words: str
    """ "overdue 12 min", "due in 3 h"; empty for a resolved case."""
    state: str
    """ "overdue", "soon" (less than a quarter of the time is left), "fine" or "done"."""


def span(length: timedelta) -> str:
    """A length of time, rounded down to what matters: "12 min", "3 h 5 min", "2 d 4 h"."""
    minutes = int(abs(length.total_seconds()) // 60)
    if minutes < 1:
        return "under 1 min"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours and days < 7 else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"
    return f"{rest} min"


def due(case: Case, now: datetime) -> Due:
    """The standing of `case` at `now`."""
    if case.resolved_at is not None:
        late = case.resolved_at > case.due_at
        return Due(f"{span(case.resolved_at - case.due_at)} late" if late else "in time", "done")
    left = case.due_at - now
    if case.overdue(now):
        return Due(f"overdue {span(left)}", "overdue")
    whole = case.due_at - case.opened_at
    return Due(f"due in {span(left)}", "soon" if left < whole / 4 else "fine")


def minutes(value: float | None) -> str:
    """Minutes as a length in words; a dash for none."""
    if value is None:
        return "–"
    from datetime import timedelta

    return span(timedelta(minutes=value))
