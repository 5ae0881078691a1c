"""From passages to passages with vectors, embedding only what has no vector yet, and losing nothing when interrupted.

Finished batches are kept in a staging folder until the generation they were made for is in place; a run that was cut off finds them there.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from retrieval.embeddings import Embedder, SpanEmbedder, Spans, Vectors
from retrieval.snapshot import Embedded
from retrieval.words import plain

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.passages import Passage

BATCH = 1024
"""Passages embedded between two writes to the staging folder: what a crash can cost."""

Known: TypeAlias = Callable[[str], tuple[Vectors, Vectors] | None]
"""Looks up by key the vector of a passage and those of its sentences."""

Report: TypeAlias = Callable[[int, int, float], None]
"""Told (passages done, passages in all, passages a second) as indexing goes on."""


def text_of(passage: Passage) -> tuple[str, Spans]:
    """The words that are embedded (title, headings, text) and where in them the passage's sentences are."""
    heading = ". ".join(part for part in (passage.title, passage.section.replace(" > ", ". ")) if part)
    prefix = f"{heading}. " if heading else ""
    spans: list[tuple[int, int]] = []
    at = 0
    for sentence in passage.sentences or (passage.text,):
        found = passage.text.find(sentence, at)
        start = found if found >= 0 else at
        at = min(start + len(sentence), len(passage.text))
        spans.append((len(prefix) + start, len(prefix) + at))
    return prefix + passage.text, spans


def key_of(passage: Passage) -> str:
    """Hash of all that is embedded of a passage: equal keys have equal vectors."""
    text, spans = text_of(passage)
    embedded = "\0".join((text, str(spans), *passage.asked))
    return hashlib.sha256(embedded.encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(slots=True)
class Staging:
    """Vectors of an unfinished run, one file a batch, for one embedder."""

    folder: Path

    def load(self) -> dict[str, tuple[Vectors, Vectors]]:
        """All staged vectors by key; a file that was cut off is deleted."""
        found: dict[str, tuple[Vectors, Vectors]] = {}
        for path in sorted(self.folder.glob("*.npz")):
            with np.load(path) as stored:
                starts = stored["starts"]
                for row, key in enumerate(stored["keys"]):
                    sentences = stored["sentences"][starts[row] : starts[row + 1]]
                    found[key.decode()] = (stored["vectors"][row], sentences)
        return found

    def save(self, keys: Sequence[str], vectors: Vectors, sentences: Sequence[Vectors]) -> None:
        """Keep a finished batch; the file appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".{os.getpid()}.tmp"
        with beside.open("wb") as file:
            np.savez(
                file,
                keys=np.array([key.encode() for key in keys], dtype="S24"),
                vectors=vectors,
                sentences=np.concatenate(sentences),
                starts=np.cumsum([0, *map(len, sentences)]),
            )
        beside.rename(self.folder / f"{keys[0]}.npz")

    def clear(self) -> None:
        """Forget all batches."""
        for path in self.folder.glob("*.npz"):
            path.unlink()


def embed(
    passages: Sequence[Passage],
    embedder: Embedder,
    *,
    known: Known,
    staging: Staging,
    report: Report | None = None,
) -> list[Embedded]:
    """All `passages` with their vectors, in the order given: those `known`, those staged, and the rest embedded now."""
    keys = [key_of(passage) for passage in passages]
    found = staging.load()
    missing: dict[str, Passage] = {}
    for passage, key in zip(passages, keys, strict=True):
        if key not in found and key not in missing:
            old = known(key)
            if old is None:
                missing[key] = passage
            else:
                found[key] = old
    found |= _embed_missing(missing, embedder, staging, report)
    return [Embedded(passage, key, *found[key]) for passage, key in zip(passages, keys, strict=True)]


def _embed_missing(
    missing: Mapping[str, Passage], embedder: Embedder, staging: Staging, report: Report | None
) -> Iterator[tuple[str, tuple[Vectors, Vectors]]]:
    """Embed and stage batch by batch."""
    began, before = time.perf_counter(), 0
    items = list(missing.items())
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]

        def progress(done: int, _: int, before: int = start) -> None:
            if report is not None:
                report(before + done, len(items), (before + done) / max(time.perf_counter() - began, 1e-9))

        texts, spans = zip(*(text_of(passage) for _, passage in batch), strict=True)
        vectors, sentences = _vectors(embedder, texts, spans, progress)
        sentences = _with_ways([passage for _, passage in batch], sentences, embedder)
        keys = [key for key, _ in batch]
        staging.save(keys, vectors, sentences)
        yield from zip(keys, zip(vectors, sentences, strict=True), strict=True)
        before += len(batch)


def _with_ways(passages: Sequence[Passage], sentences: list[Vectors], embedder: Embedder) -> list[Vectors]:
    """The vectors of each passage's sentences, and behind them those of the ways to ask for it, as questions are embedded."""
    places: dict[str, int] = {}
    for passage in passages:
        for way in passage.asked:
            places.setdefault(way, len(places))
    if not places:
        return sentences
    ways = embedder.embed([plain(way) for way in places])
    return [
        np.concatenate([found, ways[[places[way] for way in passage.asked]]]) if passage.asked else found
        for passage, found in zip(passages, sentences, strict=True)
    ]


def _vectors(
    embedder: Embedder, texts: Sequence[str], spans: Sequence[Spans], progress: Callable[[int, int], None]
) -> tuple[Vectors, list[Vectors]]:
    """Vectors of texts and of their spans: from one pass where the embedder can, else the spans as texts of their own."""
    if isinstance(embedder, SpanEmbedder):
        return embedder.embed_spans(texts, spans, progress=progress)
    vectors = embedder.embed(texts, progress=progress)
    pieces = [text[start:end] for text, ranges in zip(texts, spans, strict=True) for start, end in ranges]
    inside = embedder.embed(pieces) if pieces else vectors[:0]
    return vectors, np.split(inside, np.cumsum([len(ranges) for ranges in spans])[:-1])
