"""Small stand-ins for the ports of the path, of the same shapes as the real ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.types import Draft, Exchange, Kept, Opening, Question
from corpus.passages import Passage, passage_id
from retrieval.embeddings import Embedding
from retrieval.search import Hit, Results

if TYPE_CHECKING:
    from safety.types import State


def passage(text: str, *, document: str = "forum-a", kind: str = "forum thread", **fields: Any) -> Passage:
    """A passage of our own corpus; `fields` are topic, stance, gate, speaker ..."""
    made: dict[str, Any] = {
        "title": document.title(),
        "section": "",
        "speaker": "a forum poster",
        "sentences": (text,),
    }
    return Passage(id=passage_id(document, text), document=document, kind=kind, text=text, **(made | fields))


def hit(text: str, score: float = 2.0, *, dense: float = 0.6, **fields: Any) -> Hit:
    """A hit on a passage of our own corpus."""
    return Hit(passage(text, **fields), score, dense, 5.0, (dense,))


def results(*hits: Hit, covered: float = 0.97) -> Results:
    """Hits as a search returns them."""
    return Results(hits, covered, np.zeros(3, np.float32))


def question(text: str = "how deep should I squat?", **fields: Any) -> Question:
    """A question from a guild, with a fresh id each time unless given."""
    made: dict[str, Any] = {
        "person": "ann",
        "conversation": "talk",
        "id": f"q{next(_NUMBERS)}",
        "guild": "100",
    }
    return Question(text, **(made | fields))


_NUMBERS = iter(range(10**9))


@dataclass
class FakeRetriever:
    """Finds the same every time; remembers what it was asked."""

    found: Results = field(
        default_factory=lambda: results(hit("Squat to a depth at which the back stays neutral."))
    )
    fails: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)

    def read(self, text: str) -> Embedding:
        self.embedded.append(text)
        if self.fails:
            raise OSError("no model")
        return Embedding(np.ones(3, np.float32), np.ones((2, 3), np.float32))

    def search(
        self, text: str, *, vector: Any = None, k: int = 8, tier: int = 0, scope: str | None = None
    ) -> Results:
        self.asked.append({"text": text, "vector": vector, "tier": tier, "scope": scope})
        if self.fails:
            raise OSError("no index")
        return self.found


@dataclass
class FakeAnswerer:
    """Answers the same every time, or fails, or takes too long."""

    answer: Draft = field(default_factory=lambda: Draft("Squat as deep as the back stays neutral. [1]"))
    error: Exception | None = None
    seconds: float = 0.0
    asked: list[Question] = field(default_factory=list)

    async def draft(self, question: Question, results: Results, assessment: Any) -> Draft:
        self.asked.append(question)
        await asyncio.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        return self.answer


@dataclass
class FakeStore:
    """An `ExchangeStore` in memory; `down` makes every call fail."""

    opening: Opening = field(default_factory=Opening)
    down: bool = False
    recorded: list[tuple[Exchange, State]] = field(default_factory=list)
    kept: Kept | None = None

    async def begin(self, question: Question) -> Opening:
        self._up()
        return self.opening

    async def record(self, exchange: Exchange, state: State, opening: Opening) -> str | None:
        self._up()
        self.recorded.append((exchange, state))
        return "case-1" if exchange.flagged else None

    async def recall(self, exchange: str, guild: str | None, person: str) -> Kept | None:
        self._up()
        return self.kept

    def _up(self) -> None:
        if self.down:
            raise ConnectionError("the database is away")
