"""The gate on the way out. Only this module makes a `Guarded`, and nothing else is ever sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from safety.types import Assessment, Tier

_KEY = object()


class Action(StrEnum):
    """What the guard did with a draft."""

    PASS = "pass"
    AMEND = "amend"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A text that may be sent. Made by `guard`, `refer` and `closed` of this module only; anything else raises TypeError."""

    text: str
    action: Action
    reasons: tuple[str, ...] = ()
    """Ids of the rules that fired (F1 ... F20), or why it was replaced ("tier", "crisis", "clarify", "failure")."""
    short: str = ""
    """One or two lines that may stand in public: the action, never the symptoms (F17). Empty where `text` itself may."""
    tier: Tier = Tier.NONE
    crisis: bool = False
    language: str = "en"
    key: object = None

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise TypeError("a Guarded is made by safety.guard only")


Kind = Literal["answer", "demo", "notice", "error"]


def guard(question: str, reply: str, assessment: Assessment, *, kind: Kind = "answer") -> Guarded:
    """PLACEHOLDER while the real one is written: passes the text."""
    return Guarded(reply, Action.PASS, key=_KEY)


def refer(assessment: Assessment) -> Guarded:
    """PLACEHOLDER: the referral, crisis or clarifying text for an assessment that allows no coaching."""
    return Guarded("Please be seen by a clinician.", Action.REPLACE, ("tier",), key=_KEY)


def closed(language: str = "en") -> Guarded:
    """PLACEHOLDER: what goes out when assess or guard failed."""
    return Guarded("Something went wrong on my side.", Action.REPLACE, ("failure",), key=_KEY)
