"""Put statements into words: who says so, "[n]" behind each, at most `LONGEST` characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.types import Citation

if TYPE_CHECKING:
    from bot.statements import Statement
    from corpus.passages import Passage

LONGEST = 1200
"""Characters of an answer, markers included."""

NAMES_ITS_SOURCE = re.compile(
    r"\b(?:blogs?|clinics?|clinicians?|forum|posters?|threads?|guidelines?|guidance|research|stud(?:y|ies)|reviews?|NICE|ACR|CDC|NHS|McGill|"
    r"health services|sources?|according to|laboratory|textbook|documents?|notes?|file|page)\b",
    re.IGNORECASE,
)
"""Words by which a statement says itself what sort of source it comes from."""


class Words:
    """An answer being written: lines of statements, numbered as they are cited."""

    def __init__(self, longest: int = LONGEST) -> None:
        """Write at most `longest` characters."""
        self._longest = longest
        self._text = ""
        self._numbers: dict[str, int] = {}
        self.citations: list[Citation] = []
        self._document: str | None = None

    @property
    def text(self) -> str:
        """What is written so far."""
        return self._text.strip()

    def line(self, words: str) -> bool:
        """Begin a new line with `words`; False when there is no room."""
        self._document = None
        return self._put(f"\n{words}" if self._text else words)

    def say(self, statement: Statement, *, fresh: bool = False) -> bool:
        """Add a statement with its number, naming its source where it does not do so itself. False when there is no room.

        A statement from another document than the one before begins a new line; `fresh` keeps it on this one.
        """
        passage = statement.passage
        number = self._numbers.get(passage.id, len(self._numbers) + 1)
        same = self._document == passage.document
        words = f"{statement.text if same and passage.speaker else attributed(passage, statement.text)} [{number}]"
        gap = "" if not self._text else " " if same or fresh or self._text.endswith((":", "\n")) else "\n"
        if not self._put(gap + words):
            return False
        self._document = passage.document
        if passage.id not in self._numbers:
            self._numbers[passage.id] = number
            self.citations.append(_citation(number, passage))
        return True

    def _put(self, words: str) -> bool:
        """Add `words` if they fit."""
        if len(self._text) + len(words) > self._longest:
            return False
        self._text += words
        return True


def attributed(passage: Passage, text: str) -> str:
    """What `passage` says, with its source named in front where its own words do not."""
    if not passage.speaker:
        return (
            f"{source_of(passage)}: “{text}”"  # a foreign text is quoted: its "I" and "you" are not the bot's
        )
    if NAMES_ITS_SOURCE.search(text):
        return text
    return f"{source_of(passage)}: {text}"


SAID_BY = {"Spotter": "A note of Spotter's own", "a forum poster": "One forum poster says"}
"""Who says it, by speaker, where the plain form would read oddly."""


def source_of(passage: Passage) -> str:
    """What sort of source a passage is from, in words: "One clinic blog argues"."""
    kind, speaker = passage.kind or "document", passage.speaker
    if not speaker:
        return f'"{passage.title}" ({_article(kind)} {kind}) says'
    if speaker in SAID_BY:
        return SAID_BY[speaker]
    by_kind = {
        "forum thread": f"In a forum thread, {speaker} says",
        "clinic blog": "One clinic blog argues",
        "guidance": f"{speaker[:1].upper()}{speaker[1:]} say{'' if speaker.endswith('s') else 's'}",
    }
    return by_kind.get(kind, f"{speaker[:1].upper()}{speaker[1:]}")


def _article(noun: str) -> str:
    """The article of a noun: "a" or "an"."""
    return "an" if noun[:1].lower() in "aeiou" else "a"


def _citation(number: int, passage: Passage) -> Citation:
    """A numbered source."""
    return Citation(
        number, passage.document, passage.title, passage.kind, passage.id, passage.text, passage.source
    )
