"""Patterns over the words of a sentence, as the rules of the output lint are written (`safety/rules/*.toml`).

A pattern is read word by word: `see`, `see|call` (`do_not|never` with more words than one), `a?` (may be missing), `incontinen*` (begins so), `<clinician>` (a list of words.toml),
`~3` (up to three words in between, no comma), `~3,` (the same across commas), `!3` (none of them a word that turns the sense round).
Each pattern is looked for only in sentences that hold one of its rarer words, which keeps a reply of 1,200 characters under a millisecond.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from safety.types import Tier

_TURN = "until|till|before|unless|without|wait|waiting|delay|hesitate|postpone|put|skip|cancel|miss|ignore|instead|train|lift|rely|rather|just|only|replace|replaces|avoid|drive|let|if|when|because|cannot|enough|then|and|hurt|hurts|better|improve|improving|help|helping|ease|easing|settle|settling|worse"
PREFIX = 4
"""Letters by which words that only begin alike are looked up."""
COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "do",
        "does",
        "down",
        "for",
        "from",
        "get",
        "go",
        "going",
        "good",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "keep",
        "let",
        "like",
        "may",
        "me",
        "more",
        "most",
        "my",
        "need",
        "never",
        "no",
        "not",
        "nothing",
        "of",
        "off",
        "on",
        "one",
        "only",
        "or",
        "other",
        "out",
        "over",
        "own",
        "see",
        "she",
        "should",
        "since",
        "so",
        "some",
        "take",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "through",
        "time",
        "to",
        "too",
        "try",
        "until",
        "up",
        "use",
        "was",
        "way",
        "we",
        "were",
        "what",
        "when",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "without",
        "would",
        "you",
        "your",
        "yours",
        "make",
        "feel",
        "feels",
        "really",
        "very",
        "after",
        "all",
        "also",
        "don",
        "train",
        "lift",
    ]
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: the words that make it worth looking, and its source."""

    source: str
    triggers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the lint: what it forbids, from which tier on, and what exempts a sentence."""

    id: str
    why: str
    tier: Tier
    patterns: tuple[Pattern, ...]
    unless: tuple[str, ...]
    negated: bool
    """A negation in front ("never push through numbness") exempts."""
    attributed: bool
    """An attribution ("one clinic blog argues") exempts."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Book:
    """All rules, and where to begin: word -> patterns that may match a sentence with that word."""

    rules: tuple[Rule, ...]
    index: dict[str, tuple[tuple[int, Pattern], ...]] = field(hash=False)
    words: frozenset[str] = frozenset()
    """Every word of the lists, for reading look-alike spellings."""


@cache
def book() -> Book:
    """The rules as the files say. Raises KeyError for a list that is not there."""
    rules: list[Rule] = []
    for path in sorted((files("safety") / "rules").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml") and path.name not in ("words.toml", "classes.toml"):
            rules += [_rule(entry) for entry in tomllib.loads(path.read_text("utf-8"))["rule"]]
    index: dict[str, list[tuple[int, Pattern]]] = {}
    for number, rule in enumerate(rules):
        for pattern in rule.patterns:
            for word in pattern.triggers:
                index.setdefault(word, []).append((number, pattern))
    words = frozenset(
        word for name in _lists() for phrase in _lists()[name] for word in phrase.split() if len(word) > 3
    )
    return Book(tuple(rules), {word: tuple(entries) for word, entries in index.items()}, words)


@cache
def compiled(source: str) -> re.Pattern[str]:
    """The regular expression of a pattern; made when it is first wanted."""
    return re.compile("(?<= )" + "".join(_expression(piece) for piece in _pieces(source)))


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        why=entry["why"],
        tier=Tier[entry.get("tier", "NONE")],
        patterns=tuple(Pattern(source, _triggers(source)) for source in entry["patterns"]),
        unless=tuple(entry.get("unless", ())),
        negated=entry.get("negated", False),
        attributed=entry.get("attributed", False),
        language=entry.get("language", "en"),
    )


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    """The word lists, both forms of "(s)" spelled out."""
    data = tomllib.loads((files("safety") / "rules" / "words.toml").read_text("utf-8"))
    return {
        name: tuple(form for phrase in phrases for form in _forms(phrase)) for name, phrases in data.items()
    }


def words_of(phrase: str) -> tuple[str, ...]:
    """The phrases that "<name>" stands for, or `phrase` alone."""
    return _lists()[phrase[1:-1]] if phrase.startswith("<") else (phrase,)


def _forms(phrase: str) -> tuple[str, ...]:
    return (phrase.replace("(s)", ""), phrase.replace("(s)", "s")) if "(s)" in phrase else (phrase,)


def _pieces(source: str) -> list[str]:
    return source.replace(" , ", " ,? ").split()


def _alternatives(piece: str) -> tuple[str, ...]:
    """What a piece may stand for."""
    found: list[str] = []
    for option in piece.rstrip("?").split("|"):
        found += words_of(option.replace("_", " "))
    return tuple(found)


def _gap(piece: str) -> bool:
    return piece[0] in "~!" and piece[1:].rstrip(",").isdigit()


def _expression(piece: str) -> str:
    """Regular expression of one piece, with the space behind it."""
    if _gap(piece):
        most = int(piece[1:].rstrip(","))
        word = "[^ ]+ " if piece.endswith(",") else "[^ ,]+ "
        word = f"(?!(?:{_TURN}) ){word}" if piece[0] == "!" else word
        return f"(?:{word}){{0,{most}}}?"
    if piece in (",", ",?"):
        return "(?:, )?"
    options = sorted(_alternatives(piece), key=len, reverse=True)
    choice = "|".join(re.escape(o[:-1]) + "[^ ]*" if o.endswith("*") else re.escape(o) for o in options)
    return f"(?:(?:{choice}) ){'?' if piece.endswith('?') else ''}"


def _triggers(source: str) -> frozenset[str]:
    """First words of the piece that must be there and is least common."""
    best: frozenset[str] | None = None
    for piece in _pieces(source):
        if _gap(piece) or piece.endswith("?") or piece in (",", ",?"):
            continue
        first = frozenset(_key(option.split()[0]) for option in _alternatives(piece))
        if best is None or _commonness(first) < _commonness(best):
            best = first
    if best is None:
        raise ValueError(f"a pattern needs a word that must be there: {source!r}")
    return best


def _key(word: str) -> str:
    """Where a word stands in the index: "incontinen*" under its first letters."""
    return f"{word[:PREFIX]}*" if word.endswith("*") else word


def _commonness(words: frozenset[str]) -> tuple[int, int]:
    return (sum(word in COMMON for word in words), len(words))
