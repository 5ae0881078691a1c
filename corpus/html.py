"""A web page into headings and paragraphs, without its navigation, scripts and captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.plain import Headed, gather

if TYPE_CHECKING:
    from corpus.texts import TextSection

_NOISE = (
    *(
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "header",
        "footer",
        "aside",
        "form",
        "button",
        "select",
    ),
    *(
        "iframe",
        "svg",
        "canvas",
        "figure",
        "figcaption",
        "picture",
        "video",
        "audio",
        "object",
        "dialog",
        "title",
    ),
)
_BLOCKS = (
    "p li td th dt dd pre blockquote div section article main tr table ul ol dl br hr caption address".split()  # noqa: SIM905
)
_HEADINGS = [f"h{level}" for level in range(1, 7)]
_BREAK, _HEAD = "\x1e", "\x1f"
"""Control characters, which decoded text does not hold, to mark where blocks and headings begin."""


def read_html(text: str) -> tuple[str | None, tuple[TextSection, ...]]:
    """Title and sections of a page. Raises RecursionError or ValueError on pages that no parser gets through."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "html.parser")
    title = " ".join(soup.title.get_text(" ").split()) if soup.title else ""
    for tag in soup.find_all(list(_NOISE)):
        if not tag.decomposed:
            tag.decompose()
    for tag in soup.find_all(_HEADINGS):
        words = " ".join(tag.get_text(" ").split())[:300]
        tag.string = f"{_BREAK}{_HEAD}{tag.name[1]}{words}{_BREAK}"
    for tag in soup.find_all(_BLOCKS):
        tag.insert_before(_BREAK)
        tag.insert_after(_BREAK)
    blocks: list[str | Headed] = []
    for block in soup.get_text().split(_BREAK):
        line = " ".join(block.replace(_HEAD, " ").split())
        if block.startswith(_HEAD) and len(line) > 1:
            blocks.append((int(line[0]), line[1:].strip()))
        elif line and not block.startswith(_HEAD):
            blocks.append(line)
    first = next((block[1] for block in blocks if not isinstance(block, str)), None)
    return (title or first or None), gather(blocks)
