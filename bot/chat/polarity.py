"""Negations, opposites and strong words: a sentence must not turn round, sharpen or soften into a claim what its passages say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

NEGATOR = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|without|avoid(?:s|ed|ing)?|cannot|\w+n['’]t|dont|doesnt|isnt|cant|shouldnt|"
    r"stops?|stopp(?:ed|ing)|skips?|quit|(?:advis|warn|recommend|caution|counsel|decid|argu)\w* against|instead of|rather than|^leav(?:e|ing)|stay out of|stays? away|unless|hardly|rarely|refrain(?:s|ing)?|little|doubts?|"
    r"lacks?|lacking|absent|fails?|free of|outside(?: of)?|out of(?= neutral)|over(?= (?:bed |full |complete )?(?:rest|\w+ing)\b))(?!\w)",
    re.IGNORECASE,
)
"""What denies."""
_CLAUSE = re.compile(
    r"[,;:()—–?!]|\.\s|\b(?:but|while|whereas|although|though|because|so that|yet|however|then|when|if|where|which|who)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"\b(?:is|are|was|were|means?|should|will|would|can|could|may|might)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:no|not) (more|less|fewer|longer|later) than\b|\bnot only\b", re.IGNORECASE)
_EDGES = {"more": "at most", "longer": "at most", "later": "at most"}
_THAN = re.compile(
    r"\b(?:more|less|fewer|heavier|lighter|longer) than\b|\bat (?:most|least)\b", re.IGNORECASE
)
_REBUTTED = re.compile(
    r"\b(?:no|little|without|lacks?) (?:good |real |clear )?(?:support|proof|basis)\b|\bnot supported\b|\bmyths?\b|\bdisproved\b|\buntrue\b",
    re.IGNORECASE,
)
_DISTANCED = re.compile(r"\b(?:ideas?|claims?|beliefs?|myths?|says?|argues?)\b", re.IGNORECASE)
COUNTED = frozenset(
    terms("sets reps seconds minutes hours days weeks months years times degrees percent")
) | frozenset(map(str, range(200)))
"""Stems of figures and what they count: `bot.chat.figures` looks after them."""
_OTHER = {"with": "without", "without": "with"}
_REACH = 6
"""Words behind a negation that it denies."""
_PLACE = re.compile(r"\bout(?:side)?\b", re.IGNORECASE)
_PLACE_REACH = 3
"""The same of "out of" and "outside"."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """The stems of a text: those affirmed, and behind each negation those that it denies."""

    counts: Counter[str]
    """How often each stem is affirmed."""
    scopes: tuple[frozenset[str], ...]

    @property
    def affirmed(self) -> frozenset[str]:
        """All stems that are affirmed."""
        return frozenset(self.counts)

    @property
    def denied(self) -> frozenset[str]:
        """All stems that stand behind a negation."""
        return frozenset[str]().union(*self.scopes)


@lru_cache(maxsize=4096)
def polarity(text: str) -> Polarity:
    """Sort the stems of `text` by clause; "no more than" is a measure, no negation."""
    plain = _COMPARED.sub(lambda match: _EDGES.get((match[1] or "").lower(), "at least"), text)
    affirmed: Counter[str] = Counter()
    scopes: list[frozenset[str]] = []
    for clause in map(str.strip, _CLAUSE.split(plain)):
        begin = 0
        for match in NEGATOR.finditer(clause):
            affirmed.update(terms(clause[begin : match.start()]))
            begin = _end(clause, match.end(), _PLACE_REACH if _PLACE.match(match.group()) else _REACH)
            scopes.append(frozenset(terms(clause[match.end() : begin])))
        affirmed.update(terms(clause[begin:]))
    return Polarity(affirmed, tuple(scope for scope in scopes if scope))


def _end(clause: str, start: int, reach: int) -> int:
    """Where the reach of a negation ends: at the next verb of the clause, the next negation, or after `reach` words."""
    words = list(re.finditer(r"\S+", clause[start:]))
    limit = start + words[reach - 1].end() if len(words) >= reach else len(clause)
    for pattern in (_STOP, NEGATOR):
        found = pattern.search(clause, start + 1)
        # "not is" ends nothing: a verb counts once something has been denied
        if found and found.start() < limit and terms(clause[start : found.start()]):
            limit = found.start()
    return limit


def turned(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` drops a negation or a measure of the `evidence` (sentences), or adds one."""
    near = nearest(statement, evidence)
    said = polarity(statement)
    given = [polarity(text) for text in near]
    affirmed = sum((one.counts for one in given), Counter[str]())
    denied = frozenset[str]().union(*(one.denied for one in given))
    if any(said.counts[stem] > affirmed[stem] for stem in denied - said.denied - COUNTED) or _with(
        statement, near
    ):
        return True
    if any(not scope & denied for scope in said.scopes):
        return True
    rebutted = any(_REBUTTED.search(text) for text in near)
    return (rebutted and not said.scopes and not _DISTANCED.search(statement)) or _measured(statement, near)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def _with(statement: str, evidence: Sequence[str]) -> bool:
    """Whether the statement has "with" where the evidence has "without", or the other way about, by the words on either side."""
    said, given = _beside(statement), frozenset[tuple[str, str, str]]().union(*map(_beside, evidence))
    turned_round = {(other, word, side) for which, word, side in given if (other := _OTHER[which])}
    return bool((said & turned_round) - given)


def _beside(text: str) -> frozenset[tuple[str, str, str]]:
    """Each "with" and "without" with the word before it and the word behind it."""
    words = _words(text)
    places = [place for place, word in enumerate(words) if word in _OTHER]
    before = {(words[place], words[place - 1], "before") for place in places if place}
    return frozenset(
        before | {(words[place], words[place + 1], "behind") for place in places if place + 1 < len(words)}
    )


def _measured(statement: str, evidence: Sequence[str]) -> bool:
    """Whether the statement compares ("more than") where the evidence does not, or the other way about."""
    plain = [_COMPARED.sub(_edge, text) for text in (statement, *evidence)]
    said = {match.lower() for match in _THAN.findall(plain[0])}
    given = {match.lower() for text in plain[1:] for match in _THAN.findall(text)}
    return bool(said - given)


def _edge(match: re.Match[str]) -> str:
    return _EDGES.get((match[1] or "").lower(), "at least")


def nearest(statement: str, evidence: Sequence[str]) -> list[str]:
    """The sentences that share most with the statement: those within reach of the best, so that others' negations do not count."""
    stems = frozenset(terms(statement))
    ranked = sorted(
        ((len(stems & frozenset(terms(text))), text) for text in evidence), key=lambda one: -one[0]
    )
    best = ranked[0][0] if ranked else 0
    return [text for shared, text in ranked if shared and shared >= best - 1][:3]
