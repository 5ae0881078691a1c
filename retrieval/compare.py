"""Compare the engine with the standard stacks: `python -m retrieval.compare DIR... [--peers NAME,NAME]`.

Every stack indexes in one process and answers in a second, fresh one, one after the other on the same machine with the same weights, so
that the ratios mean something where the figures depend on the load. A stack whose packages are missing is skipped, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval import collection, ranking
from retrieval.bench import peak_rss_mb
from retrieval.peers import PEERS, MissingError

if TYPE_CHECKING:
    from collections.abc import Sequence

WARM_UP = 5
COLUMNS = {
    "ndcg@10": "nDCG@10",
    "recall@10": "recall@10",
    "mrr@10": "MRR@10",
    "docs_per_cpu_second": "docs/CPU-s",
    "index_rss_mb": "index MB",
    "cold_start_s": "cold s",
    "query_p50_ms": "p50 ms",
    "query_p95_ms": "p95 ms",
    "query_rss_mb": "query MB",
}


def index_phase(name: str, source: Path, folder: Path, data_dir: Path) -> dict[str, float]:
    """Index the collection with one stack, in this process."""
    found = collection.read(source)
    peer = PEERS[name](data_dir, os.cpu_count() or 1)
    began, cpu = time.perf_counter(), time.process_time()
    peer.index(found, folder)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    count = len(found.documents)
    return {
        "index_seconds": round(seconds, 2),
        "docs_per_cpu_second": round(count / cpu, 1),
        "index_rss_mb": peak_rss_mb(),
    }


def query_phase(name: str, source: Path, folder: Path, data_dir: Path, started: float) -> dict[str, float]:
    """Open what was indexed and ask all questions, in this process, begun at `started` (seconds since 1970)."""
    # One thread a question: with two on two busy cores the stacks on torch are 5 to 30 times slower.
    peer = PEERS[name](data_dir, 1)
    peer.open(folder)
    peer.search("how long does back pain last?")
    cold = time.time() - started
    # Read only now: the collection is no part of a stack's start.
    rss = peak_rss_mb()
    found = collection.read(source)
    questions = list(found.queries.items())
    for _, question in questions[:WARM_UP]:
        peer.search(question)
    run: dict[str, list[tuple[str, float]]] = {}
    took: list[float] = []
    for key, question in questions:
        began = time.perf_counter()
        documents = peer.search(question)
        took.append((time.perf_counter() - began) * 1000)
        run[key] = [(document, 1 / rank) for rank, document in enumerate(documents, 1)]
    p50, p95 = np.quantile(took, (0.5, 0.95))
    return {
        **ranking.figures(run, found.judgments),
        "cold_start_s": round(cold, 2),
        "query_p50_ms": round(float(p50), 2),
        "query_p95_ms": round(float(p95), 2),
        "query_rss_mb": rss,
    }


def compare(source: Path, names: Sequence[str], data_dir: Path) -> dict[str, dict[str, float] | str]:
    """Figures of each stack on one collection, or the reason why it was skipped."""
    results: dict[str, dict[str, float] | str] = {}
    for name in names:
        with tempfile.TemporaryDirectory(prefix="compare-") as folder:
            figures: dict[str, float] = {}
            for phase in ("index", "query"):
                done = _phase(phase, name, source, Path(folder), data_dir)
                if isinstance(done, str):
                    results[name] = done
                    break
                figures |= done
            else:
                results[name] = figures
    return results


def _phase(phase: str, name: str, source: Path, folder: Path, data_dir: Path) -> dict[str, float] | str:
    """Run one phase in a process of its own."""
    command = [sys.executable, "-m", "retrieval.compare", str(source), "--phase", phase, "--peers", name]
    command += ["--folder", str(folder), "--data-dir", str(data_dir), "--started", str(time.time())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    last = (done.stdout.strip().splitlines() or [""])[-1]
    if done.returncode == 0:
        figures: dict[str, float] = json.loads(last)
        return figures
    return last or (done.stderr.strip().splitlines() or ["it failed without a word"])[-1]


def table(name: str, results: dict[str, dict[str, float] | str], base: str = "langchain-recipe") -> str:
    """A Markdown table; each figure with its ratio to `base`, where that was measured."""
    lines = [
        f"### {name}",
        "",
        f"| stack | {' | '.join(COLUMNS.values())} |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    reference = results.get(base)
    for stack, figures in results.items():
        if isinstance(figures, str):
            lines.append(f"| {stack} | skipped: {figures} |" + " |" * (len(COLUMNS) - 1))
            continue
        cells = []
        for column in COLUMNS:
            cell = str(figures[column])
            if isinstance(reference, dict) and stack != base and reference[column]:
                cell += f" ({figures[column] / reference[column]:.2f}x)"
            cells.append(cell)
        lines.append(f"| {stack} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; prints one table a collection."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.compare", description="Compare retrieval with the standard stacks."
    )
    parser.add_argument("collections", type=Path, nargs="+", help="folders in BEIR form")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"which, of {', '.join(PEERS)}")
    parser.add_argument(
        "--data-dir", type=Path, default=Path("data"), help="where Spotter's model is (built when missing)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    for hidden in ("--phase", "--folder", "--started"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = [name for name in options.peers.split(",") if name]
    unknown = set(names) - PEERS.keys()
    if unknown:
        parser.error(f"no stack is called {min(unknown)}; there are {', '.join(PEERS)}")
    if options.phase:
        return _child(options, names[0])
    everything = {}
    for source in options.collections:
        results = everything[source.name] = compare(source, names, options.data_dir)
        sys.stdout.write(table(source.name, results) + "\n")
        sys.stdout.flush()
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1), "utf-8")
    return 0


def _child(options: Any, name: str) -> int:
    """One phase; its figures, or the missing package, as the last line."""
    source, folder = options.collections[0], Path(options.folder)
    try:
        if options.phase == "index":
            figures = index_phase(name, source, folder, options.data_dir)
        else:
            figures = query_phase(name, source, folder, options.data_dir, float(options.started))
    except MissingError as missing:
        sys.stdout.write(f"{missing}\n")
        return 1
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
