"""Geometry of the statistics' charts; templates draw it as SVG, style sheets colour it, and a table with the same figures stands below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.web.severity import BY_NAME, SCALE, Severity

if TYPE_CHECKING:
    from bot.store.statistics import Figures

HEIGHT = 220
"""Pixels; across, everything is in per cent, so that words keep their size on every screen."""
BOTTOM, TOP = 26, 8


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a stacked bar."""

    x: float
    y: float
    width: float
    height: float
    severity: Severity
    number: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day's bar."""

    date: date
    blocks: tuple[Block, ...]
    counts: dict[int, int]
    """Severity level -> cases."""
    middle: float
    label: str
    """ "major" and "minor" labels; minor ones are left out on narrow screens; "" for none."""

    @property
    def total(self) -> int:
        """Cases of the day."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Days:
    """Cases a day, stacked by severity."""

    days: tuple[Day, ...]
    ticks: tuple[tuple[float, int], ...]
    """(y, number) of the grid's lines."""
    scale: tuple[Severity, ...]
    """Severities that occur, the gravest first."""

    @property
    def total(self) -> int:
        """Cases of all days."""
        return sum(day.total for day in self.days)


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar."""

    label: str
    value: float
    share: float
    """Of the longest, 0 to 1."""
    words: str


def days(figures: Figures, today: date, number: int) -> Days:
    """Cases opened on each of the last `number` days, today included."""
    dates = [today - timedelta(days=back) for back in range(number - 1, -1, -1)]
    counted = [
        {BY_NAME[name].level: n for name, n in figures.cases_by_day.get(day.isoformat(), {}).items()}
        for day in dates
    ]
    top = _round_up(max((sum(one.values()) for one in counted), default=0))
    step = 100 / number
    every = max(1, round(number / 7))
    return Days(
        tuple(
            _day(day, counts, n * step, step, top, label=_label(number - 1 - n, every))
            for n, (day, counts) in enumerate(zip(dates, counted, strict=True))
        ),
        tuple((_y(value, top), value) for value in sorted({0, top // 2, top})),
        tuple(one for one in reversed(SCALE) if any(one.level in counts for counts in counted)),
    )


def bars(values: list[tuple[str, float, str]]) -> tuple[Bar, ...]:
    """Horizontal bars from (label, value, the value in words)."""
    longest = max((value for _, value, _ in values), default=0.0)
    return tuple(
        Bar(label, value, value / longest if longest else 0.0, words) for label, value, words in values
    )


def _day(day: date, counts: dict[int, int], x: float, step: float, top: int, *, label: str) -> Day:
    """One stacked bar, the gravest at the bottom."""
    blocks, below = [], 0
    for level in sorted(counts, reverse=True):
        y = _y(below + counts[level], top)
        height = _y(below, top) - y
        blocks.append(Block(x + step * 0.15, y, step * 0.7, height, SCALE[level], counts[level]))
        below += counts[level]
    return Day(day, tuple(blocks), counts, x + step / 2, label)


def _label(back: int, every: int) -> str:
    """How a day is labelled that lies `back` days in the past."""
    return "" if back % every else ("minor" if back // every % 2 else "major")


def _y(value: float, top: int) -> float:
    """Height of a value in the picture."""
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 2)


def _round_up(value: int) -> int:
    """The next even number that is easy to read."""
    for nice in (2, 4, 6, 10, 20, 30, 50, 100, 200, 500, 1000, 2000, 5000, 10_000):
        if value <= nice:
            return nice
    return (value // 10_000 + 1) * 10_000
