"""One masked line of a case for the queue: the flagged words and a few around them, nothing that leads to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.web.marking import harmless, same_words

if TYPE_CHECKING:
    from bot.store.console import Glimpse

AROUND = 5
"""Words shown on either side of a flagged stretch."""
LONGEST = 150
_WORD = re.compile(r"\S+")
_MASKS = (
    (re.compile(r"https?://\S+|www\.\S+"), "[link]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "[address]"),
    (re.compile(r"<[@#&!]+\d+>|<a?:\w+:\d+>|@\w[\w.]*"), "[name]"),
    (re.compile(r"\+?\d[\d\s().-]{5,}\d"), "[number]"),
)


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of an excerpt."""

    text: str
    flagged: bool = False


def excerpt(glimpse: Glimpse | None) -> tuple[Bit, ...]:
    """The excerpt of a case; empty where its text is gone."""
    item = glimpse.item if glimpse else None
    if item is None:
        return ()
    if item.shown.written is None:
        return (Bit(masked(item.shown.text or item.shown.reason)[:LONGEST]),)
    text = item.shown.written.question
    spans = sorted(
        (finding.start, finding.end)
        for finding in item.shown.written.assessment.asserted
        if same_words(text[finding.start : finding.end], finding.words)
    )
    return _around(text, spans)


def masked(text: str) -> str:
    """`text` without links, addresses, names and long numbers, on one line."""
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return " ".join(harmless(text).split())


def names(glimpse: Glimpse | None) -> tuple[str, ...]:
    """What was found, in words, each once, the gravest first."""
    item = glimpse.item if glimpse else None
    if item is None or item.shown.written is None:
        return ()
    found = sorted(item.shown.written.assessment.asserted, key=lambda finding: -finding.tier)
    return tuple(dict.fromkeys(finding.name or finding.concept for finding in found))


def _around(text: str, spans: list[tuple[int, int]]) -> tuple[Bit, ...]:
    """The stretches of `text` around `spans`, up to `LONGEST` characters."""
    words = [match.span() for match in _WORD.finditer(text)]
    shown = {n for start, end in spans for n, (a, b) in enumerate(words) if a < end and b > start}
    if not shown:
        cut = masked(text)
        return (Bit(cut if len(cut) <= LONGEST else cut[: LONGEST - 1] + "…"),)
    near = sorted({m for n in shown for m in range(max(0, n - AROUND), min(len(words), n + AROUND + 1))})
    bits: list[Bit] = [Bit("… ")] if near[0] else []
    length, before, hidden = (
        0,
        None,
        [(m.span(), label) for pattern, label in _MASKS for m in pattern.finditer(text)],
    )
    for n in near:
        word = _word(text, words[n], hidden)
        if length + len(word) > LONGEST and length:
            break
        if before is not None and n != before + 1:
            bits.append(Bit("… "))
        bits.append(Bit(word, n in shown))
        bits.append(Bit(" ", n in shown and n + 1 in shown))
        length, before = length + len(word) + 1, n
    if before is not None and before < len(words) - 1:
        bits.append(Bit("…"))
    return _joined(bits)


def _word(text: str, span: tuple[int, int], hidden: list[tuple[tuple[int, int], str]]) -> str:
    """A word, or what stands in its place: masks are found in the whole text, because a number may run over several words."""
    for (start, end), label in hidden:
        if span[0] < end and span[1] > start:
            return label if start >= span[0] else "…"
    return masked(text[span[0] : span[1]])


def _joined(bits: list[Bit]) -> tuple[Bit, ...]:
    """Neighbours of one kind as one."""
    joined: list[Bit] = []
    for bit in bits:
        if joined and joined[-1].flagged == bit.flagged:
            joined[-1] = Bit(joined[-1].text + bit.text, bit.flagged)
        else:
            joined.append(bit)
    return tuple(joined)
