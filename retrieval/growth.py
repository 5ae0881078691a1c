"""How the index grows: `python -m retrieval.growth SIZE...` indexes made-up passages and times searches among them.

The texts draw words as often as English does (Zipf) and the vectors lie around topics, as those of real passages do; only the embedding of
passages is left out, which is linear anyway. Each size runs in a process of its own. A question's time includes the model's own pass.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.passages import Passage, passage_id
from retrieval import embeddings
from retrieval.bench import peak_rss_mb
from retrieval.index import Index
from retrieval.search import Retriever

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.embeddings import Progress, Spans, Vectors

DIMENSIONS = 384
TOPICS = 2_000
VOCABULARY = 200_000
WORDS = 40
"""Words a passage."""
PASSAGES_A_DOCUMENT = 20
QUESTIONS = 200


class TopicEmbedder:
    """Vectors around a topic that the text's first word names; the rest of the text sets the way off it."""

    name = "topics"
    dimensions = DIMENSIONS
    fingerprint = "topics:1"

    def __init__(self) -> None:
        self._topics = np.random.default_rng(1).standard_normal((TOPICS, DIMENSIONS)).astype(np.float32)

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of length one."""
        out = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
            topic = int(text.split("topic", 1)[1].split(" ", 1)[0])
            out[row] = self._topics[topic] + np.random.default_rng(seed).standard_normal(
                DIMENSIONS, dtype=np.float32
            )
        if progress is not None:
            progress(len(texts), len(texts))
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        return out

    def embed_spans(
        self, texts: Sequence[str], spans: Sequence[Spans], *, progress: Progress | None = None
    ) -> tuple[Vectors, list[Vectors]]:
        """Every span has the vector of its text."""
        vectors = self.embed(texts, progress=progress)
        return vectors, [
            np.repeat(vectors[row : row + 1], len(ranges), axis=0) for row, ranges in enumerate(spans)
        ]


def texts(count: int, words: int, seed: int) -> Iterator[str]:
    """Texts of a topic and words by Zipf's law."""
    rng = np.random.default_rng(seed)
    # The hundred most common words of a language are stop words, which lexical search leaves out.
    weights = 1 / np.arange(101, VOCABULARY + 101)
    chances = np.cumsum(weights / weights.sum())
    for start in range(0, count, 10_000):
        size = min(10_000, count - start)
        drawn = np.searchsorted(chances, rng.random((size, words)))
        topics = rng.integers(0, TOPICS, size)
        for topic, row in zip(topics, drawn, strict=True):
            yield f"topic{topic} " + " ".join(f"w{number}" for number in row)


def passages(count: int) -> Iterator[Passage]:
    """Made-up passages, twenty to a document."""
    for number, text in enumerate(texts(count, WORDS, seed=2)):
        document = f"d{number // PASSAGES_A_DOCUMENT:07d}"
        yield Passage(passage_id(document, text), document, "", "made up", "", "", text, (text,))


def measure(count: int, data_dir: Path) -> dict[str, float]:
    """Index `count` passages and ask questions, in this process; seconds, milliseconds, MB."""
    embedder = TopicEmbedder()
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        began = time.perf_counter()
        Index.open(Path(folder), embedder).update(passages(count))
        seconds = time.perf_counter() - began
        command = [
            sys.executable,
            "-m",
            "retrieval.growth",
            str(count),
            "--query",
            folder,
            "--data-dir",
            str(data_dir),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return {
        "passages": count,
        "index_seconds": round(seconds, 1),
        "passages_per_second": round(count / seconds),
        "index_rss_mb": peak_rss_mb(),
        "disk_mb": size // 2**20,
        **json.loads(done.stdout.splitlines()[-1]),
    }


def query(folder: Path, data_dir: Path) -> dict[str, float]:
    """Ask in a fresh process what was indexed in `folder`."""
    model = embeddings.load("minilm", data_dir)
    embedder = TopicEmbedder()
    retriever = Retriever(Index.open(folder, embedder))
    questions = list(texts(QUESTIONS, 8, seed=3))
    began = time.perf_counter()
    retriever.search(questions[0], vector=embedder.embed(questions[:1])[0])
    first = time.perf_counter() - began
    whole: list[float] = []
    search: list[float] = []
    for question in questions:
        vector = embedder.embed([question])[0]
        began = time.perf_counter()
        model.embed([question])
        between = time.perf_counter()
        retriever.search(question, vector=vector)
        ended = time.perf_counter()
        whole.append((ended - began) * 1000)
        search.append((ended - between) * 1000)
    figures = {"first_search_s": round(first, 2)}
    for name, values in (("query", whole), ("search", search)):
        p50, p95 = np.quantile(values, (0.5, 0.95))
        figures |= {f"{name}_p50_ms": round(float(p50), 2), f"{name}_p95_ms": round(float(p95), 2)}
    return {**figures, "query_rss_mb": peak_rss_mb()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; one JSON line a size."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.growth", description="Time the index at several sizes."
    )
    parser.add_argument("sizes", type=int, nargs="+", help="passages, such as 10000 100000 1000000")
    parser.add_argument("--data-dir", type=Path, default=Path("data"), help="where the model is")
    parser.add_argument("--query", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    for size in options.sizes:
        figures = query(options.query, options.data_dir) if options.query else measure(size, options.data_dir)
        sys.stdout.write(json.dumps(figures) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
