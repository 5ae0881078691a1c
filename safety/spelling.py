"""Mend misspelt words, so that a typo hides nothing: letters doubled, dropped, swapped or replaced, chat shorthand, leetspeak, missing spaces.

A word is mended only where nobody ever writes it on purpose: every word of `words.txt` (ordinary English as lifters write it, the commonest first)
stays as it is, and so do the rarer ones of `unmended.txt`. In other languages only symptom words are mended to, and `unmended-LANGUAGE.txt` has the
everyday words that look like them. `shorthand-LANGUAGE.txt` has what people type for a word when in a hurry or in dialect: the word first, without accents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

_HERE = Path(__file__).parent
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
)
_FIGURE = re.compile(r"\d+(?:[a-z]{1,3}|x\d+)?")
"""Figures with their unit ("83kg", "3x10", "44m") are not leetspeak."""
_VOWELS = frozenset("aeiouy")
_GLUED = 12
"""Letters from which an unknown word may be several written without spaces."""
_LONGEST = 40


@lru_cache(maxsize=1)
def ordinary() -> dict[str, int]:
    """Ordinary English words with their rank, the commonest 0."""
    return {w: n for n, w in enumerate((_HERE / "words.txt").read_text(encoding="utf-8").split())}


@lru_cache(maxsize=8)
def _unmended(name: str = "unmended.txt") -> frozenset[str]:
    """Rarer words one slip away from an ordinary one; empty where a language has no file of them."""
    path = _HERE / name
    return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else frozenset()


@lru_cache(maxsize=8)
def _shorthand(language: str) -> dict[str, str]:
    """How people type words when in a hurry or as they say them ("cnt", "nuffin", "nimma", "dsd"), to the word."""
    path = _HERE / f"shorthand-{language}.txt"
    if not path.exists():
        return {}
    pairs = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {short: word for word, *shorts in pairs for short in shorts}


class Repair:
    """Mends words to the lexicon's. `mend` is deterministic and takes microseconds; `words` are the symptom words that may be far off."""

    def __init__(self, words: Iterable[str] = (), known: Iterable[str] = (), *, language: str = "") -> None:
        self.words = frozenset(words)
        """The symptom words, mended to from further away than others."""
        self._english = language == "en"
        self._shorthand = _shorthand(language)
        self._spared = _unmended() | (frozenset() if self._english else _unmended(f"unmended-{language}.txt"))
        self._known = frozenset(w for w in known if w.isalpha()) | self.words
        self._deleted: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            for form in _deletions(word, 2 if len(word) >= 8 else 1):
                self._deleted[form].append(word)
        self._shapes: dict[tuple[str, int], list[str]] = {}
        self._bones: dict[str, str] = {}

    def known(self, word: str) -> bool:
        """Whether `word` is written as it should be."""
        return word in self._known or word in ordinary() or word in self._spared

    def hurried(self, word: str) -> bool:
        """Whether `word` is chat shorthand for another."""
        return word in self._shorthand and not (self._english and word in ordinary())

    def mend(self, word: str) -> str | None:
        """The word that `word` is a misspelling of, or None. Closest wins, then the commoner."""
        if self.hurried(word):
            return self._shorthand[word]
        if self.known(word) or len(word) > _LONGEST:
            return None
        plain = word
        if _FIGURE.fullmatch(word):
            return None
        if any(c.isdigit() or c in "@$" for c in word):
            plain = word.translate(_LEET)
            if not plain.isalpha():
                return None
            if self.known(plain):
                return plain
            if plain in self._shorthand:
                return self._shorthand[plain]
        for most in (2, 1):
            form = _squeeze(plain, most)
            if form in self._known or (self._english and form != plain and form in ordinary()):
                return form
        squeezed = _squeeze(plain)
        if len(squeezed) > 24:
            return None
        near = self._swapped(squeezed) if len(squeezed) < 5 else self._nearest(squeezed)
        if near is None and self._english and squeezed.isascii() and squeezed.isalpha():
            near = self._ordinary(squeezed) or self._boneless(squeezed)
        return near

    def split(self, word: str) -> list[str] | None:
        """The words that `word` is made of where spaces are missing ("bothfeetarenumb"), or None."""
        if not self._english or not _GLUED <= len(word) <= 80 or not word.isalpha() or self.known(word):
            return None
        ranks = ordinary()
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            options = [
                (best[start][0] + self._cost(word[start:end], ranks), start)
                for start in range(max(0, end - 14), end)
            ]
            best.append(min(options))
        pieces: list[str] = []
        at = len(word)
        while at > 0:
            start = best[at][1]
            pieces.append(word[start:at])
            at = start
        found = pieces[::-1]
        whole = all(self.known(p) for p in found) and len(word) >= 3.4 * len(found)
        return found if len(found) > 1 and whole else None

    def _cost(self, piece: str, ranks: dict[str, int]) -> float:
        rank = ranks.get(piece)
        if rank is None:
            return 12.0 if len(piece) > 2 and piece in self._known else 40.0 * len(piece)
        if len(piece) < 3 and piece not in _SMALL:
            return 40.0
        return log(rank + 10)

    def _swapped(self, word: str) -> str | None:
        """A short word with two neighbouring letters the wrong way round ("nmub", "foto")."""
        for i in range(len(word) - 1):
            form = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            if form in self.words:
                return form
        return None

    def _nearest(self, word: str) -> str | None:
        """The symptom word at one slip, for long words two."""
        reach = 2 if len(word) >= 8 else 1
        candidates = {c for form in _deletions(word, reach) for c in self._deleted.get(form, ())}
        best: tuple[int, int, str] | None = None
        for candidate in candidates:
            allowed = 2 if min(len(candidate), len(word)) >= 8 else 1
            distance = OSA.distance(word, candidate, score_cutoff=allowed)
            if distance <= allowed and word[0] == candidate[0]:
                key = (distance, -len(candidate), candidate)
                best = key if best is None or key < best else best
        return best[2] if best else None

    def _ordinary(self, word: str) -> str | None:
        """The commonest known word of the same first letter at one slip; short words only with letters swapped or doubled."""
        if len(word) < 4:
            return None
        if not self._shapes:
            ranks = ordinary()
            for known in sorted(self._known | ranks.keys(), key=lambda w: (ranks.get(w, 20_000), w)):
                if len(known) > 2 and known.isascii():
                    self._shapes.setdefault((known[0], len(known)), []).append(known)
        best: tuple[int, int, str] | None = None
        for size in (len(word), len(word) + 1, len(word) - 1):
            for known in self._shapes.get((word[0], size), ()):
                if OSA.distance(word, known, score_cutoff=1) <= 1:
                    key = (0 if sorted(known) == sorted(word) else 1, ordinary().get(known, 20_000), known)
                    best = key if best is None or key < best else best
        return best[2] if best else None

    def _boneless(self, word: str) -> str | None:
        """The commonest known word with the same consonants, where somebody left the vowels out ("lft", "bck", "nmb")."""
        if len(word) < 3 or not _VOWELS.isdisjoint(word):
            return None
        if not self._bones:
            ranks = ordinary()
            for known in sorted(self._known | ranks.keys(), key=lambda w: (ranks.get(w, 20_000), w)):
                if 3 <= len(known) <= 8 and known.isascii():
                    self._bones.setdefault(
                        known[0] + "".join(c for c in known[1:] if c not in _VOWELS), known
                    )
        return self._bones.get(word)


_SMALL = frozenset(
    [
        "a",
        "i",
        "am",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
        "im",
        "id",
    ]
)


def _deletions(word: str, reach: int) -> set[str]:
    forms = {word}
    edge = {word}
    for _ in range(reach):
        edge = {f[:i] + f[i + 1 :] for f in edge for i in range(len(f))}
        forms |= edge
    return forms


def _squeeze(word: str, most: int = 2) -> str:
    """At most `most` of the same letter in a row ("nuuuumb")."""
    out: list[str] = []
    for char in word:
        if len(out) >= most and all(c == char for c in out[-most:]):
            continue
        out.append(char)
    return "".join(out)
