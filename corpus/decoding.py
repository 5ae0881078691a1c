"""Bytes of a file into text, or the reason why not."""

from __future__ import annotations

import codecs
import unicodedata

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEW = 0.02
"""Share of control characters above which the bytes are taken for something else than text."""


class Undecodable(ValueError):
    """The bytes are no text; the message says why, in words for the person whose file it is."""


def decode(data: bytes) -> tuple[str, str | None]:
    """Text and a warning, if the encoding is a guess. Raises Undecodable for binary files."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return _clean(data.decode(encoding)), None
            except UnicodeDecodeError as error:
                raise Undecodable(f"starts as {encoding} text but is broken: {error.reason}") from error
    if b"\0" in data:
        raise Undecodable("is a binary file, not text")
    try:
        return _clean(data.decode("utf-8")), None
    except UnicodeDecodeError:
        pass  # old Windows files are the likely case; below
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Undecodable("is neither UTF-8 text nor Windows-1252: save it as UTF-8") from error
    return _clean(text), "is not UTF-8: read as Windows-1252, so some letters may be wrong"


def _clean(text: str) -> str:
    """The text without control characters, unless there are too many of them for a text."""
    odd = sum(1 for letter in text if letter not in "\n\r\t\f\v" and unicodedata.category(letter) == "Cc")
    if odd > _FEW * len(text):
        raise Undecodable("is a binary file, not text")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    if odd:
        text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")
    return text
