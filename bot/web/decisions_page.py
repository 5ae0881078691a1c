"""What was decided: `/decisions`, and as CSV without any text."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from bot.review import Outcome
from bot.store.console import Decided
from bot.store.labels import Labels
from bot.web import ages, severity
from bot.web.case_page import OUTCOMES

if TYPE_CHECKING:
    from bot.review import Case
    from bot.web.visit import Visit

PAGE = 50
CSV_ROWS = 5000
WORDS = {outcome.value: word for outcome, word, _ in OUTCOMES} | {Outcome.EXPIRED.value: "Expired undecided"}
SPANS = {"": "ever", "1": "today", "7": "7 days", "30": "30 days"}
COLUMNS = (
    "case", "severity", "reason", "rules", "opened_at", "claimed_at", "resolved_at", "resolved_by", "outcome", "corrected", "late", "reopened",
)  # fmt: skip


async def decisions(visit: Visit) -> Response:
    """The log, newest first."""
    chosen = _filter(visit)
    first = _number(visit.query("from"))
    cases = await visit.desk.reads.decisions(visit.guild, chosen, limit=PAGE + 1, offset=first)
    query = {
        name: visit.query(name)
        for name in ("outcome", "moderator", "severity", "rule", "days", "guild")
        if visit.query(name)
    }
    server = await visit.desk.store.guilds.settings(visit.guild)
    return await visit.page(
        "decisions.html", exports_text=server.export_text, more=len(cases) > PAGE, chosen=chosen, first=first, size=PAGE, outcomes=WORDS, spans=SPANS, days=visit.query("days"),
        deciders=await visit.desk.reads.deciders(visit.guild, visit.now - timedelta(days=90)), query=urlencode(query), page_link=_paging(query),
        rows=[(case, severity.of(case), severity.of_tier(case.corrected), ages.due(case, visit.now)) for case in cases[:PAGE]],
    )  # fmt: skip


async def decisions_csv(visit: Visit) -> Response:
    """The same as a table for a spreadsheet: ids, rules and times, no word of what anybody wrote."""
    cases = await visit.desk.reads.decisions(visit.guild, _filter(visit), limit=CSV_ROWS)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _cells(case)] for case in cases)
    headers = {"Content-Disposition": 'attachment; filename="decisions.csv"'}
    return Response(sheet.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


async def labels(visit: Visit) -> Response:
    """Labels as JSON lines, for `spotter eval safety --decisions`: with what was written only where the server's settings say so."""
    days = visit.field("days")
    after = visit.now - timedelta(days=int(days)) if days and days in SPANS else None
    made = await Labels(visit.desk.store.database).export(visit.guild, visit.moderator, after=after)
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made)
    headers = {"Content-Disposition": 'attachment; filename="labels.jsonl"'}
    return Response(lines, media_type="application/jsonl; charset=utf-8", headers=headers)


def _cells(case: Case) -> tuple[str, ...]:
    """One decision."""
    late = case.resolved_at is not None and case.resolved_at > case.due_at
    return (
        case.id, severity.of(case).word, case.reason, " ".join(case.rules), case.opened_at.isoformat(timespec="seconds"),
        case.claimed_at.isoformat(timespec="seconds") if case.claimed_at else "",
        case.resolved_at.isoformat(timespec="seconds") if case.resolved_at else "", case.resolved_by or "",
        case.outcome.value if case.outcome else "", case.corrected.name if case.corrected is not None else "", "yes" if late else "no",
        str(case.reopened),
    )  # fmt: skip


def _cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _filter(visit: Visit) -> Decided:
    """The filter in the address."""
    outcome, level, days = visit.query("outcome"), visit.query("severity"), visit.query("days")
    return Decided(
        outcome=outcome if outcome in set(Outcome) else "",
        moderator=visit.query("moderator")[:64],
        severity=int(level) if level and level in "012345" and len(level) == 1 else None,
        rule=visit.query("rule")[:40],
        after=visit.now - timedelta(days=int(days)) if days and days in SPANS else None,
    )


def _number(text: str) -> int:
    """Where the page begins."""
    return int(text) if text.isdecimal() and len(text) < 7 else 0


class _paging:  # noqa: N801 - used as a function by the template
    """Addresses of the pages of a log."""

    def __init__(self, query: dict[str, str]) -> None:
        """Keep the filters."""
        self._query = query

    def __call__(self, first: int) -> str:
        """The address of the page that begins at `first`."""
        return "/decisions?" + urlencode({**self._query, "from": str(first)})
