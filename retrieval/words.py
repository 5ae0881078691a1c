"""From text to the terms that lexical search compares: lifters' shorthand spelt out, stop words dropped, words stemmed.

The same steps run over passages and questions, so that "RDLs", "romanian deadlift" and "Romanian dead lifts" meet.
"""

from __future__ import annotations

import re
import threading
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Protocol

_FOLDER = Path(__file__).parent

STOP_WORDS = frozenset((_FOLDER / "stopwords.txt").read_text("utf-8").split())
"""Words that say nothing about what a question is about."""

SHORTHAND: dict[str, str] = {
    short: words
    for words, shorts in tomllib.loads((_FOLDER / "shorthand.toml").read_text("utf-8")).items()
    for short in shorts
}
"""What lifters write, and the words that documents use for it."""

_TOKEN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")
_SHORT = re.compile(
    r"(?<![\w&])(?:" + "|".join(sorted(map(re.escape, SHORTHAND), key=len, reverse=True)) + r")(?![\w&])"
)
_APOSTROPHES = re.compile(r"['\u2019\u02bc]")


def plain(text: str) -> str:
    """`text` in lower case, without accents and apostrophes, with shorthand spelt out."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = (
        "".join(sign for sign in decomposed if not unicodedata.combining(sign))
        if not text.isascii()
        else text
    )
    return _SHORT.sub(lambda found: SHORTHAND[found.group()], _APOSTROPHES.sub("", bare.lower()))


def terms(text: str) -> list[str]:
    """The stems of the words of `text` that carry meaning, in order, repeats kept."""
    return [_stem(word) for word in _TOKEN.findall(plain(text)) if word not in STOP_WORDS]


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


_local = threading.local()


def _stemmer() -> _Stemmer:
    """One Snowball stemmer a thread: the library's object is not safe to share."""
    found: _Stemmer | None = getattr(_local, "stemmer", None)
    if found is None:
        import Stemmer

        found = _local.stemmer = Stemmer.Stemmer("english")
    assert found is not None
    return found


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """The Snowball stem, remembered: a corpus repeats its words thousands of times."""
    return _stemmer().stemWord(word)
