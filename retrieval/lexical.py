"""BM25 over memory-mapped arrays: small to open, light to keep, fast to score.

Postings lie in one flat array in the order of the terms, each with the part of the BM25 weight that does not depend on the rest of the
corpus. The inverse document frequency is applied when searching, so that a guild's corpus and the shared one can be searched as if they
were one, without either ever being stored with the other.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

K1 = 1.2
"""How soon repeats of a word stop counting."""
B = 0.75
"""How much long texts are held back."""
TERM_BYTES = 32
"""Terms are cut here: they live in an array of equal widths, so that opening the vocabulary costs nothing."""


class Lexical:
    """Postings of one set of texts, opened from disk."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open what `write` left in `folder` under `name`."""
        self._terms = np.load(folder / f"{name}-terms.npy", mmap_mode="r")
        self._starts = np.load(folder / f"{name}-starts.npy", mmap_mode="r")
        self._rows = np.load(folder / f"{name}-rows.npy", mmap_mode="r")
        self._weights = np.load(folder / f"{name}-weights.npy", mmap_mode="r")
        self.size = int(np.load(folder / f"{name}-size.npy"))

    def find(self, terms: Iterable[str]) -> dict[str, int]:
        """The numbers of those `terms` that occur here."""
        wanted = sorted(set(terms))
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
        for number, weight in weights.items():
            start, end = int(self._starts[number]), int(self._starts[number + 1])
            # A text occurs once in a term's postings, so that plain indexed addition is enough.
            scores[self._rows[start:end]] += np.float32(weight) * self._weights[start:end]
        return scores


def inverse_frequency(frequency: int, size: int) -> float:
    """How telling a term is that occurs in `frequency` of `size` texts; never negative."""
    return float(np.log1p((size - frequency + 0.5) / (frequency + 0.5)))


def write(folder: Path, name: str, texts: Iterable[Mapping[str, float]]) -> None:
    """Write postings of `texts`, each a mapping of its terms to how often they count, to `folder` under `name`."""
    vocabulary: dict[bytes, int] = {}
    numbers, rows, counts, lengths = array("i"), array("i"), array("f"), array("f")
    for row, text in enumerate(texts):
        length = 0.0
        for term, count in text.items():
            numbers.append(vocabulary.setdefault(_key(term), len(vocabulary)))
            rows.append(row)
            counts.append(count)
            length += count
        lengths.append(length)
    _save(
        folder,
        name,
        vocabulary,
        *(np.frombuffer(part, dtype=part.typecode) for part in (numbers, rows, counts, lengths)),
    )


def _save(
    folder: Path,
    name: str,
    vocabulary: dict[bytes, int],
    numbers: NDArray[np.int32],
    rows: NDArray[np.int32],
    counts: NDArray[np.float32],
    lengths: NDArray[np.float32],
) -> None:
    """Sort the postings by term, weigh them and write all arrays."""
    terms = np.array(list(vocabulary), dtype=f"S{TERM_BYTES}")
    alphabetical = np.argsort(terms)
    rank = np.empty(len(terms), dtype=np.int32)
    rank[alphabetical] = np.arange(len(terms), dtype=np.int32)
    numbers = rank[numbers] if len(numbers) else numbers
    order = np.argsort(numbers, kind="stable")
    average = float(lengths.mean()) if len(lengths) and lengths.any() else 1.0
    held_back = K1 * (1 - B + B * lengths[rows] / average)
    weights = counts * (K1 + 1) / (counts + held_back) if len(counts) else counts
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    np.cumsum(np.bincount(numbers, minlength=len(terms)), out=starts[1:])
    np.save(folder / f"{name}-terms.npy", terms[alphabetical])
    np.save(folder / f"{name}-starts.npy", starts)
    np.save(folder / f"{name}-rows.npy", rows[order].astype(np.int32))
    np.save(folder / f"{name}-weights.npy", weights[order].astype(np.float32))
    np.save(folder / f"{name}-size.npy", np.int64(len(lengths)))


def _key(term: str) -> bytes:
    """A term as stored: UTF-8, cut to a fixed width."""
    return term.encode("utf-8")[:TERM_BYTES]
