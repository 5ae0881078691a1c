"""Plain text and Markdown into headings and paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.boilerplate import is_boilerplate, strip
from corpus.texts import TextSection

if TYPE_CHECKING:
    from collections.abc import Iterable

_HASHES = re.compile(r"(#{1,6})[ \t]+(.{1,300}?)[ \t]*#{0,6}$")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ \t]*$")
_FENCE = re.compile(r"^(?:```|~~~)")
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,1000}\)")
_EMPHASIS = re.compile(r"(\*\*|__|`)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--[^<>]{0,2000}-->")
_ITEM = re.compile(r"[ \t]*(?:[-*+•‣]|\d{1,3}[.)])[ \t]+")

Headed = tuple[int, str]
"""A heading's level and words."""


def read_text(text: str) -> tuple[str | None, tuple[TextSection, ...]]:
    """Title, if a first line looks like one, and sections of a plain text; headings are guessed from short lines."""
    blocks: list[str | Headed] = []
    for block in re.split(r"\n[ \t]*\n", text):
        first, _, rest = block.strip().partition("\n")
        if _looks_like_heading(first):
            blocks.append((1, first.strip().rstrip(":")))
            block = rest  # noqa: PLW2901 - what follows the heading
        if block.strip():
            blocks.append(block)
    return _title(blocks), gather(blocks)


def read_markdown(text: str) -> tuple[str | None, tuple[TextSection, ...]]:
    """Title (from front matter or the first heading) and sections of a Markdown text."""
    title, text = _take_front_matter(text)
    blocks: list[str | Headed] = []
    paragraph: list[str] = []
    fenced = False
    for line in [*text.split("\n"), ""]:
        if _FENCE.match(line):
            fenced = not fenced
            continue
        heading = None if fenced else _HASHES.match(line)
        under = not fenced and len(paragraph) == 1 and _UNDERLINE.match(line)
        if under:
            blocks.append((1 if line.startswith("=") else 2, _bare(paragraph.pop()).strip()))
        elif heading or not line.strip() or _ITEM.match(line):
            if paragraph:
                blocks.append("\n".join(paragraph))
            paragraph = []
            if heading:
                blocks.append((len(heading[1]), _bare(heading[2]).strip()))
            elif line.strip():
                paragraph = [_bare(line)]
        else:
            paragraph.append(_bare(line))
    first = next((block[1] for block in blocks if not isinstance(block, str)), None)
    return title or first, gather(blocks)


def gather(blocks: Iterable[str | Headed]) -> tuple[TextSection, ...]:
    """Headings and paragraphs, as they come, into sections; what boilerplate leaves empty is left out."""
    headings: list[Headed] = []
    sections: list[tuple[str, list[str]]] = [("", [])]
    for block in blocks:
        if isinstance(block, str):
            kept = strip(block).strip()
            if kept:
                sections[-1][1].append(kept)
        else:
            headings = [*(above for above in headings if above[0] < block[0]), block]
            sections.append((" > ".join(words for _, words in headings if words), []))
    return tuple(TextSection(path, tuple(paragraphs)) for path, paragraphs in sections if paragraphs)


def _title(blocks: list[str | Headed]) -> str | None:
    """The first heading of three words or more ("Blog" names no document), else the first."""
    headings = [block[1] for block in blocks if not isinstance(block, str)]
    return next((words for words in headings if len(words.split()) > 2), headings[0] if headings else None)


def _looks_like_heading(line: str) -> bool:
    """A short line with a capital and no end of sentence; a list item or a quotation is none."""
    words = line.split()
    return (
        1 <= len(words) <= 10
        and len(line) <= 80
        and line.strip()[0].isupper()
        and line.rstrip()[-1] not in ".!?,;…\"'”’)"
        and not _ITEM.match(line)
        and not is_boilerplate(line)
    )


def _bare(line: str) -> str:
    """Markdown without its marks: links by their words, images gone."""
    return _EMPHASIS.sub("", _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", line.lstrip("> ")))))


def _take_front_matter(text: str) -> tuple[str | None, str]:
    """The title from YAML front matter, if any, and the text without it."""
    if not text.startswith("---\n"):
        return None, text
    end = text.find("\n---", 4, 20_000)
    if end < 0:
        return None, text
    title = re.search(r"^title:[ \t]*[\"']?(.{1,200}?)[\"']?[ \t]*$", text[4:end], re.MULTILINE)
    after = text.find("\n", end + 1)
    return (title[1] if title else None), text[after + 1 :] if after >= 0 else ""
