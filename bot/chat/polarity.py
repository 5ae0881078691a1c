"""Negations, opposites and strong words: a sentence must not turn round, sharpen or soften into a claim what its passages say."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEGATOR = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|without|avoid(?:s|ed|ing)?|cannot|\w+n['’]t|dont|doesnt|isnt|cant|shouldnt|"
    r"stop|stops|skip|skips|instead of|rather than|leave out|leaves out|leaving out|leave|stay out of|unless|hardly|rarely|refrain|against|"
    r"little|less|least|doubts?|lacks?|lacking|absent|fails?|too little|free of)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:()—–]|\b(?:but|while|whereas|although|though|because|so that|yet|however|then|when|if|where|which|who)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Lists:
    """Words that are compared exactly; see `exact.toml`."""

    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    strong: frozenset[str]
    named: frozenset[str]


@cache
def lists() -> Lists:
    """The word lists, read once."""
    data = tomllib.loads((Path(__file__).parent / "exact.toml").read_text("utf-8"))
    opposites = tuple((frozenset(a.split()), frozenset(b.split())) for a, b in data["opposites"])
    return Lists(opposites, frozenset(data["strong"]), frozenset(terms(" ".join(data["named"]))))


@dataclass(frozen=True, slots=True)
class Polarity:
    """The stems of a text, those affirmed and those that stand behind a negation in their clause."""

    affirmed: frozenset[str]
    denied: frozenset[str]


@lru_cache(maxsize=4096)
def polarity(text: str) -> Polarity:
    """Sort the stems of `text` by clause."""
    affirmed: set[str] = set()
    denied: set[str] = set()
    for clause in _CLAUSE.split(text):
        match = _NEGATOR.search(clause)
        if match is None:
            affirmed.update(terms(clause))
        else:
            affirmed.update(terms(clause[: match.start()]))
            denied.update(terms(clause[match.end() :]))
    return Polarity(frozenset(affirmed), frozenset(denied))


def turned(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` drops a negation of the `evidence` (sentences) or adds one."""
    said = polarity(statement)
    given = [polarity(text) for text in _nearest(statement, evidence)]
    affirmed = frozenset[str]().union(*(one.affirmed for one in given))
    denied = frozenset[str]().union(*(one.denied for one in given))
    dropped = (said.affirmed - said.denied) & (denied - affirmed)
    added = bool(said.denied) and not said.denied & denied and not _spoken_against(statement, given)
    return bool(dropped) or added


def _spoken_against(statement: str, given: Sequence[Polarity]) -> bool:
    """Whether a negation of the statement meets one of the evidence whose words are all others ("never round" for "no rounding" is met by stems)."""
    del statement
    return any(one.denied and not one.affirmed for one in given)


def _nearest(statement: str, evidence: Sequence[str]) -> list[str]:
    """The sentences that share most with the statement: those within reach of the best, so that others' negations do not count."""
    stems = frozenset(terms(statement))
    ranked = sorted(
        ((len(stems & frozenset(terms(text))), text) for text in evidence), key=lambda one: -one[0]
    )
    best = ranked[0][0] if ranked else 0
    return [text for shared, text in ranked if shared and shared >= best - 1][:3]


def opposed(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` puts an opposite ("left" for "right", "more" for "less") where the `evidence` has the other word only."""
    said = frozenset(_WORD.findall(statement.lower()))
    given = frozenset(word for text in evidence for word in _WORD.findall(text.lower()))
    for one, other in lists().opposites:
        for here, there in ((one, other), (other, one)):
            if said & here and not given & here and given & there:
                return True
    return False


def sharpened(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` says a strong word ("always", "proven", "cures") that no text of the `evidence` says."""
    said = frozenset(_WORD.findall(statement.lower()))
    given = frozenset(word for text in evidence for word in _WORD.findall(text.lower()))
    return bool(said & lists().strong - given)


def unnamed(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` names a muscle, condition, drug or treatment that the `evidence` does not."""
    given = frozenset(stem for text in evidence for stem in terms(text))
    return bool(frozenset(terms(statement)) & lists().named - given)
