"""Whether the documents cover a question: if not, saying so is the answer."""

from __future__ import annotations

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


def covers(asked: str, results: Results) -> bool:
    """Whether the hits can answer `asked`."""
    if results.covered >= SURE:
        return True
    return results.covered >= UNSURE and shared(asked, results) >= SHARE


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
