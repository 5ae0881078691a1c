"""Measure the engine on a test collection: the quality of its rankings and what they cost.

Behind `spotter bench retrieval DIR --run-file FILE`. Nothing is made easier for the measurement: documents are cut, indexed (Chroma
included) and searched exactly as the bot's own are.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval import collection, embeddings, ranking
from retrieval.index import Index
from retrieval.search import Retriever

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.collection import Collection
    from retrieval.embed import Report as Progress
    from retrieval.embeddings import Embedder

RUN_DEPTH = 100
"""Documents a question in the run file."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """What indexing cost."""

    passages: int
    index_seconds: float
    docs_per_second: float
    docs_per_cpu_second: float


@dataclass(frozen=True, slots=True)
class Querying:
    """What questions cost, in milliseconds; `forward` is the bare pass of the model over the same questions."""

    query_p50_ms: float
    query_p95_ms: float
    forward_p50_ms: float


def bench(
    folder: Path,
    *,
    data_dir: Path,
    setting: str = "minilm",
    run_file: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, float | int | str]:
    """Index and query the collection in `folder`; figures by name (times in seconds or milliseconds, memory in MB).

    `data_dir` holds the model; the index itself is thrown away. Raises `retrieval.collection.CollectionError`.
    """
    found = collection.read(folder)
    embedder = embeddings.load(setting, data_dir, threads=os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        index = Index.open(Path(scratch), embedder)
        indexing = index_all(index, found, progress)
        run, querying = query_all(Retriever(index), embedder, found)
    if run_file is not None:
        write_run(run_file, run)
    return {
        "collection": found.name,
        "embeddings": embedder.name,
        "documents": len(found.documents),
        "queries": len(found.queries),
        **ranking.figures(run, found.judgments),
        **asdict(indexing),
        **asdict(querying),
        "peak_rss_mb": peak_rss_mb(),
    }


def index_all(index: Index, found: Collection, progress: Progress | None = None) -> Indexing:
    """Index all documents and time it."""
    began, cpu = time.perf_counter(), time.process_time()
    report = index.update(found.passages(), progress=progress)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    count = len(found.documents)
    return Indexing(
        report.added + report.kept, round(seconds, 2), round(count / seconds, 1), round(count / cpu, 1)
    )


def query_all(
    retriever: Retriever, embedder: Embedder, found: Collection
) -> tuple[dict[str, list[tuple[str, float]]], Querying]:
    """Rank documents for every question, one at a time, and time each; the bare pass is timed in turn with it."""
    run: dict[str, list[tuple[str, float]]] = {}
    took: list[float] = []
    bare: list[float] = []
    for question in list(found.queries.values())[:5]:
        retriever.documents(question)
    for name, question in found.queries.items():
        began = time.perf_counter()
        run[name] = retriever.documents(question, k=RUN_DEPTH)
        took.append(time.perf_counter() - began)
        began = time.perf_counter()
        embedder.embed([question])
        bare.append(time.perf_counter() - began)
    p50, p95 = np.quantile(took, (0.5, 0.95)) * 1000
    return run, Querying(round(float(p50), 2), round(float(p95), 2), round(float(np.median(bare)) * 1000, 2))


def write_run(path: Path, run: Mapping[str, Sequence[tuple[str, float]]], tag: str = "spotter") -> None:
    """Write a ranking as a TREC run: question, Q0, document, rank, score, tag."""
    lines = (
        f"{question} Q0 {document} {rank} {score:.6f} {tag}\n"
        for question, documents in run.items()
        for rank, (document, score) in enumerate(documents, 1)
    )
    path.write_text("".join(lines), "utf-8")


def peak_rss_mb() -> int:
    """The most memory this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # The kernel's other figure, ru_maxrss, starts a child at the size of its parent.
        found = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(found.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
