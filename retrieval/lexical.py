"""BM25 over memory-mapped arrays: small to open, light to keep, fast to score.

Postings lie in one flat array in the order of the terms, each with the part of the BM25 weight that does not depend on the rest of the
corpus. The inverse document frequency is applied when searching, so that a guild's corpus and the shared one can be searched as if they
were one, without either ever being stored with the other.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

K1 = 1.2
"""How soon repeats of a word stop counting."""
B = 0.75
"""How much long texts are held back."""
FEW_TERMS = 8_192
"""Terms up to which the vocabulary is kept as a dictionary (2 ms to open): to search an array for a question's takes 0.05 ms each time."""
TERM_BYTES = 32
"""Terms are cut here: they live in an array of equal widths, so that opening the vocabulary costs nothing."""


def open_array(path: Path) -> NDArray[Any]:
    """An array mapped from disk; read whole where it is empty, which cannot be mapped."""
    try:
        # As a plain array: every slice of numpy's own class for mapped files costs ten times as much.
        return np.asarray(np.load(path, mmap_mode="r"))
    except ValueError:
        return np.asarray(np.load(path))


class Lexical:
    """Postings of one set of texts, opened from disk."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open what `write` left in `folder` under `name`."""
        self._terms = open_array(folder / f"{name}-terms.npy")
        self._starts = open_array(folder / f"{name}-starts.npy")
        self._rows = open_array(folder / f"{name}-rows.npy")
        self._weights = open_array(folder / f"{name}-weights.npy")
        self.size = int(np.load(folder / f"{name}-size.npy"))
        few = self._terms.tolist() if len(self._terms) <= FEW_TERMS else []
        self._numbers: dict[bytes, int] = {term: number for number, term in enumerate(few)}

    def find(self, terms: Iterable[str]) -> dict[str, int]:
        """The numbers of those `terms` that occur here."""
        wanted = sorted(set(terms))
        if self._numbers:
            found = ((term, self._numbers.get(_key(term))) for term in wanted)
            return {term: number for term, number in found if number is not None}
        keys = np.array([_key(term) for term in wanted], dtype=f"S{TERM_BYTES}")
        if not len(keys) or not len(self._terms):
            return {}
        at = np.minimum(np.searchsorted(self._terms, keys), len(self._terms) - 1)
        return {term: int(i) for term, i, key in zip(wanted, at, keys, strict=True) if self._terms[i] == key}

    def frequency(self, number: int) -> int:
        """In how many texts the term occurs."""
        return int(self._starts[number + 1] - self._starts[number])

    def score(self, weights: Mapping[int, float]) -> NDArray[np.float32]:
        """BM25 of every text, float32 (size,), for terms by number with their weight (inverse frequency times count)."""
        scores = np.zeros(self.size, dtype=np.float32)
        starts = self._starts
        for number, weight in weights.items():
            start, end = int(starts[number]), int(starts[number + 1])
            # A text occurs once in a term's postings, so that plain indexed addition is enough.
            scores[self._rows[start:end]] += np.float32(weight) * self._weights[start:end]
        return scores


def inverse_frequency(frequency: int, size: int) -> float:
    """How telling a term is that occurs in `frequency` of `size` texts; never negative."""
    return float(np.log1p((size - frequency + 0.5) / (frequency + 0.5)))


def write(folder: Path, name: str, texts: Iterable[Mapping[str, float]]) -> None:
    """Write postings of `texts`, each a mapping of its terms to how often they count, to `folder` under `name`."""
    vocabulary: dict[bytes, int] = {}
    terms, rows, counts, lengths = array("i"), array("i"), array("f"), array("f")
    for row, text in enumerate(texts):
        for term, count in text.items():
            terms.append(vocabulary.setdefault(_key(term), len(vocabulary)))
            rows.append(row)
            counts.append(count)
        lengths.append(sum(text.values()))
    alphabet = np.array(list(vocabulary), dtype=f"S{TERM_BYTES}")
    order = np.argsort(alphabet)
    rank = np.empty(len(alphabet), dtype=np.int32)
    rank[order] = np.arange(len(alphabet), dtype=np.int32)
    numbers = rank[np.frombuffer(terms, dtype=np.int32)]
    found = np.frombuffer(rows, dtype=np.int32)
    weights = _saturate(
        np.frombuffer(counts, dtype=np.float32), np.frombuffer(lengths, dtype=np.float32), found
    )
    by_term = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(alphabet)), dtype=np.int64)
    parts = {
        "terms": alphabet[order],
        "starts": np.concatenate([np.zeros(1, dtype=np.int64), ends]),
        "rows": found[by_term],
        "weights": weights[by_term],
        "size": np.array(len(lengths)),
    }
    for part, values in parts.items():
        np.save(folder / f"{name}-{part}.npy", values)


def _saturate(
    counts: NDArray[np.float32], lengths: NDArray[np.float32], rows: NDArray[np.int32]
) -> NDArray[np.float32]:
    """BM25's weight of each posting without the inverse frequency: repeats count ever less, long texts are held back."""
    average = float(lengths.mean()) if lengths.any() else 1.0
    held_back = K1 * (1 - B + B * lengths / average)
    return (counts * (K1 + 1) / (counts + held_back[rows])).astype(np.float32)


def _key(term: str) -> bytes:
    """A term as stored: UTF-8, cut to a fixed width."""
    return term.encode("utf-8")[:TERM_BYTES]
