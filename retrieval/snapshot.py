"""What a search reads: one generation of one scope's passages, as flat files that are mapped into memory.

A snapshot is never changed. `retrieval.index` writes the next one beside it and then moves one pointer.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache, partial
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.passages import Passage
from retrieval import lexical, lists
from retrieval.fusion import moments
from retrieval.lists import Lists
from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.embeddings import Vectors

FORMAT = 4
"""Raised when the files, the words of a passage that are embedded, or the way they are split into terms change."""

DOCUMENT_TITLE = 2
"""How often a word of the title counts in its document, where it stands once; in a passage it counts once."""

KEPT = 2_048
"""Passages kept decoded: a bot is asked about the same few things again and again."""

OPENING = 900
"""Characters from a document's start that stand for all of it: the mean vector of the passages there."""

FEW = 8_192
"""Sentences up to which their vectors are kept as float32 (12 MB): to widen those of a question's candidates takes 0.2 ms each time."""

REDUCED = 64
"""Leading directions of the corpus in which all passages are compared first; the best are then compared in full."""

GATES: Mapping[str, int] = {"NONE": 0, "CAUTION": 1, "REFER": 2, "URGENT": 3, "EMERGENCY": 4}
"""Order of the tiers by name, as in `safety`, which retrieval does not import."""
OPEN = 255
"""Gate of a passage that is never hidden."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage with its vector (d,) and those of its sentences, at least one, and of the ways to ask for it (s, d)."""

    passage: Passage
    key: str
    """Hash of all that was embedded: the same key, the same vectors."""
    vector: Vectors
    sentences: Vectors


class FormatError(RuntimeError):
    """A snapshot was written by another version."""


class Snapshot:
    """One generation, opened. Safe to read from many threads."""

    def __init__(self, folder: Path) -> None:
        """Map the files in `folder`; raises `FileNotFoundError` where one is missing, `FormatError` for another format."""
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        if self.meta["format"] != FORMAT:
            raise FormatError(
                f"{folder.name} has format {self.meta['format']}, this version reads {FORMAT}: index again"
            )
        self.size: int = self.meta["passages"]
        self.vectors = self._map("vectors")
        self.basis = self._map("basis")
        self.lists = Lists(*(self._map(f"list-{part}") for part in ("middles", "starts", "rows", "reduced")))
        self.document_vectors = self._map("document-vectors")
        self.owners = self._map("owners")
        self.document_starts = self._map("document-starts")
        self.gates = self._map("gates")
        sentences = self._map("sentence-vectors")
        self.sentence_vectors = sentences.astype(np.float32) if len(sentences) <= FEW else sentences
        self.sentence_starts = self._map("sentence-starts")
        self.passage_moments = self._map("passage-moments")
        self.sentence_moments = self._map("sentence-moments")
        self.document_moments = self._map("document-moments")
        self.passage_terms = lexical.Lexical(folder, "passage-words")
        self.document_terms = lexical.Lexical(folder, "document-words")
        self._document_ids = self._map("document-ids")
        self._texts = self._map("texts")
        self._text_starts = self._map("text-starts")
        self._kept = lru_cache(KEPT)(partial(_read, self._texts, self._text_starts))

    def _map(self, name: str) -> NDArray[Any]:
        return lexical.open_array(self.folder / f"{name}.npy")

    @property
    def fingerprint(self) -> str:
        """Of corpus, splitter and model together."""
        return str(self.meta["fingerprint"])

    def documents(self, numbers: NDArray[Any]) -> list[str]:
        """Ids of documents, by their places in `document_vectors`."""
        return [name.decode() for name in self._document_ids[numbers].tolist()]

    def passage(self, row: int) -> Passage:
        """The passage of a row; the ones often found are kept at hand."""
        return self._kept(row)

    def passages(self) -> Iterator[Passage]:
        """All passages, in the order of their rows."""
        return (_read(self._texts, self._text_starts, row) for row in range(self.size))

    def sentences(self, row: int) -> Vectors:
        """Vectors of a passage's sentences and of the ways to ask for it, float32 (s, d)."""
        start, end = int(self.sentence_starts[row]), int(self.sentence_starts[row + 1])
        return np.asarray(self.sentence_vectors[start:end], dtype=np.float32)

    @cached_property
    def keys(self) -> NDArray[np.bytes_]:
        """Keys of the vectors, in the order of the rows."""
        return self._map("keys")

    @cached_property
    def records(self) -> NDArray[np.bytes_]:
        """Ids of the passages' records in Chroma, in the order of the rows."""
        return self._map("record-ids")


def gate_level(gate: str | None) -> int:
    """The tier at and above which a passage is hidden, as a number; `OPEN` for none. Raises `ValueError` on an unknown name."""
    if gate is None:
        return OPEN
    try:
        return GATES[gate]
    except KeyError:
        raise ValueError(f"unknown gate {gate!r}: one of {', '.join(GATES)}") from None


