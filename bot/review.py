r"""Review cases as a state machine: pure, no clock, no database.

    open -> claimed -> resolved          a lease of ten minutes, extended by activity; expired: back to the pool
      \-> escalated -> claimed -> ...    escalated stays escalated until somebody resolves it
    resolved -> open                     reopened

Every change gives a new `Case` with the next `version`; the store writes it only where the old version still stands
(compare-and-set), so that two moderators never hold the same case.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from safety.types import Tier

LEASE = timedelta(minutes=10)
"""How long a claim holds without activity."""


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """What a moderator decided."""

    CORRECT = "correct"
    WRONG_TIER = "wrong-tier"
    FALSE_ALARM = "false-alarm"
    MISSED_SIGNS = "missed-signs"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    """Nobody decided it, and its text may be kept no longer."""


DECISIONS = tuple(outcome for outcome in Outcome if outcome is not Outcome.EXPIRED)
"""What a moderator may decide."""
REASONS = ("past", "other", "figurative", "benign", "misread", "joke", "else")
"""Why something was no need to flag: settled, about somebody else, a figure of speech, a harmless cause, misread, a joke, anything else."""


class Refused(ValueError):
    """The change is not allowed now. The message says why, in words for a moderator."""


class Stale(Refused):
    """Somebody else changed the case in between: read it again."""


@dataclass(frozen=True, slots=True)
class Targets:
    """How soon a case of each tier should be decided."""

    emergency: timedelta = timedelta(minutes=15)
    urgent: timedelta = timedelta(hours=4)
    refer: timedelta = timedelta(hours=24)
    other: timedelta = timedelta(hours=72)

    def of(self, tier: Tier, *, crisis: bool = False) -> timedelta:
        """The target time of a case; CRISIS counts as EMERGENCY."""
        if crisis or tier is Tier.EMERGENCY:
            return self.emergency
        if tier is Tier.URGENT:
            return self.urgent
        return self.refer if tier is Tier.REFER else self.other


@dataclass(frozen=True, slots=True)
class Case:
    """One flagged conversation, as moderators work on it. Holds no message text: that is the case's evidence."""

    id: str
    guild: str
    reason: str
    """Why it was opened: "tier", "crisis", "clarify", "replaced", "failure", "report" or "flag"."""
    tier: Tier
    opened_at: datetime
    due_at: datetime
    status: Status = Status.OPEN
    crisis: bool = False
    version: int = 1
    escalated: bool = False
    """Was escalated and not resolved since: a lapsed claim falls back to ESCALATED."""
    holder: str | None = None
    """The moderator who claimed it."""
    lease_until: datetime | None = None
    outcome: Outcome | None = None
    corrected: Tier | None = None
    """The tier that a moderator says it should have been."""
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    updated_at: datetime | None = None
    claimed_at: datetime | None = None
    """When it was first claimed, for the statistics."""
    rules: tuple[str, ...] = ()
    """Ids of the concepts and rules that fired."""
    exchanges: int = 1
    reopened: int = 0
    person: str = ""
    """Keyed hash of the person."""
    conversation: str = ""
    """Keyed hash of the conversation."""
    language: str = "en"
    actions: tuple[str, ...] = field(default=())
    """What the guard did: "replace", "amend", "pass"."""

    @property
    def severity(self) -> int:
        """0 to 5: the tier, and 5 for CRISIS."""
        return 5 if self.crisis else int(self.tier)

    def standing(self, now: datetime) -> Status:
        """The status in force at `now`: a claim whose lease ran out is back in the pool."""
        return self.pool if self.lapsed(now) else self.status

    def overdue(self, now: datetime) -> bool:
        """Whether its target time has passed and it is not resolved."""
        return self.status is not Status.RESOLVED and now > self.due_at

    def held_by(self, moderator: str, now: datetime) -> bool:
        """Whether `moderator` holds a live claim."""
        return self.standing(now) is Status.CLAIMED and self.holder == moderator

    @property
    def pool(self) -> Status:
        """Where an unclaimed case waits."""
        return Status.ESCALATED if self.escalated else Status.OPEN

    def lapsed(self, now: datetime) -> bool:
        """Whether it is claimed with a lease that ran out."""
        return self.status is Status.CLAIMED and self.lease_until is not None and now >= self.lease_until


def claim(case: Case, moderator: str, now: datetime) -> Case:
    """Take the case; taking one's own again extends the lease. Raises `Refused` when somebody else holds it or it is resolved."""
    _alive(case)
    if case.standing(now) is Status.CLAIMED and case.holder != moderator:
        raise Refused("Somebody else is working on this case.")
    return _next(
        case,
        now,
        status=Status.CLAIMED,
        holder=moderator,
        lease_until=now + LEASE,
        claimed_at=case.claimed_at or now,
    )


def extend(case: Case, moderator: str, now: datetime) -> Case:
    """Renew the lease after activity. Raises `Refused` unless `moderator` holds it."""
    _held(case, moderator, now)
    return _next(case, now, lease_until=now + LEASE)


