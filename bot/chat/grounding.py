"""Hold a sentence against the passages it cites: exactly where a near miss is wrong, by meaning for the rest."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat import exactly, polarity
from bot.chat.copying import miscopied
from bot.chat.figures import invented
from bot.chat.order import turned_round
from bot.chat.planted import planted
from bot.chat.talk import TALK, strange
from corpus.names import mentioned, normal
from corpus.sentences import split
from retrieval.words import terms
from safety.lint import lint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.passages import Passage
    from retrieval.embeddings import Vectors
    from safety.types import Tier

LONGEST = 420
"""Characters of a sentence; what is longer holds more than one thought."""
_LINK = re.compile(r"https?://|www\.|@\w|<[@#]|```|\bdiscord\.gg\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:—–]|\b(?:and|because|so|which|but|since|while)\b")
_SOURCES = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"clinics?|blogs?", r"forums?|posters?|threads?", r"NICE(?=\s)|NHS|CDC|ACR|WHO|guidelines?|guidance|health services?",
        r"McGill|textbooks?|laborator(?:y|ies)", r"stud(?:y|ies)|research(?:ers)?|trials?|reviews?|meta-analys[ei]s", r"university|professors?|journals?|Harvard|surgeons?|physicians?",
    )
)  # fmt: skip
"""Sorts of sources: a sentence may name one only if its passages do, by what they say or by what they are."""


class Verdict(StrEnum):
    """What became of one sentence."""

    HOLDS = "holds"
    FIGURE = "figure"
    NEGATION = "negation"
    OPPOSITE = "opposite"
    STRONGER = "stronger"
    COPY = "copy"
    ORDER = "order"
    NAMED = "named"
    EXERCISE = "exercise"
    SOURCE = "source"
    WORDS = "words"
    MEANING = "meaning"
    FORBIDDEN = "forbidden"
    PLANTED = "planted"
    FORM = "form"
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Of the meaning check; see `calibration.toml`."""

    near: float
    shared: float
    sum: float
    clause: float
    wordy: float


@cache
def thresholds() -> Thresholds:
    """The calibrated thresholds."""
    return Thresholds(**tomllib.loads((Path(__file__).parent / "calibration.toml").read_text("utf-8")))


class Grounding:
    """Judges sentences. `embed` gives the vectors of texts, rows of length one; it blocks, so call `judge` in a thread."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors] | None) -> None:
        """Judge meaning with `embed`; without one by words alone, more strictly."""
        self._embed = embed

    def judge(self, said: Sequence[tuple[str, Sequence[Passage]]], tier: Tier) -> list[Verdict]:
        """A verdict on each (sentence, cited passages), for somebody at `tier`."""
        verdicts = [exact(text, passages, tier) for text, passages in said]
        left = [number for number, verdict in enumerate(verdicts) if verdict is Verdict.HOLDS]
        near = self._near([said[number] for number in left])
        for number, cosine in zip(left, near, strict=True):
            text, passages = said[number]
            verdicts[number] = _by_meaning(cosine, shared(text, passages))
        return verdicts

    def _near(self, said: Sequence[tuple[str, Sequence[Passage]]]) -> list[float | None]:
        """Cosine of each sentence with the nearest of its passages' sentences and whole texts; one batch for all."""
        if self._embed is None or not said:
            return [None] * len(said)
        against = [_units(passages) for _, passages in said]
        texts = list(dict.fromkeys([*(text for text, _ in said), *(one for many in against for one in many)]))
        vectors = self._embed(texts)
        row = {text: number for number, text in enumerate(texts)}
        return [
            max(float(vectors[row[text]] @ vectors[row[one]]) for one in many)
            for (text, _), many in zip(said, against, strict=True)
        ]


def _units(passages: Sequence[Passage]) -> list[str]:
    """What a sentence is compared with: each sentence of each passage, and each passage whole."""
    return list(dict.fromkeys([*sentences_of(passages), *(passage.text for passage in passages)]))


