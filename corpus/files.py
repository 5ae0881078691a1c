"""Read anybody's files for the index: Markdown, text, HTML and PDF, alone or in directories. Nothing crashes on any bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.decoding import Undecodable, decode
from corpus.plain import read_markdown, read_text
from corpus.sandbox import Read, Unreadable, read_apart
from corpus.texts import Text
from corpus.walking import Found, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_KINDS = {
    ".md": "Markdown file",
    ".markdown": "Markdown file",
    ".txt": "text file",
    ".text": "text file",
    "": "text file",
    ".html": "web page",
    ".htm": "web page",
    ".xhtml": "web page",
    ".pdf": "PDF",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a single file may cost."""

    megabytes: float = 25
    """Of the file itself."""
    pages: int = 500
    """Of a PDF; later ones are left out."""
    seconds: float = 30
    """For a PDF or a web page."""
    memory: int = 1024
    """Megabytes for the process that reads one of those."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why, in words that stand after its name."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of all the files: texts to index, and one line for each of the others."""

    texts: tuple[Text, ...]
    skipped: tuple[Skipped, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts about files that were read, each naming its file."""
        return tuple(f"{text.source}: {warning}" for text in self.texts for warning in text.warnings)


@dataclass
class _Reader:
    """Reads one file after another, remembering what it has seen."""

    limits: Limits
    texts: list[Text] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)

    def take(self, found: Found) -> None:
        """Read a file into `texts` or note why not."""
        try:
            self.texts.append(self.text_of(found))
        except (Unreadable, Undecodable) as error:
            self.skipped.append(Skipped(found.shown, str(error)))
        except OSError as error:
            self.skipped.append(Skipped(found.shown, f"cannot be read: {error.strerror or error}"))

    def text_of(self, found: Found) -> Text:
        """The file's text, if it has any and no file before had the same bytes."""
        data = self.bytes_of(found)
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.contents:
            raise Unreadable(f"is the same as {self.contents[digest]}")
        text = _text(found, data, self.limits)
        if text.empty:
            raise Unreadable("holds no text to index")
        self.contents[digest] = found.shown
        return text

    def bytes_of(self, found: Found) -> bytes:
        """The file's bytes, if it is a file of a kind and size that is read."""
        if found.problem:
            raise Unreadable(found.problem)
        if found.path.suffix.lower() not in _KINDS:
            raise Unreadable(
                "is not a kind that is read: Markdown (.md), text (.txt), HTML (.html) or PDF (.pdf)"
            )
        most = int(self.limits.megabytes * 1_000_000)
        with found.path.open("rb") as file:
            data = file.read(most + 1)  # the size on disk may be a lie, or change meanwhile
        if len(data) > most:
            size = os.stat(found.path).st_size / 1_000_000  # noqa: PTH116 - works on any spelling of a path
            raise Unreadable(f"is too big: {size:.1f} MB, and {self.limits.megabytes:g} MB is the limit")
        if not data.strip():
            raise Unreadable("is empty")
        return data


def read(
    paths: Iterable[str | Path],
    *,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
) -> Reading:
    """Read files and directories (walked in order, hidden ones left out). `progress` gets each file's name beforehand.

    Never raises for what a file holds: each that cannot be read becomes a Skipped.
    """
    reader = _Reader(limits or Limits())
    for found in find(paths):
        if progress:
            progress(found.shown)
        reader.take(found)
    return Reading(tuple(reader.texts), tuple(reader.skipped))


def _text(found: Found, data: bytes, limits: Limits) -> Text:
    suffix = found.path.suffix.lower()
    kind = "PDF" if data[:1024].lstrip().startswith(b"%PDF-") else _KINDS[suffix]
    if kind == "PDF":
        title, sections, warnings = _apart("pdf", data, limits)
    else:
        decoded, warning = decode(data)
        warnings = (warning,) if warning else ()
        if kind != "web page":
            title, sections = (read_markdown if kind == "Markdown file" else read_text)(decoded)
        else:
            title, sections, _ = _apart("html", decoded.encode("utf-8", "replace"), limits)
    return Text(
        f"file:{found.shown}", (title or found.path.stem)[:200], kind, found.shown, sections, warnings
    )


def _apart(kind: str, data: bytes, limits: Limits) -> Read:
    return read_apart(kind, data, seconds=limits.seconds, pages=limits.pages, megabytes=limits.memory)
