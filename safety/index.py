"""Which patterns can match at a word: looked up by the word and the one after it, since trying them all at each word would cost most of the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.pattern import starting

if TYPE_CHECKING:
    from safety.pattern import Pattern

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Starts:
    """What can begin at a word, given what it is a form of."""

    sure: tuple[Pattern, ...]
    """Patterns that are this word and nothing more."""
    pairs: dict[str, tuple[Pattern, ...]]
    """By a word or <tag> that the next word must be a form of."""
    loose: dict[str, tuple[Pattern, ...]]
    """By a word or <tag> that must follow in the sentence."""
    free: tuple[Pattern, ...]
    """Patterns that may go on with anything."""

    def hopeful(self, near: frozenset[str], ahead: frozenset[str]) -> list[Pattern]:
        """The patterns worth trying, where `near` are the words and <tags> of the next word and `ahead` those of all that follow in the sentence."""
        found = [*self.free]
        for patterns, keys in ((self.pairs, near), (self.loose, ahead)):
            if patterns:
                for key in patterns.keys() & keys:
                    for pattern in patterns[key]:
                        for need in pattern.needs:
                            if ahead.isdisjoint(need):
                                break
                        else:
                            found.append(pattern)
        return found


class Index:
    """Patterns by the words that they can begin with. What is asked for is prepared then, since most words never come."""

    def __init__(self) -> None:
        """Begin with no pattern."""
        self._by_word: dict[str, list[Pattern]] = {}
        self._inside: dict[frozenset[str], Starts | None] = {}
        self._opening: dict[frozenset[str], Starts | None] = {}

    def __len__(self) -> int:
        """How many words begin a pattern."""
        return len(self._by_word)

    def add(self, pattern: Pattern) -> None:
        """Take in one pattern; only before the first question."""
        for word in pattern.first_words:
            self._by_word.setdefault(word, []).append(pattern)

    def at(self, atoms: frozenset[str], opening: bool) -> Starts | None:
        """What can begin at a word that is a form of `atoms` and may be `opening` its sentence, or None."""
        known = self._opening if opening else self._inside
        try:
            return known[atoms]
        except KeyError:
            made = known[atoms] = self._made(atoms, opening=opening)
            return made

    def _made(self, atoms: frozenset[str], *, opening: bool) -> Starts | None:
        sure: list[Pattern] = []
        free: list[Pattern] = []
        pairs: dict[str, list[Pattern]] = {}
        loose: dict[str, list[Pattern]] = {}
        for word in sorted(atoms & self._by_word.keys()):
            for pattern in self._by_word[word]:
                begun = starting(pattern, word)
                if begun.opens and not opening:
                    continue
                if begun.sure:
                    sure.append(begun)
                elif begun.then is not None:
                    for key in begun.then:
                        pairs.setdefault(key, []).append(begun)
                elif begun.needs:
                    for key in begun.needs[0]:
                        loose.setdefault(key, []).append(begun)
                else:
                    free.append(begun)
        if not (sure or pairs or loose or free):
            return None
        return Starts(
            tuple(sure),
            {k: tuple(p) for k, p in pairs.items()},
            {k: tuple(p) for k, p in loose.items()},
            tuple(free),
        )
