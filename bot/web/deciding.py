"""What a moderator does to a case: claim, extend, release, escalate, skip, resolve, reopen, note, reveal. Every one a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.review import DECISIONS, Case, Outcome, Refused
from bot.web.case_page import REASONS, current, shown, words_of
from bot.web.refusals import Refusal
from bot.web.visit import back
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.responses import Response

    from bot.web.visit import Visit

NOTE = 2000
"""Characters of a note at most."""


async def claim(visit: Visit) -> Response:
    """Take the case."""
    found = await current(visit)
    return await _changed(
        visit, visit.desk.store.cases.claim(found.id, visit.guild, visit.moderator, version=_version(visit))
    )


async def extend(visit: Visit) -> Response:
    """Renew the lease; for htmx, the lease alone comes back."""
    found = await current(visit)
    try:
        extended = await visit.desk.store.cases.extend(found.id, visit.guild, visit.moderator)
    except Refused as refused:
        if visit.fragment:
            raise Refusal(409, str(refused)) from refused
        return await _conflict(visit, refused)
    if not visit.fragment:
        return back(_here(visit))
    left = int((extended.lease_until - visit.now).total_seconds()) if extended.lease_until else 0
    return await visit.page("lease.html", case=extended, left=left, mine=True)


async def release(visit: Visit) -> Response:
    """Put it back into the pool."""
    found = await current(visit)
    work = visit.desk.store.cases.release(found.id, visit.guild, visit.moderator, version=_version(visit))
    return await _changed(visit, work, after="/queue")


async def escalate(visit: Visit) -> Response:
    """Hand it up."""
    found = await current(visit)
    work = visit.desk.store.cases.escalate(
        found.id, visit.guild, visit.moderator, note=visit.field("note")[:NOTE], version=_version(visit)
    )
    return await _changed(visit, work, after=_onward(visit, "escalated"))


async def skip(visit: Visit) -> Response:
    """Leave it out of this moderator's focus mode, and let it go."""
    found = await current(visit)
    await visit.desk.store.cases.skip(found.id, visit.guild, visit.moderator)
    if found.held_by(visit.moderator, visit.now):
        return await _changed(
            visit,
            visit.desk.store.cases.release(found.id, visit.guild, visit.moderator),
            after=_onward(visit, "skipped"),
        )
    return back(_onward(visit, "skipped"))


async def resolve(visit: Visit) -> Response:
    """Decide."""
    found = await current(visit)
    faults = _faults(visit, found)
    if faults:
        return await shown(visit, found, 422, faults=faults, typed=_typed(visit))
    outcome, corrected = Outcome(visit.field("outcome")), visit.field("corrected")
    work = visit.desk.store.cases.resolve(
        found.id, visit.guild, visit.moderator, outcome, note=visit.field("note")[:NOTE], version=_version(visit), reason=visit.field("reason"),
        corrected=Tier(int(corrected)) if corrected and outcome is not Outcome.DUPLICATE else None,
    )  # fmt: skip
    return await _changed(visit, work, after=_onward(visit, "resolved", undo=found.id))


async def reopen(visit: Visit) -> Response:
    """Open a resolved case again: also the undo of a decision."""
    found = await current(visit)
    version = _version(visit) if visit.field("version") else None
    work = visit.desk.store.cases.reopen(
        found.id, visit.guild, visit.moderator, note=visit.field("note")[:NOTE], version=version
    )
    return await _changed(visit, work)


async def note(visit: Visit) -> Response:
    """Add a note."""
    found, text = await current(visit), visit.field("note")[:NOTE]
    if not text:
        return await shown(visit, found, 422, faults={"note": "Write something first."}, typed=_typed(visit))
    await visit.desk.store.cases.note(found.id, visit.guild, visit.moderator, text)
    return back(_here(visit))


async def reveal(visit: Visit) -> Response:
    """Uncover the text of a case for as long as one stays signed in; put into the audit each time."""
    found = await current(visit)
    if not visit.desk.limits["reveal"].take(visit.moderator):
        raise Refusal(
            429, "You have uncovered many texts in a short time. Take a break of ten minutes, then go on."
        )
    await visit.desk.store.cases.seen(found.id, visit.guild, visit.moderator, revealed=True)
    await visit.desk.cookies.save(visit.request, visit.session.with_reveal(found.id))
    return back(_here(visit))


async def _changed(visit: Visit, work: Awaitable[Case], *, after: str = "") -> Response:
    """Carry `work` out and go on; where somebody was faster, show what they did (409)."""
    try:
        await work
    except Refused as refused:
        return await _conflict(visit, refused)
    return back(after or _here(visit))


async def _conflict(visit: Visit, refused: Refused) -> Response:
    """The case as it stands now, with what happened in between and everything that was typed."""
    found = await current(visit)
    link = await visit.desk.reads.last_change(visit.guild, found.id)
    return await shown(
        visit, found, 409, conflict=link, refused=str(refused), change=words_of(link), typed=_typed(visit)
    )


def _faults(visit: Visit, found: Case) -> dict[str, str]:
    """What is missing in a decision, by the field that it stands beside."""
    outcome, corrected, reason = visit.field("outcome"), visit.field("corrected"), visit.field("reason")
    faults = {}
    if outcome not in DECISIONS:
        faults["outcome"] = "Choose an outcome."
    if corrected and corrected not in {str(int(tier)) for tier in Tier}:
        faults["corrected"] = "Choose one of the severities."
    elif outcome == Outcome.WRONG_TIER and not corrected:
        faults["corrected"] = "Say which severity it should have been."
    if reason and reason not in dict(REASONS):
        faults["reason"] = "Choose one of the reasons."
    elif outcome == Outcome.FALSE_ALARM and found.severity >= Tier.EMERGENCY and not reason:
        faults["reason"] = "Calling an emergency a false alarm needs a reason."
    elif reason == "else" and not visit.field("note"):
        faults["note"] = "Say what the reason is."
    return faults


def _typed(visit: Visit) -> dict[str, str]:
    """What was filled in, so that nobody has to do it twice."""
    return {name: visit.field(name)[:NOTE] for name in ("outcome", "corrected", "reason", "note")}


def _version(visit: Visit) -> int:
    """The version that the moderator saw. Raises `Refusal` for a form without one."""
    text = visit.field("version")
    if not text.isdecimal() or len(text) > 9:
        raise Refusal(
            400, "The form does not say which version of the case it is about. Reload the page and try again."
        )
    return int(text)


def _here(visit: Visit) -> str:
    """The case's page, still in focus mode if it was."""
    return f"/case/{visit.request.path_params['case']}" + ("?focus=1" if visit.field("focus") == "1" else "")


def _onward(visit: Visit, said: str, **query: Any) -> str:
    """Where to go after a decision: the next case in focus mode, the queue otherwise."""
    if visit.field("focus") == "1":
        return "/next" + (f"?{urlencode(query)}" if query else "")
    return "/queue?" + urlencode({"said": said, **query})
