"""Read a test collection in BEIR form: `corpus.jsonl[.gz]`, `queries.jsonl[.gz]`, `qrels.tsv`."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.cutting import cut_text
from corpus.texts import Text, TextSection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.passages import Passage
    from retrieval.ranking import Judgments


class CollectionError(ValueError):
    """The folder is not a collection; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, questions and judgments."""

    name: str
    documents: tuple[Text, ...]
    queries: dict[str, str]
    judgments: Judgments

    def passages(self) -> Iterator[Passage]:
        """The documents cut as any foreign text is."""
        for document in self.documents:
            yield from cut_text(document)


def read(folder: Path) -> Collection:
    """The collection in `folder`; only questions that have judgments are kept. Raises `CollectionError`."""
    documents = tuple(_document(record) for record in _records(_file(folder, "corpus.jsonl")))
    judgments = _judgments(folder / "qrels.tsv")
    queries = {str(q["_id"]): str(q["text"]) for q in _records(_file(folder, "queries.jsonl"))}
    missing = judgments.keys() - queries.keys()
    if missing:
        raise CollectionError(f"{folder}: no text for the judged question {min(missing)}")
    return Collection(folder.name, documents, {q: queries[q] for q in judgments}, judgments)


def _document(record: dict[str, Any]) -> Text:
    """A document as a foreign text of one section."""
    paragraphs = tuple(part for part in str(record.get("text", "")).split("\n\n") if part.strip())
    title = str(record.get("title") or "")
    # A document that is all title still has to be found.
    return Text(str(record["_id"]), title, "document", "", (TextSection("", paragraphs or (title or "-",)),))


def _file(folder: Path, name: str) -> Path:
    """A file or its compressed form."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise CollectionError(f"{folder}: there is no {name} or {name}.gz")


def _records(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise CollectionError(f"{path}, line {number}: {error}") from error
            if not isinstance(record, dict) or "_id" not in record:
                raise CollectionError(f"{path}, line {number}: an object with an _id is wanted")
            yield record


def _judgments(path: Path) -> dict[str, dict[str, int]]:
    """Grades by question and document, from a tab-separated file with a line of headings."""
    if not path.is_file():
        raise CollectionError(f"{path.parent}: there is no qrels.tsv")
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
        try:
            question, document, grade = line.split("\t")
            found.setdefault(question, {})[document] = int(grade)
        except ValueError as error:
            raise CollectionError(
                f"{path}, line {number}: question, document and a whole number are wanted"
            ) from error
    return found
