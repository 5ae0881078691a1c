"""Figures in a sentence: value, what is counted, and whether it is a least or a most. A figure that no passage gives is invented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0,
    "eleven": 11.0, "twelve": 12.0, "thirteen": 13.0, "fourteen": 14.0, "fifteen": 15.0, "sixteen": 16.0, "seventeen": 17.0,
    "eighteen": 18.0, "nineteen": 19.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0,
    "eighty": 80.0, "ninety": 90.0, "hundred": 100.0, "thousand": 1000.0, "dozen": 12.0, "couple": 2.0, "half": 0.5, "double": 2.0,
    "twice": 2.0, "once": 1.0, "quarter": 0.25, "triple": 3.0,
    "zero": 0.0, "thrice": 3.0, "third": 1 / 3, "thirds": 1 / 3, "quarters": 0.25, "fortnight": 14.0, "fortnights": 14.0, "tenfold": 10.0, "halves": 0.5,
}  # fmt: skip
"""Number words. "one", "once", "half" and "couple" count as figures only with a unit behind them (or where WORDY lets them)."""

UNITS = {
    "set": r"sets?", "rep": r"reps?|repetitions?", "kg": r"kgs?|kilos?|kilograms?", "lb": r"lbs?|pounds?", "second": r"s|secs?|seconds?",
    "minute": r"mins?|minutes?", "hour": r"h|hrs?|hours?", "day": r"days?|daily", "week": r"weeks?|weekly", "month": r"months?|monthly",
    "year": r"years?|yearly", "percent": r"%|percent|per cent", "degree": r"degrees?|°", "cm": r"cm|centimetres?|centimeters?",
    "inch": r"inch|inches", "metre": r"m|metres?|meters?", "mg": r"mg|milligrams?", "session": r"sessions?|workouts?", "time": r"times?|x",
    "step": r"steps?", "breath": r"breaths?",
}  # fmt: skip
"""What is counted, and how it is written."""

_SHY = frozenset({"one", "once", "half", "couple", "quarter", "double", "triple", "twice", "third"})
"""Words that are most often no figures: "one poster", "half-kneeling", "double-check"."""

_NUMBER = r"\d+(?:[.,]\d+)?|" + "|".join(sorted(WORDS, key=len, reverse=True))
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in UNITS.items())
_FIGURE = re.compile(rf"(?<![\w.])(?P<value>{_NUMBER})(?![\d])(?=(?P<rest>.{{0,40}}))", re.IGNORECASE)
_BEHIND = re.compile(
    rf"^(?:\s*(?:-|–|—|to|or|and)\s*(?:{_NUMBER}))*[\s-]*(?:full |good |hard |slow |more |of |a )?(?:{_UNIT})(?![a-z])",
    re.IGNORECASE,
)
_DIRECTION = (
    (
        1,
        re.compile(
            r"(?:at least|minimum of|no (?:less|fewer) than|more than|over|above|beyond|exceeding)\s*$"
        ),
    ),
    (
        -1,
        re.compile(
            r"(?:at most|maximum of|no more than|(?:less|fewer) than|under|below|up to|within|no longer than|not more than)\s*$"
        ),
    ),
)


_PERIOD = re.compile(
    r"\b(?:(?:a|per|every|each) (?P<period>day|week|month|year|hour|session|workout)\b|(?P<adverb>daily|weekly|monthly|hourly)\b|every other (?P<other>day|week)\b)"
)
"""How often: "twice a day" is not "twice a week"."""
_FOR_A = re.compile(
    r"\b(?:for|of|about|within|after|than) an? (?P<unit>second|minute|hour|day|week|month|year)\b"
)
"""How long: "for a minute" is not "for a second"."""
_UNIT_STEMS = frozenset(
    terms(
        "sets reps repetitions kg kilos pounds seconds minutes hours days weeks months years percent degrees sessions times steps breaths"
    )
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text."""

    value: float
    unit: str
    """A key of `UNITS`, or empty."""
    direction: int
    """1 for "at least", -1 for "at most", 0 for neither."""
    of: frozenset[str] = frozenset()
    """Stems of the words behind it, up to the next figure."""