def sentences_of(passages: Sequence[Passage]) -> list[str]:
    """The sentences of the passages, without those that speak to a model instead of a reader."""
    return [
        sentence
        for passage in passages
        for unit in (passage.sentences or (passage.text,))
        for sentence in split(unit)
        if not planted(sentence)
    ]


def exact(text: str, passages: Sequence[Passage], tier: Tier) -> Verdict:
    """Everything that is judged without the embedding."""
    if len(text) > LONGEST or _LINK.search(text) or len(terms(text)) < 2:
        return Verdict.FORM
    if any(not sign.isascii() and not any(sign in one.text for one in passages) for sign in text):
        return Verdict.FORM  # a look-alike letter hides a word from every list
    if planted(text):
        return Verdict.PLANTED
    if lint(text, tier):
        return Verdict.FORBIDDEN
    if not passages:
        return Verdict.UNCITED
    evidence = sentences_of(passages)
    around = [*evidence, *(f"{passage.title}. {passage.section}" for passage in passages)]
    tests = (
        (Verdict.FIGURE, bool(invented(text, evidence))),
        (Verdict.EXERCISE, _other_exercise(text, around)),
        (Verdict.SOURCE, _misattributed(text, passages)),
        (Verdict.NEGATION, polarity.turned(text, evidence)),
        (Verdict.COPY, miscopied(text, evidence)),
        (Verdict.ORDER, turned_round(text, evidence)),
        (Verdict.OPPOSITE, exactly.opposed(text, evidence)),
        (
            Verdict.STRONGER,
            exactly.sharpened(
                text, [*evidence, *(f"{passage.kind} {passage.speaker}" for passage in passages)]
            ),
        ),
        (Verdict.NAMED, exactly.unnamed(text, evidence)),
        (Verdict.WORDS, bool(strange(_content(text), _held(passages))) or _loose_clause(text, passages)),
    )
    return next((verdict for verdict, fails in tests if fails), Verdict.HOLDS)


def _by_meaning(near: float | None, share: float) -> Verdict:
    """The last test: near enough in meaning and in words."""
    limits = thresholds()
    if near is None:
        return Verdict.HOLDS if share >= limits.wordy else Verdict.WORDS
    if share < limits.shared:
        return Verdict.WORDS
    return Verdict.HOLDS if near >= limits.near and near + share >= limits.sum else Verdict.MEANING


def shared(text: str, passages: Sequence[Passage]) -> float:
    """Share of the content stems of `text` that stand in the passages (titles and headings count)."""
    return _share(_content(text), passages)


def _share(wanted: frozenset[str], passages: Sequence[Passage]) -> float:
    return len(wanted & _held(passages)) / len(wanted) if wanted else 0.0


def _held(passages: Sequence[Passage]) -> frozenset[str]:
    """The stems that the passages hold, titles and headings too."""
    return frozenset(
        stem
        for passage in passages
        for stem in terms(f"{passage.title} {passage.section} {passage.speaker} {passage.text}")
    )


def _loose_clause(text: str, passages: Sequence[Passage]) -> bool:
    """Whether one clause says something that the passages do not, however well the rest does."""
    parts = [_content(clause) for clause in _CLAUSE.split(text)]
    return any(len(part) >= 3 and _share(part, passages) < thresholds().clause for part in parts)


def _misattributed(text: str, passages: Sequence[Passage]) -> bool:
    """Whether the sentence names a sort of source that its passages neither name nor are."""
    given = "\n".join(f"{one.kind} {one.speaker} {one.title} {one.section} {one.text}" for one in passages)
    return any(sort.search(text) and not sort.search(given) for sort in _SOURCES)


def _content(text: str) -> frozenset[str]:
    return frozenset(terms(text)) - TALK


def _other_exercise(text: str, around: Sequence[str]) -> bool:
    """Whether the sentence names an exercise that its passages do not, by that name or word for word apart."""
    held = "\n".join(around)
    known = {exercise.id for exercise in mentioned(held)}
    stems, low = frozenset(terms(held)), normal(text)
    return any(
        one.id not in known
        and not any(
            normal(name) in low and frozenset(terms(name)) <= stems for name in (one.name, *one.names)
        )
        for one in mentioned(text)
    )
