"""Text that fits: pages that break between paragraphs or sentences, never inside a citation mark, a link or a word."""

from __future__ import annotations

import re

PAGE = 2800
"""Characters of running text on one card, which leaves room for sources and small print under Discord's 4,000."""
CARD = 4000
"""Characters on a card in all (Discord's limit; discord.py does not hold it)."""
COMPONENTS = 40

_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])(?:\s*\[\d+\])*\s+"),
    re.compile(r"\s+"),
)


def pages(text: str, size: int = PAGE) -> list[str]:
    """`text` in pieces of at most `size` characters; nothing is left out, and a citation mark stays with its sentence."""
    rest = text.strip()
    found: list[str] = []
    while len(rest) > size:
        cut = _cut(rest, size)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, rest] if rest or not found else found


def clip(text: str, size: int) -> str:
    """One line of at most `size` characters, shortened at a word with an ellipsis: for titles and labels, never for advice."""
    line = " ".join(text.split())
    if len(line) <= size:
        return line
    whole = line[: size - 1]
    spaced = whole.rsplit(" ", 1)[0]
    return (spaced if len(spaced) > size // 2 else whole).rstrip(" ,;:-") + "…"


def plain(text: str) -> str:
    """User's or documents' words without markup: nothing bold, nothing linked, nobody mentioned, no text running backwards."""
    shown = re.sub(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]", "", text)
    shown = re.sub(r"([\\*_~`|\[\]<])", r"\\\1", shown)
    shown = re.sub(r"(?m)^(\s*)([#>-])", r"\1\\\2", shown)
    return shown.replace("@", "@\u200b")


def _cut(text: str, size: int) -> int:
    """Where to break: behind the last paragraph, line, sentence or word that fits, in that order, unless that leaves a stub."""
    for pattern in _BREAKS:
        ends = [
            match.end() for match in pattern.finditer(text, 0, size + 1) if size // 3 < match.end() <= size
        ]
        ends = [end for end in ends if not _in_mark(text, end)]
        if ends:
            return ends[-1]
    return size


def _in_mark(text: str, at: int) -> bool:
    """Whether breaking at `at` would part a sentence from the citation mark that follows it, or cut inside brackets."""
    if re.match(r"\s*\[\d+\]", text[at:]):
        return True
    opened = text.rfind("[", 0, at)
    return opened >= 0 and "]" not in text[opened:at] and at - opened < 12
