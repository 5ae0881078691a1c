"""Read a sentence as kinds of words: "no call to trouble a GP" is, in outline, "negation to pointless a clinician".

The head behind the lint (`safety.reply_score`) learns from words and from these outlines, which paraphrases share.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from safety.phrasing import COMMON, words_of

LONGEST = 4
"""Words of the longest phrase that is looked up."""
OTHER = "*"
"""Stands for content words of no kind."""


def outline(words: list[str]) -> list[str]:
    """The kinds of `words` in order: a kind in capitals, a plain function word as it is, `OTHER` once for any run of others."""
    found: list[str] = []
    lists, at = _kinds(), 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            kind = lists.get(" ".join(words[at : at + length]) if length > 1 else words[at])
            if kind:
                found.append(kind)
                at += length
                break
        else:
            word = words[at]
            at += 1
            if word in COMMON or word == ",":
                found.append(word)
            elif word[0].isdigit():
                found.append("9")
            elif not found or found[-1] != OTHER:
                found.append(OTHER)
    return found


@cache
def _kinds() -> dict[str, str]:
    """Phrase -> kind, from rules/classes.toml. A phrase of several kinds has the first."""
    data = tomllib.loads((files("safety") / "rules" / "classes.toml").read_text("utf-8"))
    kinds: dict[str, str] = {}
    for name, phrases in data.items():
        for phrase in phrases:
            for spelled in words_of(phrase):
                kinds.setdefault(spelled, name.upper())
    return kinds
