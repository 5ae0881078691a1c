"""Our types as JSON, inside sealed columns. Unknown keys of older releases are ignored, missing ones take their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it at run time

from pydantic import TypeAdapter

from bot.guild import GuildSettings
from bot.types import Citation  # noqa: TC001 - pydantic reads it at run time
from safety.types import Assessment, State, Turn


@dataclass(frozen=True, slots=True)
class Written:
    """The sealed part of an exchange: everything that somebody or the bot wrote."""

    question: str
    reply: str
    assessment: Assessment
    draft: str | None = None
    reasons: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    exercises: tuple[str, ...] = ()
    timings: tuple[tuple[str, float], ...] = ()
    channel: str | None = None
    message: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Place:
    """The sealed part of a case: where it happened and to whom."""

    person: str
    channel: str | None = None
    message: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of evidence, sealed: an exchange with the turns before it, a report or a note."""

    text: str = ""
    """A report's or a note's words."""
    reason: str = ""
    """A report's reason, from a fixed list."""
    turns: tuple[Turn, ...] = ()
    """Up to three turns before the flagged one, oldest first."""
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Lifted:
    """What a decision replaced, so that reopening the case can put it back."""

    case: str
    """The case that was decided."""
    state: State
    released_at: datetime | None = None
    open_case: str | None = None
    """The case that stood beside the state, and how many exchanges were kept with it since."""
    after: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What may stand in one sealed column beside a `State`; reading the state ignores it, the next message replaces it."""

    lifted: Lifted | None = None


EXCHANGE: TypeAdapter[Written] = TypeAdapter(Written)
PLACE: TypeAdapter[Place] = TypeAdapter(Place)
SHOWN: TypeAdapter[Shown] = TypeAdapter(Shown)
STATE: TypeAdapter[State] = TypeAdapter(State)
HELD: TypeAdapter[Held] = TypeAdapter(Held)
SETTINGS: TypeAdapter[GuildSettings] = TypeAdapter(GuildSettings)