def release(case: Case, moderator: str, now: datetime) -> Case:
    """Put the case back into the pool. Raises `Refused` unless `moderator` holds it."""
    _held(case, moderator, now)
    return _next(case, now, status=case.pool, holder=None, lease_until=None)


def lapse(case: Case, now: datetime) -> Case:
    """Put a case whose lease ran out back into the pool. Raises `Refused` while the lease holds."""
    if not case.lapsed(now):
        raise Refused("The claim still holds.")
    return _next(case, now, status=case.pool, holder=None, lease_until=None)


def escalate(case: Case, moderator: str, now: datetime) -> Case:
    """Hand the case up and out of `moderator`'s hands. Raises `Refused` when it is resolved, escalated already, or somebody else's."""
    _alive(case)
    standing = case.standing(now)
    if standing is Status.ESCALATED:
        raise Refused("This case is escalated already.")
    if standing is Status.CLAIMED and case.holder != moderator:
        raise Refused("Somebody else is working on this case.")
    return _next(case, now, status=Status.ESCALATED, escalated=True, holder=None, lease_until=None)


def resolve(
    case: Case,
    moderator: str,
    outcome: Outcome,
    now: datetime,
    *,
    corrected: Tier | None = None,
    reason: str = "",
) -> Case:
    """Close the case.

    An unclaimed one may be resolved directly. Raises `Refused` when somebody else holds it, when it is
    resolved, when the outcome is "wrong tier" and the right one is not told, when an emergency is called a
    false alarm without one of `REASONS`, or when `reason` is none of them.
    """
    _alive(case)
    if case.standing(now) is Status.CLAIMED and case.holder != moderator:
        raise Refused("Somebody else is working on this case.")
    if outcome not in DECISIONS:
        raise Refused("Choose an outcome.")
    if outcome is Outcome.WRONG_TIER and corrected is None:
        raise Refused("Say which tier it should have been.")
    if reason and reason not in REASONS:
        raise Refused("Choose one of the reasons.")
    if outcome is Outcome.FALSE_ALARM and case.severity >= Tier.EMERGENCY and not reason:
        raise Refused("Calling an emergency a false alarm needs a reason.")
    return _next(
        case, now, status=Status.RESOLVED, outcome=outcome, corrected=corrected, resolved_at=now, resolved_by=moderator,
        holder=None, lease_until=None, escalated=False, claimed_at=case.claimed_at or now,
    )  # fmt: skip


def expire(case: Case, actor: str, now: datetime) -> Case:
    """Close a case that nobody decided in time, whoever holds it. Raises `Refused` when it is resolved."""
    _alive(case)
    return _next(
        case, now, status=Status.RESOLVED, outcome=Outcome.EXPIRED, resolved_at=now, resolved_by=actor, holder=None, lease_until=None,
        escalated=False,
    )  # fmt: skip


def reopen(case: Case, now: datetime, *, due_at: datetime | None = None) -> Case:
    """Open a resolved case again, with a target time counted from `now` where given. Raises `Refused` unless it is resolved with its text."""
    if case.status is not Status.RESOLVED:
        raise Refused("Only a resolved case can be reopened.")
    if case.outcome is Outcome.EXPIRED:
        raise Refused("The text of this case has been deleted; there is nothing left to decide.")
    return _next(
        case, now, status=Status.OPEN, outcome=None, corrected=None, resolved_at=None, resolved_by=None, due_at=due_at or case.due_at,
        reopened=case.reopened + 1,
    )  # fmt: skip


def join(
    case: Case,
    *,
    tier: Tier,
    crisis: bool,
    rules: tuple[str, ...],
    action: str,
    due_at: datetime,
    now: datetime,
) -> Case:
    """Add another flagged exchange of the same conversation: the case takes the higher tier and the nearer target time.

    Raises `Refused` when the case is resolved.
    """
    _alive(case)
    return _next(
        case, now, tier=max(case.tier, tier), crisis=case.crisis or crisis, rules=_merged(case.rules, rules), exchanges=case.exchanges + 1,
        due_at=min(case.due_at, due_at), actions=_merged(case.actions, (action,)),
    )  # fmt: skip


def releases(case: Case) -> bool:
    """Whether the decision lifts the person's sticky tier: a false alarm, or a tier corrected to below REFER."""
    return case.outcome is Outcome.FALSE_ALARM or (case.corrected is not None and case.corrected < Tier.REFER)


def _merged(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Both in order, each once."""
    return tuple(dict.fromkeys((*old, *new)))


def _alive(case: Case) -> None:
    """Refuse what cannot be done to a resolved case."""
    if case.status is Status.RESOLVED:
        raise Refused("This case is resolved. Reopen it first.")


def _held(case: Case, moderator: str, now: datetime) -> None:
    """Refuse unless `moderator` holds a live claim."""
    if not case.held_by(moderator, now):
        raise Refused("You do not hold this case (any more). Claim it first.")


def _next(case: Case, now: datetime, **changes: object) -> Case:
    """The case with `changes`, one version on."""
    return replace(case, **changes, version=case.version + 1, updated_at=now)  # type: ignore[arg-type]
