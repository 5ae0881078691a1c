"""Retrieval on the project's own questions: `python -m retrieval.evaluate`, or `spotter eval retrieval`.

Two things are measured. Whether the documents that answer a question are among its hits, with the facts an answer needs; and whether the
covered score tells questions that the documents answer from those they do not.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus import cutting, documents
from retrieval import covered, embeddings
from retrieval.index import Index
from retrieval.search import Retriever

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.search import Results

QUESTIONS = Path(documents.__file__).parent / "questions"
ANSWERED = frozenset({"answerable", "disagreement"})
DEPTHS = (1, 3, 8)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the set."""

    id: str
    kind: str
    split: str
    text: str
    documents: frozenset[str]
    facts: tuple[tuple[str, ...], ...]
    """Each fact in the wordings that count for it."""


def read(folder: Path = QUESTIONS, split: str | None = None) -> list[Question]:
    """The questions with a text of their own that the documents answer, or do not; `split` is "tune", "test" or None for both."""
    found: list[Question] = []
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        if table["kind"] in ANSWERED | {"unanswerable"}:
            found.extend(_question(entry, table) for entry in table["question"])
    return [question for question in found if split in (None, question.split)]


def _question(entry: dict[str, Any], table: dict[str, Any]) -> Question:
    """An entry of a file; documents may be given for the whole file."""
    return Question(
        id=entry["id"],
        kind=table["kind"],
        split=entry["split"],
        text=entry["text"],
        documents=frozenset(entry.get("documents", table.get("documents", ()))),
        facts=tuple(tuple(wordings) for wordings in entry.get("facts", ())),
    )


def measure(retriever: Retriever, questions: Sequence[Question]) -> dict[str, float]:
    """Figures by name; shares are 0 to 1."""
    results = {question.id: retriever.search(question.text, k=max(DEPTHS)) for question in questions}
    answered = [question for question in questions if question.kind == "answerable"]
    disagreed = [question for question in questions if question.kind == "disagreement"]
    figures: dict[str, float] = {"questions": len(questions)}
    for depth in DEPTHS:
        figures[f"document@{depth}"] = _mean(
            [bool(q.documents & _found(results[q.id], depth)) for q in answered]
        )
        figures[f"facts@{depth}"] = _mean([_facts(q, results[q.id], depth) for q in answered if q.facts])
    sides = [q.documents <= _found(results[q.id], max(DEPTHS)) for q in disagreed]
    figures[f"both_sides@{max(DEPTHS)}"] = _mean(sides)
    yes = np.array([results[q.id].covered for q in questions if q.kind in ANSWERED])
    no = np.array([results[q.id].covered for q in questions if q.kind == "unanswerable"])
    figures["covered_auc"] = auc(yes, no)
    figures["refused_though_covered"] = _mean(yes < covered.THRESHOLD)
    figures["refused_not_covered"] = _mean(no < covered.THRESHOLD)
    return {name: round(float(value), 4) for name, value in figures.items()}


def auc(yes: Sequence[float] | np.ndarray[Any, Any], no: Sequence[float] | np.ndarray[Any, Any]) -> float:
    """How often a score of `yes` is above one of `no`, ties counting half: the area under the ROC curve."""
    above = np.subtract.outer(np.asarray(yes), np.asarray(no))
    return float(((above > 0) + 0.5 * (above == 0)).mean()) if above.size else float("nan")


def _found(results: Results, depth: int) -> set[str]:
    """Documents of the first hits."""
    return {hit.passage.document for hit in results.hits[:depth]}


def _facts(question: Question, results: Results, depth: int) -> float:
    """Share of a question's facts that stand in the first hits."""
    text = _plain(" ".join(hit.passage.text for hit in results.hits[:depth]))
    return _mean(
        [any(_plain(wording).strip() in text for wording in wordings) for wordings in question.facts]
    )


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9\u00b0]+", " ", text.lower())


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def main(retriever: Retriever, arguments: Sequence[str] = ()) -> int:
    """Measure `retriever`; one JSON line a split."""
    parser = argparse.ArgumentParser(
        prog="spotter eval retrieval", description="Measure retrieval on the project's questions."
    )
    parser.add_argument(
        "--split", choices=("tune", "test", "all"), help="one half only; default: each half and all"
    )
    options = parser.parse_args(list(arguments))
    for split in (options.split,) if options.split else ("tune", "test", "all"):
        questions = read(split=None if split == "all" else split)
        sys.stdout.write(json.dumps({"split": split, **measure(retriever, questions)}) + "\n")
    return 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        index = Index.open(Path(scratch), embeddings.load("minilm", Path("data")))
        index.update(passage for document in documents.load() for passage in cutting.cut_claims(document))
        raise SystemExit(main(Retriever(index), sys.argv[1:]))
