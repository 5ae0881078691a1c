"""Run the exported model on ONNX Runtime: no torch, about 0.2 s to load and 3 ms a question.

One thread per question: two threads on two shared cores were measured 5 to 30 times slower. Indexing runs several batches side by side,
each on one thread, made of texts of similar length so that little padding is computed.

int8 activations are rounded by batch, so a text's vector depends a little (cosine above 0.99) on what it was embedded with.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from retrieval.embeddings import Embedding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tokenizers import Encoding, Tokenizer

    from retrieval.embeddings import Progress, Spans, Vectors

MODEL_NAME = "all-MiniLM-L6-v2"
MODEL_FORMAT = 2
"""Raised when the graph or its files change shape: an older build is then made anew."""

STATES_LAYER = 3
"""The layer of six whose states of the word pieces are offered beside the vector: it still knows "no" and "both", which the last one, trained for
likeness of meaning, has smoothed away (deploy/decisions/0006)."""

FLOAT_FILE = "model.onnx"
INT8_FILE = "model-int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"

BATCH_TOKENS = 2048
"""Tokens in a batch, padding included: enough to fill the cores, little enough to stay in their caches."""


class OnnxEmbedder:
    """An `Embedder` and `SpanEmbedder` over a folder made by `retrieval.build`."""

    def __init__(
        self,
        folder: Path,
        *,
        file: str = INT8_FILE,
        name: str = "minilm",
        threads: int = 1,
        max_tokens: int = 256,
    ) -> None:
        """Load the graph `file` and the tokenizer of `folder`; `max_tokens` is where texts are cut."""
        import onnxruntime
        from tokenizers import Tokenizer

        self.name = name
        self.max_tokens = max_tokens
        self._threads = threads
        self._path = folder / file
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        # The packaged tokenizer pads and cuts every text at 128 tokens by itself; the model is trained for 256.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(self._path), options, providers=["CPUExecutionProvider"]
        )
        self._fingerprint: str | None = None
        self.dimensions = int(self._session.get_outputs()[0].shape[1])

    @property
    def fingerprint(self) -> str:
        """Names the weights: a hash over the graph file, taken once."""
        if self._fingerprint is None:
            digest = hashlib.sha256(self._path.read_bytes()).hexdigest()[:16]
            self._fingerprint = f"{self.name}:{digest}:{self.max_tokens}"
        return self._fingerprint

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of `texts`, float32 (n, d), each of length one; `progress` is told (done, total)."""
        if len(texts) == 1:
            (vectors,) = self._run(self._tokenizer.encode_batch(list(texts)), ["embedding"])
            return vectors
        out = np.empty((len(texts), self.dimensions), dtype=np.float32)

        def place(rows: list[int], encodings: list[Encoding]) -> int:
            (out[rows],) = self._run(encodings, ["embedding"])
            return len(rows)

        self._each(texts, place, progress)
        return out

    def read(self, text: str) -> Embedding:
        """The vector of `text` and the states of its word pieces, from one pass."""
        vectors, states = self._run(self._tokenizer.encode_batch([text]), ["embedding", "states"])
        return Embedding(vectors[0], states[0])

    def read_all(self, texts: Sequence[str]) -> list[Embedding]:
        """`read` for many texts, in batches of similar length."""
        out = [Embedding(np.empty(0, np.float32), None)] * len(texts)

        def place(rows: list[int], encodings: list[Encoding]) -> int:
            vectors, states = self._run(encodings, ["embedding", "states"])
            for at, row in enumerate(rows):
                out[row] = Embedding(vectors[at], states[at, : len(encodings[at].ids)].copy())
            return len(rows)

        self._each(texts, place, None)
        return out

    def embed_spans(
        self, texts: Sequence[str], spans: Sequence[Spans], *, progress: Progress | None = None
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of `texts`, and of the character `spans` of each: the mean of the span's tokens, seen in their context.

        A span past the cut at `max_tokens` gets the vector of its text.
        """
        out = np.empty((len(texts), self.dimensions), dtype=np.float32)
        inside: list[Vectors] = [out[:0]] * len(texts)

        def place(rows: list[int], encodings: list[Encoding]) -> int:
            vectors, tokens = self._run(encodings, ["embedding", "tokens"])
            out[rows] = vectors
            for at, row in enumerate(rows):
                inside[row] = _pool(tokens[at], encodings[at], spans[row], vectors[at])
            return len(rows)

        self._each(texts, place, progress)
        return out, inside

    def _each(
        self,
        texts: Sequence[str],
        place: Callable[[list[int], list[Encoding]], int],
        progress: Progress | None,
    ) -> None:
        """Run `place` over batches of similar length, `threads` of them side by side."""
        done = 0
        # Two batches on one thread each waste less than one batch on two threads: there is nothing to wait for in between.
        with ThreadPoolExecutor(self._threads) as pool:
            for count in pool.map(lambda batch: place(*batch), self._batches(texts)):
                done += count
                if progress is not None:
                    progress(done, len(texts))

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoding]]]:
        """Row numbers and encodings, of similar length, at most `BATCH_TOKENS` a batch with its padding."""
        # Characters stand for tokens in the outer order, so that tokenising can be done a slice at a time.
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), 2048):
            rows = order[start : start + 2048]
            encodings = self._tokenizer.encode_batch([texts[row] for row in rows])
            ranked = sorted(range(len(rows)), key=lambda at: -len(encodings[at].ids))
            at = 0
            while at < len(ranked):
                chosen = ranked[at : at + max(1, BATCH_TOKENS // len(encodings[ranked[at]].ids))]
                yield [rows[i] for i in chosen], [encodings[i] for i in chosen]
                at += len(chosen)

    def _run(self, encodings: Sequence[Encoding], outputs: list[str]) -> list[Vectors]:
        """One forward pass over a padded batch."""
        length = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), length), dtype=np.int64)
        mask = np.zeros((len(encodings), length), dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        return cast("list[Vectors]", self._session.run(outputs, {"input_ids": ids, "attention_mask": mask}))


def _pool(tokens: Vectors, encoding: Encoding, spans: Spans, whole: Vectors) -> Vectors:
    """Mean token vector of each span, at length one."""
    starts, ends = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2).T
    out = np.empty((len(spans), tokens.shape[1]), dtype=np.float32)
    for at, (start, end) in enumerate(spans):
        inside = np.flatnonzero((starts >= start) & (ends <= end) & (ends > starts))
        mean = tokens[inside].mean(axis=0) if len(inside) else whole
        out[at] = mean / np.linalg.norm(mean)
    return out


def read_manifest(folder: Path) -> dict[str, Any]:
    """The build's report (name, format, cosines) of a model folder; empty where nothing was built."""
    path = folder / MANIFEST_FILE
    return cast("dict[str, Any]", json.loads(path.read_text("utf-8"))) if path.is_file() else {}
