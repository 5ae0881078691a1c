"""Cut running text into sentences: prose, lists, figures such as "2.5 kg", and forum posts with little punctuation."""

from __future__ import annotations

import re

LONGEST = 400
"""Characters; what runs on for longer is cut at a comma, else between words."""

ABBREVIATIONS = frozenset(
    "e.g i.e etc vs approx ca cf dr mr mrs ms prof st no nos fig figs vol ed eds al min max incl resp ex".split()  # noqa: SIM905
)
"""Words after which a full stop ends no sentence, in lower case and without it."""

_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+")
_ITEM = re.compile(r"\s*(?:[-*•‣◦]|\d{1,3}[.)])\s+")
_ITEM_MARK = re.compile(r"\d{1,3}")


def split(text: str, longest: int = LONGEST) -> tuple[str, ...]:
    """The sentences of a text, in order, spaces tidied; no word is lost and none is longer than `longest` characters.

    List items on lines of their own are sentences; other line ends count as spaces.
    """
    found: list[str] = []
    for block in _blocks(text):
        for sentence in _prose(block):
            found.extend(_fit(sentence, longest))
    return tuple(found)


def _blocks(text: str) -> list[str]:
    """Lines joined into running text; a list item or an empty line begins a new block."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if not line.strip():
            blocks.append([])
        elif _ITEM.match(line):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return [" ".join(" ".join(block).split()) for block in blocks if block]


def _prose(text: str) -> list[str]:
    sentences, start = [], 0
    for end in _END.finditer(text):
        if _ends(text, start, end):
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _ends(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether a full stop ends the sentence that began at `start`."""
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    word = text[max(start, end.start() - 40) : end.start()].rsplit(None, 1)
    last = word[-1].lstrip("(\"'“‘[").casefold() if word else ""
    if not last or last in ABBREVIATIONS:
        return False
    if _ITEM_MARK.fullmatch(last) and not text[start : end.start()].strip(" 0123456789"):
        return False  # "1." begins a list item
    # a lone letter is an initial ("J. Smith") before a capital, and may end a sentence elsewhere
    following = text[end.end() : end.end() + 1]
    return not (len(last) == 1 and last.isalpha() and following.isupper())


def _fit(sentence: str, longest: int) -> list[str]:
    """Cut what is too long at the last comma, semicolon or colon of its second half, else at the last space, else anywhere."""
    pieces = []
    while len(sentence) > longest:
        head = sentence[: longest + 1]
        cut = max(head.rfind(mark + " ") + 1 for mark in ",;:")
        if cut <= longest // 2:
            cut = head.rfind(" ")
        if cut <= 0:
            cut = longest
        pieces.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*pieces, sentence] if sentence else pieces
