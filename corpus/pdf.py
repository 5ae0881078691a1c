"""The text of a PDF, page by page."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

from corpus.plain import gather

if TYPE_CHECKING:
    from corpus.texts import TextSection


_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What pypdf raises on broken files beside its own errors: all of it is about the file."""


class UnreadablePdf(ValueError):
    """Nothing can be had from this PDF; the message says why, in words for the person whose file it is."""


def read_pdf(data: bytes, pages: int) -> tuple[str | None, tuple[TextSection, ...], tuple[str, ...]]:
    """Title, sections and warnings of a PDF; pages after the first `pages` are left out with a warning.

    Raises UnreadablePdf. A PDF can be made to take any time and memory: call this in a process that can be ended.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    warnings: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = bool(reader.is_encrypted and not reader.decrypt(""))
        count = 0 if locked else len(reader.pages)
        title = reader.metadata.title if reader.metadata and not locked else None
    except (PyPdfError, ImportError, *_BROKEN) as error:
        raise UnreadablePdf(f"is a broken or unsupported PDF ({type(error).__name__})") from error
    if locked:
        raise UnreadablePdf("is a PDF that needs a password")
    if count > pages:
        warnings.append(f"has {count} pages: only the first {pages} are read")
    blocks: list[str] = []
    failed = 0
    for number in range(min(count, pages)):
        try:
            blocks.extend(_paragraphs(reader.pages[number].extract_text()))
        except (PyPdfError, *_BROKEN):
            failed += 1
    if failed:
        warnings.append(f"{failed} of its pages cannot be read")
    if not blocks:
        raise UnreadablePdf("is a PDF without text in it (scanned pages, perhaps)")
    return (
        (title.strip() if isinstance(title, str) and title.strip() else None),
        gather(blocks),
        tuple(warnings),
    )


def _paragraphs(page: str) -> list[str]:
    """A page's paragraphs: lines run on unless one ends a sentence well short of the others, or a blank line parts them."""
    text = re.sub(r"([a-z])-\n([a-z])", r"\1\2", page)
    found: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        width = max((len(line) for line in lines), default=0)
        current: list[str] = []
        for line in lines:
            current.append(line)
            if line.endswith((".", "!", "?", ":")) and len(line) < 0.75 * width:
                found.append("\n".join(current))
                current = []
        if current:
            found.append("\n".join(current))
    return found