def figures(text: str) -> list[Figure]:
    """Every figure of `text`, in order."""
    low = re.sub(r"\[\d{1,3}\]", " ", text.lower().replace("\u2212", "-"))
    low = re.sub(r"(?<=\d)\s*[x×]\s*(?=\d)", " of ", re.sub(r"(?<=\d),(?=\d{3}\b)", "", low))
    found = []
    for match in _FIGURE.finditer(low):
        word = match["value"]
        behind = _BEHIND.match(match["rest"])
        unit = next((name for name in UNITS if behind and behind[name]), "")
        if word in _SHY and (not unit or word == "third"):
            if word in ("half", "twice", "double", "triple", "third") and _standing(low, match.end(), word):
                found.append(Figure(WORDS[word], "", 0, _behind(low, match.end())))
            continue
        if word in ("once", "twice", "thrice"):
            unit = "time"
        value = WORDS[word] if word in WORDS else float(word.replace(",", "."))
        before = low[max(0, match.start() - 24) : match.start()]
        direction = next((sign for sign, pattern in _DIRECTION if pattern.search(before)), 0)
        found.append(Figure(value, unit, direction, _behind(low, match.end())))
    found += [Figure(1.0, match["unit"], 0) for match in _FOR_A.finditer(low)]
    found += [Figure(1.0, f"per {_period(match)}", 0) for match in _PERIOD.finditer(low)]
    return found


def _period(match: re.Match[str]) -> str:
    """The name of a period: "daily" is "day"."""
    if match["other"]:
        return f"other {match['other']}"
    return {"dai": "day"}.get(word := (match["period"] or match["adverb"])[:3], word)


def _behind(low: str, end: int) -> frozenset[str]:
    """Stems of up to five words behind a figure, its unit aside, up to another figure or the end of the clause: what the figure is of."""
    words = re.split(r"[\d.,;:()]", low[end:])[0].split()[:5]
    return frozenset(terms(" ".join(words))) - _UNIT_STEMS


def _standing(low: str, end: int, word: str) -> bool:
    """Whether "half", "twice" and their like count something here: "half the weight", "twice a week", not "half-kneeling"."""
    behind = low[end : end + 14]
    if word in ("half", "third"):
        return re.match(r"\s+(?:the|of|as|your|his|her|their|an?)\b", behind) is not None
    return re.match(r"\s+(?:the|your|as|a|an|per|every|that)\b", behind) is not None


def invented(statement: str, evidence: Sequence[str]) -> list[Figure]:
    """Figures of `statement` that no text of `evidence` gives: another value or unit, a most for a least, or one figure put for another."""
    said = figures(statement)
    given = [figure for text in evidence for figure in figures(text)]
    return [
        figure
        for figure in said
        if not any(_same(figure, other) for other in given)
        or _count(figure, said) > _count(figure, given)
        or _displaced(figure, given)
    ]


def _count(figure: Figure, among: Sequence[Figure]) -> int:
    """How often the value stands among figures."""
    return sum(abs(other.value - figure.value) < 1e-9 for other in among)


def _displaced(figure: Figure, given: Sequence[Figure]) -> bool:
    """Whether the words behind the figure stand, in the evidence, behind another figure of the same unit."""
    own = max((len(figure.of & one.of) for one in given if _same(figure, one)), default=0)
    others = [
        len(figure.of & one.of)
        for one in given
        if one.unit == figure.unit and abs(one.value - figure.value) > 1e-9
    ]
    return max(others, default=0) > own


def _same(said: Figure, given: Figure) -> bool:
    """Whether a figure said is a figure given: a bare one may gain the unit of its neighbour, a direction may be left out, never made up."""
    if abs(said.value - given.value) > 1e-9:
        return False
    if said.unit and given.unit and said.unit != given.unit:
        return False
    return said.direction in (0, given.direction)
