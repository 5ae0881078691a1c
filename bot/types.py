"""The nouns of the path: a Question comes in, a Reply goes out, an Exchange is what is kept.

The protocols are the ports of the hexagon: whatever retrieves, answers or stores is built in `bot.app` and handed to `bot.coach.Coach`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from retrieval.embeddings import Embedding
    from retrieval.search import Results
    from safety.guard import Guarded
    from safety.types import Assessment, State, Turn


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, wherever it came from.

    `turns` are the earlier messages of the same conversation, oldest first, without this one. `guild` is None in the terminal and in DMs.
    `id` makes an answer idempotent: the same id is answered once (a Discord message or interaction id, or a fresh one).
    """

    text: str
    person: str
    conversation: str
    id: str
    guild: str | None = None
    channel: str | None = None
    turns: tuple[Turn, ...] = ()
    locale: str = "en"
    surface: Literal["terminal", "slash", "mention", "dm", "menu", "modal", "web"] = "terminal"
    stranger: bool = False
    """Nothing can be known of this person yet (a one-off question in the terminal): nothing is looked up before answering."""
    public: bool = False
    """Whether others can read the reply; symptom details never go out in public (clinical rule F17)."""
    message: str = ""
    """Id of the message that asked, for "Jump" on a review card."""
    handle: str = ""
    """What `deliver` needs to answer after a crash (channel and message, or an interaction's token); empty: nobody would be waiting."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of an answer. `number` is the n of "[n]" in the text."""

    number: int
    document: str
    title: str
    kind: str
    passage: str
    """Id of the passage."""
    text: str
    """What the passage says, for showing beside the answer."""
    source: str | None = None
    """A link, where the document has one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before the guard has seen it. `text` cites as "[1]"."""

    text: str
    citations: tuple[Citation, ...] = ()
    answered: bool = True
    """False when the documents do not cover the question and the text says so."""
    disagreement: bool = False
    """The documents disagree and both sides are shown."""
    exercises: tuple[str, ...] = ()
    """Ids of exercises named in the text, for "show demo"."""
    model: str = "extractive"
    prompt_version: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out. Only `bot.ui.deliver` sends one, and the text inside is what `safety.guard` made."""

    guarded: Guarded
    question: Question
    assessment: Assessment
    exchange: str = ""
    """Id under which the exchange was recorded; empty if the store failed (the reply still goes out)."""
    case: str | None = None
    """Id of the review case that this exchange opened or joined."""
    citations: tuple[Citation, ...] = ()
    answered: bool = True
    disagreement: bool = False
    exercises: tuple[str, ...] = ()
    attachment: Attachment | None = None
    ms: float = 0.0
    timings: tuple[tuple[str, float], ...] = ()
    """(stage, milliseconds) in order."""

    @property
    def text(self) -> str:
        """The guarded text."""
        return self.guarded.text

    @property
    def public_text(self) -> str:
        """What may stand where others read: the short form wherever the full one speaks of symptoms (rule F17)."""
        return self.guarded.short or self.guarded.text


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture that belongs to a reply (an exercise demo). `alt` is read out by screen readers."""

    name: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is kept of one question and its reply (excerpts are encrypted at rest and expire)."""

    id: str
    question: Question
    assessment: Assessment
    draft: Draft | None
    guarded: Guarded
    citations: tuple[Citation, ...]
    answered: bool
    disagreement: bool
    flagged: str | None
    """Why a case was opened or joined ("tier", "crisis", "clarify", "replaced", "failure", "report"), or None."""
    timings: tuple[tuple[str, float], ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Opening:
    """What the store knows when a question arrives."""

    known: bool = False
    """Something is remembered of this conversation, and has to be kept up to date."""
    duplicate: bool = False
    """The question was taken up before: an event delivered twice, or to two processes."""
    state: State | None = None
    """The sticky state of this person, if one stands."""
    turns: tuple[Turn, ...] = ()
    """Earlier turns of the conversation that have not expired, oldest first."""
    released_at: datetime | None = None
    """When a moderator lifted the tier: what was written before that counts no more."""
    case: str | None = None
    """The case that is open on this conversation."""
    after: int = 0
    """Exchanges kept with that case since it was last flagged."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A recorded exchange, read back. Text that may be shown again goes through `Coach.recall`, never straight out."""

    id: str
    guild: str | None
    question: str
    reply: str
    draft: str | None
    """What the guard was given; None where nothing was drafted."""
    assessment: Assessment
    action: str
    reasons: tuple[str, ...]
    citations: tuple[Citation, ...]
    answered: bool
    disagreement: bool
    exercises: tuple[str, ...]
    flagged: str | None
    case: str | None
    channel: str | None
    message: str
    locale: str
    at: datetime


class Duplicate(Exception):
    """Raised for a question that has been taken up already; there is nothing to send. Its argument is the question's id."""


class Retriever(Protocol):
    """Finds passages. Implemented by `retrieval.search.Retriever`. Both calls block: the path makes them in a worker thread."""

    def read(self, question: str) -> Embedding:
        """A question's vector, and the states of its word pieces where the model gives them."""

    def search(
        self, question: str, *, vector: Any = None, k: int = 8, tier: int = 0, scope: str | None = None
    ) -> Results:
        """The `k` passages nearest to the question, those gated at `tier` or below left out; of the shared corpus and of `scope`."""


class Answerer(Protocol):
    """Drafts an answer from hits."""

    async def draft(self, question: Question, results: Results, assessment: Assessment) -> Draft:
        """A draft with citations; `answered` False when the hits do not cover the question."""


class Condenser(Protocol):
    """Makes follow-ups stand alone before anything is searched for; where there is none, `bot.condense` does it by rules."""

    def leans(self, question: Question) -> bool:
        """Whether the question needs the turns before it."""

    async def standalone(self, question: Question, assessment: Assessment) -> str:
        """The question, so that it can be understood alone."""


class ExchangeStore(Protocol):
    """Keeps exchanges, cases and sticky states. Every query carries the guild id. Implemented by `bot.store.exchanges`."""

    async def begin(self, question: Question) -> Opening:
        """Take the question up: claim its id, read the person's sticky state and the conversation's earlier turns."""

    async def record(self, exchange: Exchange, state: State, opening: Opening) -> str | None:
        """Keep the exchange and the state in one transaction; open or join a case if flagged.

        Returns the case id. Recording the same exchange again changes nothing.
        """

    async def recall(self, exchange: str, guild: str | None, person: str) -> Kept | None:
        """An exchange of this person that has not expired."""
