"""Mend misspelt symptom words, and nothing else.

Only words of a closed list are mended to (those the lexicon marks `typos = true`), so ordinary words stay as they are. The list is indexed by
its deletions (Garbe's SymSpell idea), so that a look-up costs a few dictionary reads instead of a comparison with every word.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
)
_REAL = frozenset(Path(__file__).with_name("unmended.txt").read_text(encoding="utf-8").split())
"""Ordinary words one slip away from a symptom word: never mended."""


class Repair:
    """Mends words to a closed list. `mend` is deterministic and takes microseconds."""

    def __init__(self, words: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self.words = frozenset(words)
        """The words that are mended to."""
        self._known = frozenset(known) | self.words
        self._deleted: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            for form in _deletions(word, 2 if len(word) >= 8 else 1):
                self._deleted[form].append(word)

    def mend(self, word: str) -> str | None:
        """The listed word that `word` is a misspelling of, or None. Closest wins, then the longer, then the alphabet."""
        if word in self.words:
            return word
        if word in _REAL or len(word) > 24:
            return None
        plain = word
        if any(c.isdigit() or c in "@$" for c in word):
            plain = word.translate(_LEET)
            if not plain.isalpha():
                return None
            if plain in self._known:
                return plain
        squeezed = _squeeze(plain)
        for form in (squeezed, _squeeze(plain, most=1)):
            if form in self.words:
                return form
        return self._swapped(squeezed) if len(squeezed) < 5 else self._nearest(squeezed)

    def _swapped(self, word: str) -> str | None:
        """A short word with two neighbouring letters the wrong way round ("nmub", "foto")."""
        for i in range(len(word) - 1):
            form = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            if form in self.words:
                return form
        return None

    def _nearest(self, word: str) -> str | None:
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
