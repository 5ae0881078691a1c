"""A draft against what was sent, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.web.marking import harmless

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST = 6000
"""Characters compared; beyond them both texts stand side by side."""
ALIKE = 0.35
"""Share of common words from which a difference is easier to read than two texts."""
KEPT = 0.5
"""Share of the draft that stands in one piece in what was sent, from which something was added to it rather than put in its place."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stayed, went or came."""

    kind: str
    """ "same", "gone" or "new"."""
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft and what was sent."""

    draft: str
    sent: str
    parts: tuple[Part, ...]
    """Empty where the two have too little in common: the draft was replaced whole."""


def compare(draft: str, sent: str) -> Comparison:
    """What the guard changed."""
    draft, sent = harmless(draft), harmless(sent)
    if len(draft) + len(sent) > LONGEST:
        return Comparison(draft, sent, ())
    old, new = _TOKEN.findall(draft), _TOKEN.findall(sent)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    longest = matcher.find_longest_match().size
    if matcher.ratio() < ALIKE and longest < KEPT * len(old):
        return Comparison(draft, sent, ())
    parts: list[Part] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(old[a:b])))
            continue
        parts += [Part("gone", "".join(old[a:b]))] if a < b else []
        parts += [Part("new", "".join(new[c:d]))] if c < d else []
    return Comparison(draft, sent, tuple(parts))
