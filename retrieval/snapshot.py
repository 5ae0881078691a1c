"""What a search reads: one generation of one scope's passages, as flat files that are mapped into memory.

A snapshot is never changed. `retrieval.index` writes the next one beside it and then moves one pointer.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.passages import Passage
from retrieval import lexical
from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.embeddings import Vectors

FORMAT = 1
"""Raised when the files, the words of a passage that are embedded, or the way they are split into terms change."""

TITLE_WEIGHT = 1.0
SECTION_WEIGHT = 1.0
"""How often a word of the title or of the headings counts, beside once for a word of the text."""

GATES: Mapping[str, int] = {"NONE": 0, "CAUTION": 1, "REFER": 2, "URGENT": 3, "EMERGENCY": 4}
"""Order of the tiers by name, as in `safety`, which retrieval does not import."""
OPEN = 255
"""Gate of a passage that is never hidden."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage with its vector (d,) and the vectors of its sentences (s, d); none where it has one sentence."""

    passage: Passage
    key: str
    """Hash of all that was embedded: the same key, the same vectors."""
    vector: Vectors
    sentences: Vectors


class Snapshot:
    """One generation, opened. Safe to read from many threads."""

    def __init__(self, folder: Path) -> None:
        """Map the files in `folder`; raises `FileNotFoundError` where one is missing."""
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        self.size: int = self.meta["passages"]
        self.vectors = self._map("vectors")
        self.document_vectors = self._map("document-vectors")
        self.owners = self._map("owners")
        self.document_starts = self._map("document-starts")
        self.gates = self._map("gates")
        self.sentence_vectors = self._map("sentence-vectors")
        self.sentence_starts = self._map("sentence-starts")
        self.passage_moments = self._map("passage-moments")
        self.document_moments = self._map("document-moments")
        self.passage_terms = lexical.Lexical(folder, "passage")
        self.document_terms = lexical.Lexical(folder, "document")
        self._records = self._map("records")
        self._record_starts = self._map("record-starts")

    def _map(self, name: str) -> NDArray[Any]:
        # An empty file cannot be mapped; an empty array is read instead.
        path = self.folder / f"{name}.npy"
        try:
            return np.asarray(np.load(path, mmap_mode="r"))
        except ValueError:
            return np.asarray(np.load(path))

    @property
    def fingerprint(self) -> str:
        """Of corpus, splitter and model together."""
        return str(self.meta["fingerprint"])

    @property
    def documents(self) -> list[str]:
        """Ids of the documents, in the order of `document_vectors`."""
        return [self.passage(int(start)).document for start in self.document_starts[:-1]]

    def passage(self, row: int) -> Passage:
        """The passage of a row, read from disk."""
        start, end = int(self._record_starts[row]), int(self._record_starts[row + 1])
        return _decode(self._records[start:end].tobytes())

    def passages(self) -> Iterator[Passage]:
        """All passages, in the order of their rows."""
        return (self.passage(row) for row in range(self.size))

    def sentences(self, row: int) -> Vectors:
        """Vectors of a passage's sentences, float32 (s, d); the passage's own where it has only one."""
        start, end = int(self.sentence_starts[row]), int(self.sentence_starts[row + 1])
        if start == end:
            return np.asarray(self.vectors[row : row + 1], dtype=np.float32)
        return np.asarray(self.sentence_vectors[start:end], dtype=np.float32)

    def embedded(self, row: int) -> Embedded:
        """A passage with its vectors, as it was given to `write`."""
        start, end = int(self.sentence_starts[row]), int(self.sentence_starts[row + 1])
        sentences = np.asarray(self.sentence_vectors[start:end], dtype=np.float32)
        return Embedded(self.passage(row), self.keys[row].decode(), np.asarray(self.vectors[row]), sentences)

    @cached_property
    def keys(self) -> NDArray[np.bytes_]:
        """Keys of the vectors, in the order of the rows."""
        return self._map("keys")

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row by passage id."""
        return {passage.id: row for row, passage in enumerate(self.passages())}


def gate_level(gate: str | None) -> int:
    """The tier at and above which a passage is hidden, as a number; `OPEN` for none. Raises `ValueError` on an unknown name."""
    if gate is None:
        return OPEN
    try:
        return GATES[gate]
    except KeyError:
        raise ValueError(f"unknown gate {gate!r}: one of {', '.join(GATES)}") from None


def write(folder: Path, items: Sequence[Embedded], *, dimensions: int, meta: Mapping[str, Any]) -> None:
    """Write a generation of `items`, which must be sorted by document, into the empty `folder`."""
    passages = [item.passage for item in items]
    starts, owners = _documents(passages)
    vectors = np.stack([item.vector for item in items]) if items else np.empty((0, dimensions))
    _save(folder, "vectors", vectors.astype(np.float32))
    document_vectors = vectors[starts[:-1]]
    _save(folder, "document-vectors", document_vectors.astype(np.float32))
    _save(folder, "passage-moments", _moments(vectors, dimensions))
    _save(folder, "document-moments", _moments(document_vectors, dimensions))
    _save(folder, "owners", owners)
    _save(folder, "document-starts", starts)
    _save(folder, "gates", np.array([gate_level(passage.gate) for passage in passages], dtype=np.uint8))
    _save(folder, "keys", np.array([item.key.encode() for item in items], dtype="S24"))
    _save(folder, "sentence-starts", np.cumsum([0, *(len(item.sentences) for item in items)], dtype=np.int64))
    many = [item.sentences for item in items if len(item.sentences)]
    _save(folder, "sentence-vectors", (np.concatenate(many) if many else vectors[:0]).astype(np.float16))
    records = [_encode(passage) for passage in passages]
    _save(folder, "record-starts", np.cumsum([0, *map(len, records)], dtype=np.int64))
    _save(folder, "records", np.frombuffer(b"".join(records), dtype=np.uint8))
    lexical.write(folder, "passage", (_passage_terms(passage) for passage in passages))
    lexical.write(
        folder,
        "document",
        (_document_terms(list(group)) for _, group in groupby(passages, lambda p: p.document)),
    )
    (folder / "meta.json").write_text(
        json.dumps({**meta, "format": FORMAT, "passages": len(items), "documents": len(starts) - 1}), "utf-8"
    )


def _documents(passages: Sequence[Passage]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each document's passages start (one more than there are documents), and the document of each passage."""
    sizes = [len(list(group)) for _, group in groupby(passages, lambda passage: passage.document)]
    starts = np.cumsum([0, *sizes], dtype=np.int64)
    return starts, np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def _moments(vectors: NDArray[Any], dimensions: int) -> Vectors:
    """The mean vector (first row) and the mean outer product (d rows).

    From them follow the mean and spread of the cosines of any question with all of `vectors`, without looking at each.
    """
    if not len(vectors):
        return np.zeros((dimensions + 1, dimensions), dtype=np.float32)
    return np.vstack([vectors.mean(axis=0), vectors.T @ vectors / len(vectors)]).astype(np.float32)


def _passage_terms(passage: Passage) -> Counter[str]:
    """Weighted counts of the terms of one passage with its title and headings."""
    return _weighted(passage.title, [passage.section], [passage.text])


def _document_terms(passages: Sequence[Passage]) -> Counter[str]:
    """Weighted counts of the terms of a whole document."""
    return _weighted(passages[0].title, sorted({p.section for p in passages}), [p.text for p in passages])


def _weighted(title: str, sections: Sequence[str], texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for parts, weight in (((title,), TITLE_WEIGHT), (sections, SECTION_WEIGHT), (texts, 1.0)):
        for term in (term for part in parts for term in terms(part)):
            counts[term] += weight  # type: ignore[assignment]  # a fraction is as good a count as a number
    return counts


def _save(folder: Path, name: str, values: NDArray[Any]) -> None:
    np.save(folder / f"{name}.npy", values)


def _encode(passage: Passage) -> bytes:
    return json.dumps(asdict(passage), ensure_ascii=True).encode()


def _decode(record: bytes) -> Passage:
    fields = json.loads(record)
    return Passage(**{**fields, "sentences": tuple(fields["sentences"])})
