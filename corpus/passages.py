"""A passage: the smallest piece of a document that is found, judged and cited on its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that can be retrieved and cited.

    In our own documents one claim is one passage; foreign files are cut into pieces of 400 to 500 characters.
    """

    id: str
    """Sixteen hexadecimal digits, from the document and the text: the same words keep the same id from run to run."""
    document: str
    """Id of the document: the file's stem for our own, `file:` and the path for foreign files."""
    title: str
    kind: str
    """What sort of source this is, in words fit for a sentence: "forum thread", "clinic blog", "guideline" ..."""
    section: str
    """Headings above the passage, outermost first, joined by " > "; empty where there are none."""
    speaker: str
    """Who says it, in words fit for a sentence: "a forum poster", "NICE"; empty for foreign files."""
    text: str
    sentences: tuple[str, ...]
    """The sentences of `text`, in order: an answer may quote some of them."""
    topic: str | None = None
    """Subject on which the documents disagree, such as "spinal-flexion"."""
    stance: str | None = None
    """Which side of the topic: "honest-line" is the sentence that says how matters stand."""
    gate: str | None = None
    """Name of the tier at and above which the passage is hidden, "REFER" for instance; None shows it at any tier."""
    source: str | None = None
    """Where the document can be found (a link or a path), if anywhere."""
    trust: str = "unrated"
    """How far to trust the document: see `corpus.claims.TRUST`."""
    asked: tuple[str, ...] = ()
    """Ways to ask for what it says, which are searched with it and never shown; foreign files have none."""


def passage_id(document: str, text: str, ordinal: int = 0) -> str:
    """The stable id of a passage. `ordinal` tells apart pieces of one document with the same words (0 for the first)."""
    key = f"{document}\0{text}\0{ordinal}" if ordinal else f"{document}\0{text}"
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprint(passages: Iterable[Passage]) -> str:
    """One hash over all fields of all passages, whatever their order: it changes if and only if the content does."""
    lines = sorted(repr(passage) for passage in passages)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A passage that the lint kept out, and why."""

    passage: Passage
    reasons: tuple[str, ...]


def screen(
    passages: Iterable[Passage], check: Callable[[str], tuple[str, ...]]
) -> tuple[list[Passage], list[Rejected]]:
    """Sort passages into those fit to be shown and those that `check` objects to.

    `check` gets a passage's text and returns its reasons against it, none if it may be kept.
    Errors of `check` pass through: a lint that fails must not let anything in.
    """
    kept: list[Passage] = []
    rejected: list[Rejected] = []
    for passage in passages:
        reasons = check(passage.text)
        if reasons:
            rejected.append(Rejected(passage, tuple(reasons)))
        else:
            kept.append(passage)
    return kept, rejected
