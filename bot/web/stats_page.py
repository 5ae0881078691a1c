"""Figures: `/stats`. Each chart has its summary in words above and a table with the same numbers below."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.web import ages, charts
from bot.web.decisions_page import WORDS

if TYPE_CHECKING:
    from starlette.responses import Response

    from bot.store.statistics import Figures
    from bot.web.visit import Visit

SPANS = {"7": "7 days", "14": "14 days", "30": "30 days", "90": "90 days"}
RULES = 12
"""Rules shown in the chart of false alarms; the table has all."""


async def stats(visit: Visit) -> Response:
    """The page."""
    chosen = visit.query("days") if visit.query("days") in SPANS else "14"
    # one more day than is drawn, so that the first bar is a whole day
    figures = await visit.desk.store.statistics.figures(visit.guild, days=int(chosen) + 1, now=visit.now)
    by_day = charts.days(figures, visit.now.date(), int(chosen))
    busiest = max(by_day.days, key=lambda day: day.total)
    return await visit.page(
        "stats.html", figures=figures, by_day=by_day, busiest=busiest, spans=SPANS, days=chosen, times=times(figures),
        outcomes=outcomes(figures), alarms=alarms(figures), load=load(figures, visit), since=visit.now - timedelta(days=int(chosen)),
        height=charts.HEIGHT,
    )  # fmt: skip


def times(figures: Figures) -> tuple[charts.Bar, ...]:
    """How long cases wait."""
    values = (
        ("First claim, median", figures.median_claim_minutes),
        ("First claim, 9 of 10 within", figures.p90_claim_minutes),
        ("Decision, median", figures.median_resolve_minutes),
        ("Decision, 9 of 10 within", figures.p90_resolve_minutes),
    )
    return charts.bars([(label, value or 0.0, ages.minutes(value)) for label, value in values])


def outcomes(figures: Figures) -> tuple[charts.Bar, ...]:
    """What was decided."""
    ranked = sorted(figures.outcomes.items(), key=lambda pair: -pair[1])
    return charts.bars(
        [(WORDS.get(outcome, outcome), float(number), str(number)) for outcome, number in ranked]
    )


def alarms(figures: Figures) -> tuple[charts.Bar, ...]:
    """How often each rule was a false alarm, the worst first; of rules that fired in two decided cases at least."""
    rated = [
        (rule, wrong / fired, wrong, fired)
        for rule, (wrong, fired) in figures.false_alarms_by_rule.items()
        if fired > 1
    ]
    rated.sort(key=lambda one: (-one[1], -one[3]))
    return tuple(
        charts.Bar(rule, rate, rate, f"{rate:.0%} ({wrong} of {fired})")
        for rule, rate, wrong, fired in rated[:RULES]
    )


def load(figures: Figures, visit: Visit) -> tuple[charts.Bar, ...]:
    """Who decided how many."""
    ranked = sorted(figures.load.items(), key=lambda pair: -pair[1])
    return charts.bars(
        [(visit.desk.authority.name(who), float(number), str(number)) for who, number in ranked]
    )
