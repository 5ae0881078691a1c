"""Flagged words in a text: cut where findings begin and end, each piece with the numbers of the rules that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIKE = 0.6
"""Share of common letters from which two stretches count as the same words."""
CONTROLS = {
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\N{REPLACEMENT CHARACTER}"),
    **{code: "\N{REPLACEMENT CHARACTER}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"},
}  # fmt: skip
"""Characters that reorder or hide what is read (U+202E and its like): shown as the replacement character, one for one."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a finding stands in a text, and its number in the list of rules."""

    start: int
    end: int
    number: int
    counts: bool
    """Whether it counts towards the tier; the others (denied, past, somebody's figure of speech) are marked more lightly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that belongs to the same findings."""

    text: str
    numbers: tuple[int, ...] = ()
    counts: bool = False
    last: bool = False
    """Whether one of its findings ends here: the number is printed once, behind it."""


def same_words(found: str, words: str) -> bool:
    """Whether a stretch of a text is what a finding calls its words, which may have been spelt out or corrected in between."""
    a, b = ("".join(c for c in one.casefold() if c.isalnum()) for one in (found, words))
    return bool(a and b) and (a == b or SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE)


def harmless(text: str) -> str:
    """`text` without characters that would reorder or hide what stands around them."""
    return text.translate(CONTROLS)


def pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """`text` cut at the edges of `spans`, which may overlap. Edges outside of the text are brought back to it."""
    within = [
        Span(max(0, s.start), min(len(text), s.end), s.number, s.counts) for s in spans if s.start < s.end
    ]
    edges = sorted({0, len(text), *(s.start for s in within), *(s.end for s in within)})
    cut = []
    for start, end in pairwise(edges):
        over = [s for s in within if s.start <= start and s.end >= end]
        cut.append(
            Piece(
                harmless(text[start:end]),
                tuple(sorted({s.number for s in over})),
                any(s.counts for s in over),
                any(s.end == end for s in over),
            )
        )
    return tuple(cut)
