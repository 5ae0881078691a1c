"""The queue: `/queue`, the next case to review, what is new, and bulk changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.review import Outcome
from bot.store.queue import Filter
from bot.web import ages, excerpt, severity
from bot.web.bulk import ACTIONS, fault, shared_rules
from bot.web.case_page import GUARDED
from bot.web.refusals import Refusal
from bot.web.visit import back

if TYPE_CHECKING:
    from starlette.responses import Response

    from bot.review import Case
    from bot.store.console import Glimpse
    from bot.web.visit import Visit

PAGE = 40
TABS = (
    ("open", "Open"), ("mine", "Mine"), ("escalated", "Escalated"), ("claimed", "Claimed"), ("resolved", "Resolved"), ("reports", "User reports"),
)  # fmt: skip
AGES = {
    "": "any age", "1h": "over 1 hour", "4h": "over 4 hours", "1d": "over 1 day", "7d": "over 7 days", "new": "last hour",
}  # fmt: skip
_AGE = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1), "7d": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    case: Case
    severity: severity.Severity
    due: ages.Due
    age: str
    excerpt: tuple[excerpt.Bit, ...]
    found: tuple[str, ...]
    channel: str
    holder: str | None
    covered: bool
    skipped: bool
    bulk: bool
    """Whether it may be changed together with others."""


async def queue(visit: Visit) -> Response:
    """The list under one tab, narrowed by the address."""
    chosen, words = _filter(visit), visit.query("q")
    counts = await visit.desk.queue.counts(visit.guild, moderator=visit.moderator, now=visit.now)
    if words:
        cases = await visit.desk.reads.found(visit.guild, words, limit=PAGE)
        more = False
    else:
        first = max(0, _number(visit.query("from")))
        cases = await visit.desk.queue.cases(
            visit.guild, chosen, moderator=visit.moderator, limit=PAGE + 1, offset=first, now=visit.now
        )
        more, cases = len(cases) > PAGE, cases[:PAGE]
    rows = await rows_of(visit, cases)
    return await visit.page(
        "queue.html", rows=rows, counts=counts, tabs=TABS, tab=chosen.tab, words=words, more=more, chosen=chosen,
        rules=[rule for rule in await visit.desk.reads.rules(visit.guild) if rule not in GUARDED], ages=AGES, age=visit.query("age"), link=_Links(visit), first=_number(visit.query("from")),
        size=PAGE, actions=ACTIONS, job=visit.desk.jobs.of(visit.moderator, visit.query("job")), latest=visit.now.isoformat(),
        said=_SAID.get(visit.query("said"), ""), undo=visit.query("undo"),
    )  # fmt: skip


async def rows_of(visit: Visit, cases: list[Case]) -> list[Row]:
    """Cases with what their rows show."""
    glimpses = await visit.desk.reads.glimpses(visit.guild, [case.id for case in cases])
    skipped = await visit.desk.reads.skipped(visit.guild, visit.moderator)
    return [_row(visit, case, glimpses.get(case.id), case.id in skipped) for case in cases]


async def next_case(visit: Visit) -> Response:
    """On to the case that this moderator should see next; back to the queue when nothing waits."""
    case = await visit.desk.queue.next(visit.guild, visit.moderator, now=visit.now)
    undo = {"undo": visit.query("undo")} if visit.query("undo") else {}
    if case is None:
        return back("/queue?" + urlencode({"said": "empty", **undo}))
    return back(f"/case/{case.id}?" + urlencode({"focus": "1", **undo}))


async def bulk(visit: Visit) -> Response:
    """Preview what was chosen; carry it out once its number has been typed."""
    action = visit.field("action")
    ids = list(dict.fromkeys(str(one) for one in visit.form.getlist("case")))[:200]
    found = [await visit.desk.store.cases.case(one, visit.guild) for one in ids]
    cases = [case for case in found if case is not None]
    if len(cases) != len(ids):
        raise Refusal(404, "One of the chosen cases is not there (any more). Nothing was changed.")
    wrong = fault(action, cases, visit.moderator, visit.now)
    typed, note = visit.field("number"), visit.field("note")[:500]
    if not wrong and "number" in visit.form:
        if typed == str(len(cases)) and _unchanged(visit, cases):
            job = await visit.desk.jobs.start(visit.guild, visit.moderator, action, cases, note)
            return back(f"/queue?job={job.id}")
        wrong = (
            f"Type {len(cases)} to confirm."
            if typed != str(len(cases))
            else "Somebody changed one of them in between: look again."
        )
    return await visit.page(
        "bulk.html", 422 if wrong else 200, rows=await rows_of(visit, cases), action=action, actions=ACTIONS, wrong=wrong, note=note,
        shared=shared_rules(cases), asked="number" in visit.form,
        possible=not fault(action, cases, visit.moderator, visit.now),
    )  # fmt: skip


async def bulk_undo(visit: Visit) -> Response:
    """Take a bulk change back."""
    job = visit.desk.jobs.of(visit.moderator, str(visit.request.path_params["job"]))
    if job is None:
        raise Refusal(404, "There is nothing to undo.")
    return back("/queue?said=" + ("undone" if await visit.desk.jobs.undo(job) else "too-late"))


_SAID = {
    "empty": "Nothing waits for you. Well done.",
    "undone": "Undone: nothing was changed.",
    "too-late": "Too late to undo. Reopen the cases one by one if need be.",
    "resolved": "Decision kept.",
    "escalated": "Escalated.",
    "skipped": "Skipped: you will not be shown this case again in focus mode.",
    "reopened": "Reopened.",
}


def _unchanged(visit: Visit, cases: list[Case]) -> bool:
    """Whether every case stands as it was previewed."""
    return all(visit.field(f"version-{case.id}") == str(case.version) for case in cases)


def _row(visit: Visit, case: Case, glimpse: Glimpse | None, skipped: bool) -> Row:
    """One row."""
    claimed = case.standing(visit.now) == "claimed"
    covered = visit.looks.cover == "always" or (visit.looks.cover == "crisis" and case.crisis)
    place = glimpse.place if glimpse else None
    return Row(
        case=case, severity=severity.of(case), due=ages.due(case, visit.now), age=ages.span(visit.now - case.opened_at),
        excerpt=() if covered else excerpt.excerpt(glimpse), found=excerpt.names(glimpse)[:3], channel=(place.channel or "") if place else "",
        holder=case.holder if claimed else case.resolved_by, covered=covered, skipped=skipped,
        bulk=case.severity < severity.BY_NAME["EMERGENCY"].level and case.resolved_at is None,
    )  # fmt: skip


def _filter(visit: Visit) -> Filter:
    """The filter in the address; what makes no sense is left out."""
    tab, level, age = visit.query("state") or "open", visit.query("severity"), visit.query("age")
    outcome = visit.query("outcome")
    return Filter(
        tab=tab if tab in dict(TABS) else "open",  # type: ignore[arg-type]
        severity=int(level) if level in set("012345") and level else None,
        rule=visit.query("rule")[:40],
        holder=visit.query("assignee")[:64],
        outcome=outcome if outcome in set(Outcome) else "",
        opened_before=visit.now - _AGE[age] if age in _AGE else None,
        opened_after=visit.now - _AGE["1h"] if age == "new" else None,
    )


def _number(text: str) -> int:
    """A small number in the address; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 7 else 0


class _Links:
    """Addresses of the queue with some parameters changed, so that filters stay while tabs change."""

    def __init__(self, visit: Visit) -> None:
        """Start from the address of this visit."""
        kept = ("state", "severity", "rule", "age", "assignee", "guild")
        self._query = {name: visit.query(name) for name in kept if visit.query(name)}

    def __call__(self, **changes: Any) -> str:
        """The address with `changes`; an empty value drops a parameter."""
        query = {**self._query, **{name: str(value) for name, value in changes.items()}}
        return "/queue" + (
            "?" + urlencode(chosen) if (chosen := {k: v for k, v in query.items() if v}) else ""
        )

    @property
    def query(self) -> str:
        """What stands behind the question mark, for a saved view."""
        return urlencode(self._query)
