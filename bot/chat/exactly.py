"""Words that are compared one by one, because a near miss is a wrong answer: sides, opposites, strong words, names of parts and drugs."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.words import plain, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of `exact.toml`."""

    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    strong: frozenset[str]
    named: frozenset[str]
    """Stems."""
    alike: tuple[frozenset[str], ...]
    """Groups of stems that mean the same part."""
    phrases: tuple[str, ...]


@cache
def lists() -> Lists:
    """The word lists, read once."""
    data = tomllib.loads((Path(__file__).parent / "exact.toml").read_text("utf-8"))
    opposites = tuple((frozenset(a.split()), frozenset(b.split())) for a, b in data["opposites"])
    alike = tuple(frozenset(terms(" ".join(group))) for group in data["alike"])
    named = frozenset(terms(" ".join(data["named"])))
    return Lists(opposites, frozenset(data["strong"]), named, alike, tuple(data["phrases"]))


def opposed(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` puts an opposite ("left" for "right", "more" for "less") where the `evidence` has the other word only."""
    said, given = _words(statement), frozenset[str]().union(*map(_words, evidence))
    for one, other in lists().opposites:
        for here, there in ((one, other), (other, one)):
            if said & here and not given & here and given & there:
                return True
    return False


def sharpened(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` says a strong word or phrase ("always", "proven", "push through") that the `evidence` does not say."""
    given = frozenset[str]().union(*map(_words, evidence))
    if _words(statement) & lists().strong - given:
        return True
    low, held = plain(statement), plain("\n".join(evidence))
    return any(phrase in low and phrase not in held for phrase in lists().phrases)


def unnamed(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` names a part, side, exercise, condition, drug or treatment that the `evidence` does not."""
    given = frozenset(stem for text in evidence for stem in terms(text))
    missing = frozenset(terms(statement)) & lists().named - given
    return any(not any(stem in group and group & given for group in lists().alike) for stem in missing)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower().replace("’", "'")))
