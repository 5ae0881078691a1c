"""Put the sentences that hold into an answer: sources named, "[n]" behind each, both sides where the documents disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.types import Citation
from bot.wording import LONGEST, NAMES_ITS_SOURCE, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sides import Sides
    from corpus.passages import Passage

DISAGREE = "The sources disagree on this."


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that holds, with the passages that say it."""

    text: str
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class Answer:
    """An answer as text with its numbered sources."""

    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    disagreement: bool = False


def both(kept: Sequence[Sentence], found: Sides) -> list[Sentence]:
    """`kept`, with the best statement of every side that no sentence speaks for: a disagreement stays one, whatever the model picked."""
    ids = {passage.id for sentence in kept for passage in sentence.passages}
    missing = [
        side[0] for side in found.sides if side and not any(statement.passage.id in ids for statement in side)
    ]
    lost = [Sentence(statement.text, (statement.passage,)) for statement in missing]
    return [*kept[:2], *lost, *kept[2:]]


def write(sentences: Sequence[Sentence], *, disagreement: bool) -> Answer:
    """The answer of at most `LONGEST` characters; the last sentences are left out where there is no room."""
    answer = Answer(DISAGREE if disagreement else "", disagreement=disagreement)
    numbers: dict[str, int] = {}
    before: tuple[str, ...] = ()
    for sentence in sentences:
        documents = tuple(passage.document for passage in sentence.passages)
        words = sentence.text if documents == before else attributed(sentence)
        fresh = [passage for passage in sentence.passages if passage.id not in numbers]
        marks = {passage.id: len(numbers) + place for place, passage in enumerate(fresh, 1)}
        shown = "".join(f" [{(numbers | marks)[passage.id]}]" for passage in sentence.passages)
        gap = "" if not answer.text else " " if documents == before else "\n"
        if len(answer.text) + len(gap) + len(words) + len(shown) > LONGEST:
            continue
        answer.text += gap + words + shown
        answer.citations += [_citation(marks[passage.id], passage) for passage in fresh]
        numbers |= marks
        before = documents
    return answer


def attributed(sentence: Sentence) -> str:
    """The sentence with its source named in front, where its own words do not."""
    if NAMES_ITS_SOURCE.search(sentence.text):
        return sentence.text
    return f"{source_of(sentence.passages[0])}: {sentence.text}"


def _citation(number: int, passage: Passage) -> Citation:
    """A numbered source."""
    return Citation(
        number, passage.document, passage.title, passage.kind, passage.id, passage.text, passage.source
    )
