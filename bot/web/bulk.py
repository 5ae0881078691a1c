"""Several cases at once: chosen, previewed, confirmed by typing their number, and undone for ten seconds. Never EMERGENCY or CRISIS.

Closing waits out its ten seconds before it is carried out, because a decision acts on what the bot says to a person at once and reopening
would not take that back. Each case is closed only if nobody changed it since the preview.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.ids import new_id
from bot.logs import logger
from bot.review import Outcome, Refused, Status
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.review import Case
    from bot.store.store import Store

UNDO = timedelta(seconds=10)
MOST = 50
"""Cases in one go."""
ACTIONS = {
    "claim": "Assign to me",
    "duplicate": "Mark as duplicate",
    "false-alarm": "Close as false alarm, same rule",
}

log = logger("web.bulk")


@dataclass(slots=True)
class Job:
    """Cases being changed together."""

    id: str
    guild: str
    moderator: str
    action: str
    versions: dict[str, int]
    """Case -> the version that was previewed, or that stands after a claim."""
    until: datetime
    """Until when it can be undone."""
    note: str = ""
    done: int = 0
    left_out: int = 0
    """Cases that somebody changed in between."""
    finished: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Jobs:
    """Bulk changes under way, in this process."""

    def __init__(self, store: Store, *, undo: timedelta = UNDO) -> None:
        """Change cases in `store`."""
        self._store = store
        self._undo = undo
        self._jobs: dict[str, Job] = {}

    async def start(self, guild: str, moderator: str, action: str, cases: Sequence[Case], note: str) -> Job:
        """Claim the cases now, or close them when the time to undo is up."""
        versions = {case.id: case.version for case in cases}
        job = Job(new_id(), guild, moderator, action, versions, datetime.now(UTC) + self._undo, note)
        self._forget()
        self._jobs[job.id] = job
        if action == "claim":
            await self._claim(job)
        else:
            job.task = asyncio.create_task(self._later(job))
        return job

    def of(self, moderator: str, job: str) -> Job | None:
        """A moderator's own job."""
        found = self._jobs.get(job)
        return found if found is not None and found.moderator == moderator else None

    async def undo(self, job: Job) -> bool:
        """Take a job back; False when it is too late."""
        if datetime.now(UTC) >= job.until or self._jobs.pop(job.id, None) is None:
            return False
        if job.task is not None:
            job.task.cancel()
            return True
        for case, version in job.versions.items():
            with contextlib.suppress(
                Refused, KeyError
            ):  # decided or extended in between: then it stays as it is
                await self._store.cases.release(case, job.guild, job.moderator, version=version)
        return True

    async def close(self) -> None:
        """Carry out what waits: the process ends, and what was confirmed was meant."""
        for job in list(self._jobs.values()):
            if job.task is not None and not job.task.done():
                job.task.cancel()
                await self._carry_out(job)

    async def _later(self, job: Job) -> None:
        """Carry a job out when it can no longer be undone."""
        await asyncio.sleep((job.until - datetime.now(UTC)).total_seconds())
        await self._carry_out(job)

    async def _claim(self, job: Job) -> None:
        """Claim each case."""
        for case, version in list(job.versions.items()):
            try:
                claimed = await self._store.cases.claim(case, job.guild, job.moderator, version=version)
            except (Refused, KeyError):
                job.left_out += 1
                del job.versions[case]
                continue
            job.versions[case] = claimed.version
            job.done += 1
        job.finished = True

    async def _carry_out(self, job: Job) -> None:
        """Close each case that still stands as previewed."""
        for case, version in job.versions.items():
            try:
                await self._store.cases.resolve(
                    case, job.guild, job.moderator, Outcome(job.action), note=job.note, version=version
                )
            except (Refused, KeyError):
                job.left_out += 1
            else:
                job.done += 1
        job.finished = True
        log.info("bulk done", guild=job.guild, action=job.action, done=job.done, left_out=job.left_out)

    def _forget(self) -> None:
        """Drop jobs that were done a while ago."""
        old = datetime.now(UTC) - timedelta(minutes=10)
        self._jobs = {key: job for key, job in self._jobs.items() if not (job.finished and job.until < old)}


def fault(action: str, cases: Sequence[Case], moderator: str, now: datetime) -> str:
    """Why these cases cannot be changed together; empty when they can."""
    held = any(case.standing(now) is Status.CLAIMED and case.holder != moderator for case in cases)
    faults = (
        (action not in ACTIONS, "Choose what to do with them."),
        (not cases, "Choose at least one case."),
        (len(cases) > MOST, f"At most {MOST} cases at once."),
        (
            any(case.severity >= Tier.EMERGENCY for case in cases),
            "Crisis and emergency cases are decided one by one.",
        ),
        (any(case.status is Status.RESOLVED for case in cases), "Some of them are resolved already."),
        (held, "Somebody else is working on some of them."),
        (
            action == "false-alarm" and not shared_rules(cases),
            "To be closed together as false alarms they must share a rule.",
        ),
    )
    return next((words for wrong, words in faults if wrong), "")


def shared_rules(cases: Sequence[Case]) -> tuple[str, ...]:
    """The rules that fired in every one of them."""
    if not cases:
        return ()
    return tuple(rule for rule in cases[0].rules if all(rule in case.rules for case in cases))
