"""One case: `/case/<id>`. Facts, transcript, decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.review import REASONS as CODES
from bot.review import Outcome, Status
from bot.web import ages, severity
from bot.web.refusals import Refusal
from bot.web.transcript import Transcript, transcript

if TYPE_CHECKING:
    from starlette.responses import Response

    from bot.review import Case
    from bot.store.chain import Link
    from bot.store.codec import Place
    from bot.web.visit import Visit

OUTCOMES = (
    (Outcome.CORRECT, "Correct flag", "Right to flag, right severity."),
    (Outcome.WRONG_TIER, "Wrong severity", "Right to flag, but it should have been another severity."),
    (Outcome.FALSE_ALARM, "False alarm", "No need to flag. Lifts what the bot holds back from this person."),
    (Outcome.MISSED_SIGNS, "Missed signs", "Something in the text was overlooked, or the reply fell short."),
    (Outcome.DUPLICATE, "Duplicate", "The same matter is decided in another case."),
)
REASONS = tuple(
    zip(
        CODES,
        (
            "It is past and settled",
            "About somebody else or a quotation",
            "A figure of speech",
            "A harmless cause, and it went away",
            "The words were misread",
            "A joke or a test",
            "Something else (say what)",
        ),
        strict=True,
    )
)
"""Why it was no need to flag -> in words."""
GUARDED = {
    "tier": "referral",
    "crisis": "crisis help",
    "clarify": "a closed question",
    "failure": "safety layer failed",
    "replaced": "draft replaced",
}
"""Reasons of the guard that are no rules, in words."""
CHANGES = {
    "claimed": "claimed it", "extended": "extended the claim", "released": "released it", "escalated": "escalated it", "resolved": "decided it",
    "reopened": "reopened it", "joined": "added a new message of the same conversation", "expired": "closed it undecided because it had waited too long, and deleted its text", "lapsed": "put it back because the claim ran out",
}  # fmt: skip


async def case(visit: Visit) -> Response:
    """The page; opening it is put into the audit."""
    found = await current(visit)
    await visit.desk.store.cases.seen(found.id, visit.guild, visit.moderator)
    return await shown(visit, found)


async def current(visit: Visit) -> Case:
    """The case in the address, as it stands. Raises `Refusal` when it has gone in between."""
    found = await visit.desk.store.cases.case(str(visit.request.path_params["case"]), visit.guild)
    if found is None:
        raise Refusal(404, "There is no such case, or its time here is up.")
    return found


async def shown(visit: Visit, found: Case, status: int = 200, **values: Any) -> Response:
    """The page of `found`; `values` are what a refused form is shown with."""
    read = transcript(await visit.desk.store.cases.evidence(found.id, visit.guild))
    place = await visit.desk.store.cases.place(found.id, visit.guild)
    links = await visit.desk.store.audit(visit.guild, case=found.id, limit=60)
    standing = found.standing(visit.now)
    covers = visit.looks.cover == "always" or (visit.looks.cover == "crisis" and found.crisis)
    typed = {"outcome": "", "corrected": "", "reason": "", "note": ""}
    return await visit.page(
        "case.html", status,
        **{
            "case": found, "severity": severity.of(found), "corrected": severity.of_tier(found.corrected), "due": ages.due(found, visit.now),
            "age": ages.span(visit.now - found.opened_at), "standing": standing, "mine": found.held_by(visit.moderator, visit.now),
            "taken": standing is Status.CLAIMED and found.holder != visit.moderator, "lines": read.lines, "rules": read.rules,
            "clauses": clauses(found, read), "scores": scores(read), "covered": covers and found.id not in visit.session.revealed,
            "coverable": covers, "earlier": await visit.desk.reads.earlier(found), "jump": jump(place, visit), "place": place,
            "timeline": timeline(links), "outcomes": OUTCOMES, "guarded": GUARDED, "reasons": REASONS, "typed": typed, "faults": {}, "conflict": None,
            "refused": "", "change": "", "focus": visit.query("focus") == "1" or visit.field("focus") == "1", "undo": visit.query("undo"),
            "left": int((found.lease_until - visit.now).total_seconds()) if found.lease_until else 0,
            **values,
        },
    )  # fmt: skip


def clauses(found: Case, read: Transcript) -> tuple[str, ...]:
    """Rules of the case that are no finding of their own: combinations, time and context rules, the guard's reasons."""
    named = {rule.finding.concept for rule in read.rules}
    return tuple(rule for rule in found.rules if rule not in named and rule not in GUARDED)


def scores(read: Transcript) -> tuple[tuple[str, float], ...]:
    """Scores of the semantic backstop, the highest of each."""
    best: dict[str, float] = {}
    for assessment in read.assessments:
        for name, value in assessment.scores:
            best[name] = max(value, best.get(name, value))
    return tuple(sorted(best.items(), key=lambda pair: -pair[1])[:5])


def jump(place: Place | None, visit: Visit) -> str:
    """The address of the message in Discord; empty where there is none."""
    if visit.desk.practice or place is None or not (place.channel and place.message):
        return ""
    parts = (visit.guild, place.channel, place.message)
    return "https://discord.com/channels/" + "/".join(parts) if all(part.isdigit() for part in parts) else ""


def timeline(links: list[Link]) -> list[Link]:
    """The case's history, oldest first, without the views that fill it."""
    return [link for link in reversed(links) if link.action not in ("viewed", "extended")][-20:]


def words_of(link: Link | None) -> str:
    """What the last change was, for somebody who came too late."""
    if link is None:
        return "It was changed in between."
    return CHANGES.get(link.action, link.action) + (
        f": {link.detail}" if link.detail and link.action == "resolved" else ""
    )
