"""What turns text into vectors, and the choice of it by one setting.

`SPOTTER_EMBEDDINGS` is "minilm" (the packaged all-MiniLM-L6-v2 as int8 ONNX, the default), "minilm-fp32" (the same weights unrounded), or
the name or path of any sentence-transformers model, which is then run by sentence-transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path

Vectors: TypeAlias = NDArray[np.float32]
"""Float32; (n, d) for texts, (d,) for a question; every row of length one."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """What one pass over a text gives."""

    vector: Vectors
    """(d,), of length one."""
    states: Vectors | None
    """(t, d), what a middle layer makes of each of its t word pieces, both ends included; None from a model that is not the packaged one."""


Spans: TypeAlias = Sequence[tuple[int, int]]
"""Character ranges (start, end) in a text."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told (texts done, texts in all) after every batch."""


@runtime_checkable
class Embedder(Protocol):
    """Text to vectors of length one. Same name and fingerprint: same vectors."""

    name: str
    dimensions: int

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would; part of the index's fingerprint."""
        ...

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of `texts`, float32 (n, d), rows of length one."""
        ...


@runtime_checkable
class SpanEmbedder(Embedder, Protocol):
    """An embedder that can also give the vectors of the sentences inside a text, from the same pass."""

    def embed_spans(
        self, texts: Sequence[str], spans: Sequence[Spans], *, progress: Progress | None = None
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of `texts` (n, d), and for each text the vectors of its character spans (s, d)."""
        ...


@runtime_checkable
class StateEmbedder(Embedder, Protocol):
    """An embedder that can also give the states of a text's word pieces, from the same pass."""

    def read(self, text: str) -> Embedding:
        """The vector of `text` and the states of its word pieces."""
        ...


def read(embedder: Embedder, text: str) -> Embedding:
    """One text's vector, and its states where the embedder can give them."""
    if isinstance(embedder, StateEmbedder):
        return embedder.read(text)
    return Embedding(np.asarray(embedder.embed([text])[0], dtype=np.float32), None)


def load(setting: str, data_dir: Path, *, threads: int = 1) -> Embedder:
    """The embedder a setting names: "minilm", "minilm-fp32" or a sentence-transformers model.

    The packaged model is built under `data_dir` the first time (about 15 s; `retrieval.build`). `threads` is how many batches are embedded
    side by side when there are many texts; one question always takes one thread. Raises `retrieval.build.BuildError` when the build fails.
    """
    if setting in ("", "minilm", "minilm-fp32"):
        from retrieval.onnx import FLOAT_FILE, INT8_FILE, OnnxEmbedder

        folder = _built(data_dir)
        file = FLOAT_FILE if setting == "minilm-fp32" else INT8_FILE
        return OnnxEmbedder(folder, file=file, name=setting or "minilm", threads=threads)
    return SentenceTransformersEmbedder(setting, threads=threads)


def _built(data_dir: Path) -> Path:
    """The model folder; the build module, which knows torch, is only imported when there is nothing built."""
    from retrieval.onnx import MODEL_FORMAT, MODEL_NAME, read_manifest

    folder = data_dir / "models" / MODEL_NAME
    if read_manifest(folder).get("format") == MODEL_FORMAT:
        return folder
    from retrieval.build import build

    return build(data_dir)


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, by name or path. Needs torch: seconds to load, hundreds of MB."""

    def __init__(self, model: str, *, threads: int = 1) -> None:
        """Load `model` on the CPU."""
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        self.name = model
        self._model = SentenceTransformer(model, device="cpu")
        self.dimensions = int(self._model.get_embedding_dimension() or self.embed(["probe"]).shape[1])

    @property
    def fingerprint(self) -> str:
        """The model's name and how it sees one probe: a changed model behind the same name changes it."""
        probe: Any = np.round(self.embed(["How deep should I squat?"])[0, :8], 3)
        return f"{self.name}:{probe.tolist()}"

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of `texts`; sorted by length inside sentence-transformers."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        out: list[Any] = []
        step = 1024
        for start in range(0, len(texts), step):
            part = list(texts[start : start + step])
            out.append(
                self._model.encode(
                    part, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
                )
            )
            if progress is not None:
                progress(min(start + step, len(texts)), len(texts))
        return np.concatenate(out).astype(np.float32, copy=False)
