"""Cut a reply into sentences, each with its citations, so that one can be left out without touching the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"""[.!?…:;]+["'”’»)\]*_~`|]*(?:\s*\[\d{1,3}\])*(?=\s|$)|[。！？]""")
_MARKER = re.compile(r"[ \t]*(?:[-*•>#–]+[ \t]+|\d{1,2}[.)][ \t]+|[a-z][)][ \t]+)*")
_CITATION = re.compile(r"\[\d{1,3}\]")
_CITED = re.compile(r"[ \t]*\[\d{1,3}\]")
_SHORT = frozenset({"e.g.", "i.e.", "vs.", "approx.", "no.", "dr.", "mr.", "mrs.", "ms.", "st.", "etc.", "ca.", "z.b.", "d.h.", "p.ej.", "p.ex.", "min.", "max.", "sec.", "incl."})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands in the text: `text[start:end]`, list marker and trailing space not included."""

    text: str
    start: int
    end: int
    line: int
    """Number of the line it stands in."""

    @property
    def citations(self) -> tuple[str, ...]:
        """Its "[n]" markers."""
        return tuple(_CITATION.findall(self.text))


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order. Linear in its length."""
    found: list[Sentence] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        found += _of_line(line, start, number)
        start += len(line) + 1
    return found


def _of_line(line: str, offset: int, number: int) -> list[Sentence]:
    """Sentences of one line. A colon or semicolon does not end a sentence, a full stop behind "e.g" neither."""
    marker = _MARKER.match(line)
    begin = marker.end() if marker else 0
    found: list[Sentence] = []
    for match in _END.finditer(line, begin):
        if match.group()[0] in ":;" or _abbreviated(line, match.start()):
            continue
        _add(found, line, begin, match.end(), offset, number)
        begin = match.end()
    _add(found, line, begin, len(line), offset, number)
    return found


def _abbreviated(line: str, at: int) -> bool:
    """Whether the full stop at `at` belongs to an abbreviation."""
    if line[at] != ".":
        return False
    first = at
    while first > 0 and not line[first - 1].isspace() and at - first < 8:
        first -= 1
    return line[first : at + 1].lower().lstrip("(") in _SHORT


def _add(found: list[Sentence], line: str, begin: int, end: int, offset: int, number: int) -> None:
    """Note `line[begin:end]` unless there is nothing in it; a lone citation joins the sentence before."""
    words = line[begin:end]
    stripped = words.strip()
    if not stripped:
        return
    start = begin + len(words) - len(words.lstrip())
    found.append(Sentence(stripped, offset + start, offset + start + len(stripped), number))


def uncited(words: str) -> str:
    """`words` without their "[n]" markers, so that a sentence reads alike wherever it is cited."""
    return _CITED.sub("", words) if "[" in words else words


def without(text: str, cut: list[Sentence]) -> str:
    """`text` without the sentences of `cut`; lines that hold nothing any more but their marker go with them."""
    pieces: list[str] = []
    last = 0
    for sentence in sorted(cut, key=lambda s: s.start):
        pieces.append(text[last : sentence.start])
        last = max(last, sentence.end)
    pieces.append(text[last:])
    left = "".join(pieces).split("\n")
    touched = {sentence.line for sentence in cut}
    lines = [
        re.sub(r"(?<=\S)[ \t]{2,}", " ", line).rstrip() if number in touched else line
        for number, line in enumerate(left)
        if number not in touched or _MARKER.sub("", line).strip()
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
