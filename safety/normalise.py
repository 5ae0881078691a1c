"""Make chat text readable for the lexicon: look-alikes, zalgo, zero-width, emoji, spaced-out letters.

Every character of the result knows where it came from, so that a finding can be shown in the words as they were written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LIMIT = 6000
"""Characters read of one message (Discord allows 4,000). What stands beyond is not looked at."""

_EMOJI = {
    "⚡": "zap",
    "🔥": "burning",
    "🦵": "leg",
    "🦶": "foot",
    "🍑": "bum",
    "🍆": "penis",
    "🚽": "toilet",
    "🧊": "ice",
    "✋": "hand",
    "🫀": "heart",
    "💦": "leak",
}
_LOOKALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s", "ј": "j", "һ": "h", "ԁ": "d",
        "ո": "n", "ս": "u", "α": "a", "ο": "o", "ν": "v", "ι": "i", "κ": "k", "ρ": "p", "τ": "t", "υ": "u", "ı": "i", "ɡ": "g",
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": ".", "ß": "s",
    }
)  # fmt: skip
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]){3,}[^\W\d_](?![^\W_])")
_GAPS = re.compile(r"[ .\-_*]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Normal:
    """Readable text and, for each of its characters, the offset in the text as written."""

    text: str
    offsets: tuple[int, ...] | None
    """None when every offset is the index itself."""

    def origin(self, index: int, length: int) -> int:
        """Offset as written of character `index`; `length` (of the written text) for the end."""
        if self.offsets is None:
            return min(index, length)
        return self.offsets[index] if index < len(self.offsets) else length


def normalise(text: str) -> Normal:
    """Lower-case, plain-letter reading of `text` with its offsets. Linear in its length; never raises."""
    text = text[:LIMIT]
    lowered = text.lower().replace("`", "'").replace("´", "'")
    if lowered.isascii():
        if _SPACED.search(lowered) is None:
            return Normal(lowered, None)
        return _join_spaced(lowered, list(range(len(lowered))))
    return _join_spaced(*_fold(text.replace("´", "'")))


def plain(text: str) -> str:
    """`text` without accents, apostrophes and ampersands, as the lexicon's words and patterns are stored. Case is kept."""
    return (
        "".join(_plain(c, latin=True) for c in unicodedata.normalize("NFKD", text))
        .replace("'", "")
        .replace("&", "")
    )


def _fold(text: str) -> tuple[str, list[int]]:
    """Characters without accents, marks, zero-width ones and look-alikes; emoji that mean something become words."""
    latin = len(_LATIN.findall(text)) * 2 >= sum(c.isalpha() for c in text)
    out: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        piece = _EMOJI.get(char)
        if piece is not None:
            piece = f" {piece} " if index == 0 or text[index - 1] != char else " "
        elif char.isascii():
            piece = char.lower()
        else:
            piece = "".join(_plain(c, latin=latin) for c in unicodedata.normalize("NFKD", char.lower()))
        out.append(piece)
        offsets.extend([index] * len(piece))
    return "".join(out), offsets


def _plain(char: str, *, latin: bool) -> str:
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cs", "Co", "Cn"):
        return ""
    if latin or not char.isalpha():
        char = char.translate(_LOOKALIKES)
    if category == "So":
        return " "
    return char


def _join_spaced(text: str, offsets: list[int]) -> Normal:
    """Join spaced letters: "n u m b" and "n.u.m.b" become "numb"."""
    out: list[str] = []
    kept: list[int] = []
    last = 0
    for match in _SPACED.finditer(text):
        out.append(text[last : match.start()])
        kept.extend(offsets[last : match.start()])
        for i in range(match.start(), match.end()):
            if not _GAPS.match(text[i]):
                out.append(text[i])
                kept.append(offsets[i])
        last = match.end()
    out.append(text[last:])
    kept.extend(offsets[last:])
    return Normal("".join(out), tuple(kept))
