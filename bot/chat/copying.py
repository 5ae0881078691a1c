"""Near copies: a sentence that has its passage's words in their order must not differ from it by the one word that turns it round."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from bot.chat.figures import figures
from bot.chat.polarity import NEGATOR
from bot.chat.talk import CARRYING, TALK, strange
from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

COPIED = 0.75
"""Share of a sentence's words that stand in the evidence in the same order, from which it is a copy."""
SHORT = 3
"""Words up to which a change is one of wording; where more is left out, it is a part of the sentence that is left out."""
_HEDGE = re.compile(
    r"\b(?:may|might|could|can|perhaps|possibly|probably|sometimes|often|usually|mostly|mainly|partly|nearly|about|around|roughly|seems?|some|few|first|until|whether|ideas?|"
    r"claims?|beliefs?)\b"
)
_JOINS = re.compile(r"\b(?:before|until|unless|through|throughout|always)\b")
_WORD = re.compile(r"[a-z0-9']+(?:\.\d+)?%?")


def miscopied(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` copies sentences of the `evidence`, and none of them without a change of sense."""
    said = _words(statement)
    held = frozenset(stem for text in evidence for stem in terms(text))
    copied = [text for text in evidence if _share(said, _words(text)) >= COPIED]
    return bool(copied) and all(_changed(said, text, held) for text in copied)


def _share(said: list[str], given: list[str]) -> float:
    """Share of the words said that are given in the same order."""
    blocks = SequenceMatcher(None, said, given, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(said) if said else 0.0


def _changed(said: list[str], text: str, held: frozenset[str]) -> bool:
    """Whether the words differ from those of `text` by more than how they are put."""
    given, clauses = _words(text), _begins(text)
    steps = SequenceMatcher(None, given, said, autojunk=False).get_opcodes()
    for kind, a, b, c, d in steps:
        if kind == "equal":
            continue
        inside = a > 0 and b < len(given) and not (a in clauses and b in clauses)
        if _differs(given[a:b], said[c:d], held) or (inside and _spliced(given[a:b], said[c:d], said)):
            return True
    return False


def _spliced(gone: list[str], new: list[str], said: list[str]) -> bool:
    """Whether a figure was left out from within a clause: what stood behind it was said of that one."""
    kept = {figure.value for figure in figures(" ".join(said))} | {1.0}
    left_out = any(figure.value not in kept for figure in figures(" ".join(gone)))
    return left_out and len(new) <= SHORT


def _begins(text: str) -> frozenset[int]:
    """Places of the words that begin a clause."""
    matches = list(_WORD.finditer(text.lower().replace("’", "'")))
    return frozenset(
        place
        for place, match in enumerate(matches)
        if place == 0 or re.search(r"[,;:.()]", text[matches[place - 1].end() : match.start()])
    )


def _differs(old: list[str], new: list[str], held: frozenset[str]) -> bool:
    """Whether `new` in place of `old` changes the sense: a negation or a "may" gone or added, a word from elsewhere, one word for another."""
    before, after = " ".join(old), " ".join(new)
    said = TALK | CARRYING
    was, now = _content(before) - said, _content(after) - said
    if _JOINS.search(after) and not _JOINS.search(before):
        return True
    if len(NEGATOR.findall(after)) > len(NEGATOR.findall(before)) or strange(now, held):
        return True
    if len(old) > SHORT:
        return False
    gone = NEGATOR.search(before) or _HEDGE.search(before)
    kept = NEGATOR.search(after) or _HEDGE.search(after)
    return bool(gone and not kept) or bool(was and now and strange(now, was) and len(new) <= SHORT)


def _content(text: str) -> frozenset[str]:
    """Stems, without figures, which are compared by what they count."""
    return frozenset(stem for stem in terms(text) if not stem[0].isdigit())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
