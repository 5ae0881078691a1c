"""Whether the documents cover a question: if not, saying so is the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from retrieval.search import Results

SURE = 0.30
"""`Results.covered` from which nothing more is asked."""
UNSURE = 0.125
"""Below it nothing helps. Between the two, the question's own words decide."""
SHARE = 0.6
"""Share of the question's content words that the best passages must hold in the unsure band."""
LOOKED_AT = 4
"""Passages whose words count."""

COMPOUND = re.compile(r"\b(pull|chin|push|press|muscle|sit|step)[- ]?(up|down)(?:s\b|\b)", re.IGNORECASE)
"""Movements whose names fall apart when words are compared one by one: a "pull up" is not the first pull of a deadlift."""
AS_NOUN = re.compile(
    r"\b(?:a|an|the|my|first|one|strict|weighted|assisted|kipping|more|any|many|do|doing|of|for|\d+) $",
    re.IGNORECASE,
)
"""What stands before such a name where it is none of "sit up in bed", "push up from the chair"."""


def covers(asked: str, results: Results) -> bool:
    """Whether the hits can answer `asked`."""
    if not _named(movements(asked), results):
        return False
    if results.covered >= SURE:
        return True
    return results.covered >= UNSURE and shared(asked, results) >= SHARE


def movements(asked: str) -> set[str]:
    """The compound movements that `asked` names as things: "pull up", "chin up"."""
    return {
        f"{match[1]} {match[2]}".lower()
        for match in COMPOUND.finditer(asked)
        if match[0].lower().endswith("s") or " " not in match[0] or AS_NOUN.search(asked[: match.start()])
    }


def _named(wanted: set[str], results: Results) -> bool:
    """Whether any passage found names one of the movements wanted; True where none is."""
    texts = (f"{hit.passage.title} {hit.passage.section} {hit.passage.text}" for hit in results.hits)
    return not wanted or any(
        f"{match[1]} {match[2]}".lower() in wanted for text in texts for match in COMPOUND.finditer(text)
    )


def shared(asked: str, results: Results) -> float:
    """Share of the content words of `asked` that stand in the best passages (titles and headings count)."""
    wanted = set(terms(asked))
    if not wanted:
        return 0.0
    held: set[str] = set()
    for hit in results.hits[:LOOKED_AT]:
        passage = hit.passage
        held.update(terms(f"{passage.title} {passage.section} {passage.text}"))
    return len(wanted & held) / len(wanted)
