"""Words that are compared one by one, because a near miss is a wrong answer: sides, opposites, strong words, names of parts and drugs."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.polarity import polarity
from retrieval.words import plain, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of `exact.toml`."""

    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    directions: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """Pairs too common to be compared but by the words beside them."""
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
    directions = tuple((frozenset(a.split()), frozenset(b.split())) for a, b in data["directions"])
    alike = tuple(frozenset(terms(" ".join(group))) for group in data["alike"])
    named = frozenset(terms(" ".join(data["named"])))
    return Lists(opposites, directions, frozenset(data["strong"]), named, alike, tuple(data["phrases"]))


def opposed(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` puts an opposite ("left" for "right", "more" for "less") where the `evidence` has the other word only."""
    said, given = _words(statement), frozenset[str]().union(*map(_words, evidence))
    for one, other in lists().opposites:
        for here, there in ((one, other), (other, one)):
            if said & here and not given & here and given & there:
                return True
    return any(
        _beside(statement, here, evidence, there) > _beside(statement, here, evidence, here)
        for one, other in (*lists().opposites, *lists().directions)
        for here, there in ((one, other), (other, one))
        if said & here and given & there and not said & there
    )


def _beside(statement: str, here: frozenset[str], evidence: Sequence[str], there: frozenset[str]) -> int:
    """How many of the stems beside a word of `here` in the statement stand beside a word of `there` in the evidence, at most."""
    said = _around(statement, here)
    given = [around for text in evidence for around in _around(text, there)]
    return max((len(one & other) for one in said for other in given), default=0)


def _around(text: str, wanted: frozenset[str]) -> list[frozenset[str]]:
    """The stems within three words of each of the words wanted."""
    words = _WORD.findall(text.lower())
    return [
        frozenset(terms(" ".join([*words[max(0, place - 3) : place], *words[place + 1 : place + 4]])))
        for place, word in enumerate(words)
        if word in wanted
    ]


def sharpened(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` says a strong word or phrase ("always", "proven", "push through") that the `evidence` does not say."""
    given = frozenset[str]().union(*map(_words, evidence))
    strong = _words(statement) & lists().strong
    if strong - given or _affirmed(strong, statement, evidence):
        return True
    if "only" in strong and not _only(statement, 1) & frozenset[str]().union(
        *(_only(one, 3) for one in evidence)
    ):
        return True
    low, held = plain(statement), plain("\n".join(evidence))
    return any(phrase in low and phrase not in held for phrase in lists().phrases)


def _only(text: str, reach: int) -> frozenset[str]:
    """The stems on each side of "only" in its clause, up to `reach`: what it narrows down."""
    found: set[str] = set()
    for clause in re.split(r"[,;:.]|\b(?:though|but|while|whereas)\b", text.lower()):
        before, only, behind = clause.partition(" only")
        if only or clause.startswith("only"):
            behind = behind if only else clause.removeprefix("only")
            found.update(terms(before)[-reach:] + terms(behind)[:reach] if only else terms(behind)[:reach])
    return frozenset(found)


def _affirmed(strong: frozenset[str], statement: str, evidence: Sequence[str]) -> bool:
    """Whether one of the strong words is said where the evidence only denies it: "a study shows" where "no study is cited"."""
    stems = frozenset(terms(" ".join(strong)))
    said, given = polarity(statement), [polarity(text) for text in evidence]
    affirmed = frozenset[str]().union(*(one.affirmed for one in given))
    denied = frozenset[str]().union(*(one.denied for one in given))
    return bool((stems & said.affirmed & denied) - affirmed - said.denied)


def unnamed(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` names a part, side, exercise, condition, drug or treatment that the `evidence` does not."""
    given = frozenset(stem for text in evidence for stem in terms(text))
    missing = frozenset(terms(statement)) & lists().named - given
    return any(not any(stem in group and group & given for group in lists().alike) for stem in missing)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower().replace("’", "'")))
