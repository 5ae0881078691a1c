"""Near copies: a sentence that has its passage's words in their order must not differ from it by the one word that turns it round."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from bot.chat.polarity import NEGATOR
from bot.chat.talk import TALK
from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

COPIED = 0.75
"""Share of a sentence's words that stand in the evidence in the same order, from which it is a copy."""
SHORT = 3
"""Words up to which a change is one of wording; where more is left out, it is a part of the sentence that is left out."""
_HEDGE = re.compile(
    r"\b(?:may|might|could|can|perhaps|possibly|probably|sometimes|often|usually|mostly|mainly|partly|nearly|about|around|roughly|seems?|some|few|first|until)\b"
)


def miscopied(statement: str, evidence: Sequence[str]) -> bool:
    """Whether `statement` copies sentences of the `evidence`, and none of them without a change of sense."""
    said = _words(statement)
    held = frozenset(stem for text in evidence for stem in terms(text))
    copied = [given for text in evidence if _share(said, given := _words(text)) >= COPIED]
    return bool(copied) and all(_changed(said, given, held) for given in copied)


def _share(said: list[str], given: list[str]) -> float:
    """Share of the words said that are given in the same order."""
    blocks = SequenceMatcher(None, said, given, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(said) if said else 0.0


def _changed(said: list[str], given: list[str], held: frozenset[str]) -> bool:
    """Whether the words differ by more than how they are put."""
    steps = SequenceMatcher(None, given, said, autojunk=False).get_opcodes()
    return any(_differs(given[a:b], said[c:d], held) for kind, a, b, c, d in steps if kind != "equal")


def _differs(old: list[str], new: list[str], held: frozenset[str]) -> bool:
    """Whether `new` in place of `old` changes the sense: a negation or a "may" gone or added, a word from elsewhere, one word for another."""
    before, after = " ".join(old), " ".join(new)
    was, now = frozenset(terms(before)) - TALK, frozenset(terms(after)) - TALK
    if len(NEGATOR.findall(after)) > len(NEGATOR.findall(before)) or not now <= held:
        return True
    if len(old) > SHORT:
        return False
    gone = NEGATOR.search(before) or _HEDGE.search(before)
    kept = NEGATOR.search(after) or _HEDGE.search(after)
    return bool(gone and not kept) or bool(was and now and not now <= was and len(new) <= SHORT)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+(?:\.\d+)?%?", text.lower().replace("’", "'"))
