"""What comes before what, what is more than what, what is to be done instead of what: the same words the other way round are another statement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINK = re.compile(
    r"\b(?:(?P<before>before|prior to|until)|(?P<after>after|following|once)|(?P<than>than)|(?P<pref>instead of|rather than|in place of))\b",
    re.IGNORECASE,
)
_PREFERS = re.compile(
    r"\b(?:prefer|favou?r)\w*\s+(?P<left>(?:(?!\band\b)[^,;.])+?)\s+to\s+(?P<right>[^,;.]+)"
    r"|\b(?:prefer|favou?r|advis|recommend|choos)\w*\s+(?P<more>[^;.]+?)\s+over\s+(?P<less>[^,;.]+)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\bfrom\s+(?P<left>\S+(?:\s+\S+){0,2}?)\s+to\s+(?P<right>\S+(?:\s+\S+){0,2})", re.IGNORECASE
)
_REACH = 7
"""Words on each side that count."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Two sides and how they are joined."""

    link: str
    left: frozenset[str]
    right: frozenset[str]


def ordered(text: str) -> list[Ordered]:
    """Every pair of sides of a sentence; "after" is read as "before" with its sides changed."""
    found = []
    for match in _LINK.finditer(text):
        before, behind = text[: match.start()], text[match.end() :]
        leading = not terms(before)  # "Before you pull, brace": the other side stands behind the comma
        if leading:
            behind, _, before = behind.partition(",")
        left, right = _side(before, last=not leading), _side(behind, last=False)
        link = match.lastgroup or ""
        found.append(Ordered("before", right, left) if link == "after" else Ordered(link, left, right))
    found += [
        Ordered(
            "pref",
            frozenset(terms(match["left"] or match["more"])),
            _side(match["right"] or match["less"], last=False),
        )
        for match in _PREFERS.finditer(text)
    ]
    found += [
        Ordered("from", frozenset(terms(match["left"])), frozenset(terms(match["right"])))
        for match in _FROM.finditer(text)
    ]
    return [one for one in found if one.left and one.right]


def turned_round(statement: str, evidence: Sequence[str]) -> bool:
    """Whether the statement joins its sides the other way round than the evidence, or prefers where nothing is preferred."""
    given = [one for text in evidence for one in ordered(text)]
    return any(
        _wrong(one, [other for other in given if other.link == one.link]) for one in ordered(statement)
    )


def _wrong(said: Ordered, given: Sequence[Ordered]) -> bool:
    if not given:
        return said.link == "pref"
    return not any(_straight(said, one) >= _crossed(said, one) for one in given)


def _straight(one: Ordered, other: Ordered) -> int:
    return len(one.left & other.left) + len(one.right & other.right)


def _crossed(one: Ordered, other: Ordered) -> int:
    return len(one.left & other.right) + len(one.right & other.left)


def _side(text: str, *, last: bool) -> frozenset[str]:
    words = re.split(r"[;:.]", text)[-1 if last else 0].split()
    return frozenset(terms(" ".join(words[-_REACH:] if last else words[:_REACH])))
