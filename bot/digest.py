"""The daily digest of a server's review: when it is due, and what it counts. Pure: no clock, no database, no text, no people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

HOUR = 9
"""Hour (UTC) of a server that set none."""
FURTHEST = timedelta(days=7)
"""What a digest looks back on at most, after an outage."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases of one severity that are not resolved."""

    severity: int
    """0 to 5, as `review.Case.severity`."""
    oldest: datetime
    """When the oldest of them was opened."""
    open: int = 0
    claimed: int = 0
    escalated: int = 0
    overdue: int = 0
    """Of the three before, how many are past their target time."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a digest tells."""

    since: date
    until: date
    """The days (UTC) looked back on: `since` is the first of them, `until` the one after the last."""
    waiting: tuple[Waiting, ...] = ()
    """Most severe first."""
    opened: int = 0
    decided: int = 0
    """Resolved by a moderator."""
    expired: int = 0
    """Closed by themselves because nobody decided."""
    false_alarms: int = 0
    claim_minutes: float | None = None
    """Median from opening to the first claim, of the decided ones; None without any."""
    decide_minutes: float | None = None
    """Median from opening to the decision."""

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to tell: nothing waits and nothing happened."""
        return not (self.waiting or self.opened or self.decided or self.expired)

    @property
    def days(self) -> int:
        """How many days are looked back on."""
        return (self.until - self.since).days


def moment(day: date, hour: int | None) -> datetime:
    """When the digest of a day is due; `hour` None: turned off, looked at in the default hour all the same."""
    return datetime.combine(day, time(HOUR if hour is None else hour), UTC)


def newest(hour: int | None, now: datetime) -> date:
    """The day of the digest that was due last."""
    today = now.astimezone(UTC).date()
    return today if now >= moment(today, hour) else today - timedelta(days=1)


def next_due(hour: int | None, settled: date, now: datetime) -> datetime:
    """When there is something to do again, the digests up to `settled` being dealt with.

    However many days were missed, only the newest is made up; and no day has two, however often the hour is moved.
    """
    last = newest(hour, now)
    return moment(last if settled < last else settled + timedelta(days=1), hour)


def looked_back(settled: date, day: date) -> date:
    """The first day on which the digest of `day` looks back: yesterday, or the first one that no digest has told of."""
    return max(min(settled, day - timedelta(days=1)), day - FURTHEST)