def record_id(passage: Passage) -> str:
    """Id of a passage's record: a hash of all its fields, so that one changed in any way is another record."""
    return hashlib.sha256(repr(passage).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def write(folder: Path, items: Sequence[Embedded], *, dimensions: int, meta: Mapping[str, Any]) -> None:
    """Write a generation of `items`, which must be sorted by document, into the empty `folder`."""
    passages = [item.passage for item in items]
    starts = _write_rows(folder, passages, [item.key for item in items])
    _write_vectors(folder, items, starts, dimensions)
    lexical.write(folder, "passage-words", (_terms(passage.title, [passage]) for passage in passages))
    groups = (list(group) for _, group in groupby(passages, lambda passage: passage.document))
    lexical.write(
        folder, "document-words", (_terms(group[0].title, group, DOCUMENT_TITLE) for group in groups)
    )
    sizes = {"format": FORMAT, "passages": len(items), "documents": len(starts) - 1}
    (folder / "meta.json").write_text(json.dumps({**meta, **sizes}), "utf-8")


def _write_rows(folder: Path, passages: Sequence[Passage], keys: Sequence[str]) -> NDArray[np.int64]:
    """Write what is known of each passage beside its vectors; returns where each document starts."""
    starts, owners = _documents(passages)
    _save(folder, "owners", owners)
    _save(folder, "document-starts", starts)
    names = [passages[start].document.encode() for start in starts[:-1].tolist()]
    _save(folder, "document-ids", np.array(names, dtype=None if names else "S1"))
    _save(folder, "gates", np.array([gate_level(passage.gate) for passage in passages], dtype=np.uint8))
    _save(folder, "keys", np.array([key.encode() for key in keys], dtype="S24"))
    records = np.array([record_id(passage).encode() for passage in passages], dtype="S24")
    _save(folder, "record-ids", records)
    texts = [_encode(passage) for passage in passages]
    _save(folder, "text-starts", np.cumsum([0, *map(len, texts)], dtype=np.int64))
    _save(folder, "texts", np.frombuffer(b"".join(texts), dtype=np.uint8))
    return starts


def _write_vectors(
    folder: Path, items: Sequence[Embedded], starts: NDArray[np.int64], dimensions: int
) -> None:
    """Write the vectors of passages, sentences and documents, and what follows from them."""
    vectors = np.empty((len(items), dimensions), dtype=np.float32)
    for row, item in enumerate(items):
        vectors[row] = item.vector
    _save(folder, "vectors", vectors)
    _save(folder, "passage-moments", moments(vectors, REDUCED))
    basis = np.linalg.eigh(vectors.T @ vectors)[1][:, -REDUCED:].astype(np.float32)
    _save(folder, "basis", basis)
    sorted_into = lists.build(vectors @ basis)
    _save(folder, "list-middles", sorted_into.middles)
    _save(folder, "list-starts", sorted_into.starts)
    _save(folder, "list-rows", sorted_into.rows)
    _save(folder, "list-reduced", sorted_into.reduced)
    documents = _openings(vectors, [len(item.passage.text) for item in items], starts)
    _save(folder, "document-vectors", documents)
    _save(folder, "document-moments", moments(documents, REDUCED))
    _save(folder, "sentence-starts", np.cumsum([0, *(len(item.sentences) for item in items)], dtype=np.int64))
    sentences = np.concatenate([item.sentences for item in items]) if items else vectors
    _save(folder, "sentence-moments", moments(sentences, REDUCED))
    _save(folder, "sentence-vectors", sentences.astype(np.float16))


def _openings(vectors: Vectors, lengths: Sequence[int], starts: NDArray[np.int64]) -> Vectors:
    """The mean vector of each document's opening, at length one."""
    found = np.empty((len(starts) - 1, vectors.shape[1]), dtype=np.float32)
    for document, (start, end) in enumerate(pairwise(starts.tolist())):
        until, room = start + 1, OPENING - lengths[start]
        while until < end and room > 0:
            room -= lengths[until]
            until += 1
        mean = vectors[start:until].sum(axis=0)
        found[document] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found


def _documents(passages: Sequence[Passage]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each document's passages start (one more than there are documents), and the document of each passage."""
    sizes = [len(list(group)) for _, group in groupby(passages, lambda passage: passage.document)]
    starts = np.cumsum([0, *sizes], dtype=np.int64)
    return starts, np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def _terms(title: str, passages: Sequence[Passage], title_weight: int = 1) -> Counter[str]:
    """Counts of the terms of some passages of one document, with the title and each heading and sentence once.

    Once, because cut passages overlap: what lies in two of them is still said once. Of all ways to ask for a passage a term counts once: they
    say the same over and over.
    """
    counts = Counter({term: count * title_weight for term, count in Counter(terms(title)).items()})
    headings = (passage.section for passage in passages)
    sentences = (sentence for passage in passages for sentence in passage.sentences or (passage.text,))
    for text in dict.fromkeys((*headings, *sentences)):
        counts.update(terms(text))
    counts.update({term for passage in passages for way in passage.asked for term in terms(way)})
    return counts


def _save(folder: Path, name: str, values: NDArray[Any]) -> None:
    np.save(folder / f"{name}.npy", values)


def _encode(passage: Passage) -> bytes:
    return json.dumps(asdict(passage), ensure_ascii=True).encode()


def _read(texts: NDArray[np.uint8], starts: NDArray[np.int64], row: int) -> Passage:
    """The passage of a row, from disk."""
    return _decode(texts[int(starts[row]) : int(starts[row + 1])].tobytes())


def _decode(record: bytes) -> Passage:
    fields = json.loads(record)
    return Passage(**{**fields, "sentences": tuple(fields["sentences"]), "asked": tuple(fields["asked"])})
