"""Finding exercises by what people call them: name, alias, prefix, typo, or in the middle of a sentence."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from corpus.exercises import Exercise, load

if TYPE_CHECKING:
    from collections.abc import Mapping

LIKELY = 80.0
"""Similarity, out of 100, from which a typo is taken for the name."""
TOO_GENERAL = frozenset(
    (
        *[
            "back",
            "bridge",
            "bs",
            "bulgarian",
            "bulgarians",
            "conventional",
            "dl",
            "goblet",
            "gm",
            "hill",
            "hills",
            "hinge",
            "hinging",
            "hyper",
            "lunge",
        ],
        *[
            "pointer",
            "rolling",
            "romanian",
            "romanians",
            "sled",
            "sleds",
            "walk",
            "walks",
            "walking",
            "adductor",
            "adductors",
        ],
        "ankle mobility",
        "hip adduction",
        "hip flexors",
        "hip internal rotation",
        "hip ir",
        "inner thigh",
        "lateral flexion",
        "thoracic mobility",
    )
)
"""Names to ask for, which in the middle of a sentence mean something else: a part of the body, a direction, a thing."""
_WORDS = re.compile(r"[a-z0-9]+")


def normal(text: str) -> str:
    """Lower case, plain letters, single spaces: "Child’s-Pose" becomes "childs pose"."""
    plain = text.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_WORDS.findall(plain.replace("'", "").replace("’", "")))


class Names:
    """An index over the names of a catalogue."""

    def __init__(self, catalogue: Mapping[str, Exercise]) -> None:
        self.catalogue = catalogue
        self._by_name: dict[str, Exercise] = {}
        for exercise in catalogue.values():
            for name in (exercise.id, *exercise.names):
                self._by_name.setdefault(normal(name), exercise)

    def find(self, query: str) -> Exercise | None:
        """The one exercise meant by `query`: exact name or alias, else the start of one, else a typo; None if unclear."""
        asked = normal(query)
        if not asked:
            return None
        exact = self._by_name.get(asked)
        if exact is not None:
            return exact
        joined = asked.replace(" ", "")
        for name, exercise in self._by_name.items():
            if name.replace(" ", "") == joined:
                return exercise
        starting = {
            e.id: e for name, e in self._by_name.items() if name.startswith(asked) and len(asked) >= 3
        }
        if len(starting) == 1:
            return next(iter(starting.values()))
        return self._nearest(asked)

    def _nearest(self, asked: str) -> Exercise | None:
        if len(asked) < 4:
            return None  # too short for a typo to be told from another abbreviation
        match = process.extractOne(asked, list(self._by_name), scorer=_likeness, score_cutoff=LIKELY)
        return self._by_name[match[0]] if match else None

    def suggest(self, prefix: str, limit: int = 25) -> list[Exercise]:
        """Exercises for completion while typing: starting so, then holding a word that starts so, then alike."""
        asked = normal(prefix)
        if not asked:
            return list(self.catalogue.values())[:limit]
        ranked: dict[str, tuple[float, str]] = {}
        for name, exercise in self._by_name.items():
            rank = _rank(asked, name)
            if rank is not None:
                best = ranked.get(exercise.id, (99.0, ""))
                ranked[exercise.id] = min(best, (rank, exercise.name.casefold()))
        order = sorted(ranked, key=lambda ident: (*ranked[ident], ident))
        return [self.catalogue[ident] for ident in order[:limit]]

    def mentioned(self, text: str) -> list[Exercise]:
        """Exercises named in running text, in order of mention, each once; of overlapping names the longest counts."""
        words = normal(text).split()
        found: list[Exercise] = []
        at = 0
        while at < len(words):
            for name in self._starting.get(words[at], ()):
                if words[at : at + len(name)] == name:
                    exercise = self._by_name[" ".join(name)]
                    if exercise not in found:
                        found.append(exercise)
                    at += len(name)
                    break
            else:
                at += 1
        return found

    @cached_property
    def _starting(self) -> dict[str, list[list[str]]]:
        """The names that may be meant in running text, as words, by their first word, the longest first."""
        starting: dict[str, list[list[str]]] = {}
        for name in self._by_name:
            if name and name not in TOO_GENERAL:
                words = name.split()
                starting.setdefault(words[0], []).append(words)
        for names in starting.values():
            names.sort(key=lambda words: (-len(" ".join(words)), words))
        return starting


def _likeness(asked: str, name: str, **_: object) -> float:
    """Similarity out of 100 that forgives swapped letters and swapped words."""
    letters = 100.0 * OSA.normalized_similarity(asked, name)
    return max(letters, float(fuzz.token_sort_ratio(asked, name)) - 2.0)


def _rank(asked: str, name: str) -> float | None:
    if name == asked:
        return 0.0
    if name.startswith(asked):
        return 1.0
    if f" {asked}" in f" {name}":
        return 2.0
    likeness = _likeness(asked, name[: len(asked) + 1]) if len(asked) >= 4 else 0.0
    likeness = max(likeness, _likeness(asked, name) if len(asked) >= 4 else 0.0)
    return 3.0 + (100.0 - likeness) / 100.0 if likeness >= 70.0 else None


_ours: Names | None = None


def _own() -> Names:
    global _ours  # noqa: PLW0603 - the catalogue is read once a process
    if _ours is None:
        _ours = Names(load())
    return _ours


def find(query: str) -> Exercise | None:
    """`Names.find` in our own catalogue."""
    return _own().find(query)


def suggest(prefix: str, limit: int = 25) -> list[Exercise]:
    """`Names.suggest` in our own catalogue."""
    return _own().suggest(prefix, limit)


def mentioned(text: str) -> list[Exercise]:
    """`Names.mentioned` in our own catalogue."""
    return _own().mentioned(text)
