"""One pass over a message: words, boundaries, tags. What the tags mean together is decided elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from safety.index import NOTHING
from safety.normalise import Normal, normalise
from safety.pattern import END, SENTENCE, Pattern, Tokens, longest, match

if TYPE_CHECKING:
    from safety.index import Index
    from safety.lexicon import Entry, Lexicon

_TOKEN = re.compile(r"a&e|p&n|[^\W_]+(?:'[^\W_]+)*|[^\w\s]|\n|_+")
_STRENGTH = {
    ".": 3,
    "!": 3,
    "?": 3,
    "\n": 3,
    ";": 2,
    ":": 2,
    "(": 2,
    ")": 2,
    "/": 0,
    ",": 1,
    "-": 1,
    "&": 0,
    "+": 0,
    '"': 1,
    "|": 3,
}
_QUOTED = re.compile(r'"[^"\n]{8,600}"')
MOST_TOKENS = 1200
_SEVERAL = re.compile(r" (?:are|were|feel|have|keep|go|get|both)\b")
"""What follows limbs with a stray apostrophe ("my leg's are numb")."""


@dataclass(slots=True)
class Mark:
    """A tag found in a message: words `start` up to (not including) `end`."""

    tag: str
    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """One message read by the lexicon."""

    normal: Normal
    tokens: Tokens
    marks: dict[str, list[Mark]]
    """Marks by tag, in order."""
    length: int
    sentences: list[int] = field(init=False)
    """Where each sentence starts, and the number of words at the end."""
    quotations: list[tuple[int, int]] = field(init=False)
    """First word of each passage in inverted commas, and the word after its last."""

    def __post_init__(self) -> None:
        """Find the sentences and the quotations."""
        breaks = self.tokens.breaks
        self.sentences = [0, *(i for i in range(1, len(breaks)) if breaks[i] >= SENTENCE), len(breaks)]
        self.quotations = []
        if '"' in self.normal.text:
            starts = [start for start, _ in self.tokens.spans]
            for found in _QUOTED.finditer(self.normal.text):
                first, after = bisect_left(starts, found.start()), bisect_left(starts, found.end())
                if first < after:
                    self.quotations.append((first, after))

    def has(self, *tags: str) -> bool:
        """Whether any of these tags occurs."""
        return any(t in self.marks for t in tags)

    def of(self, *tags: str) -> list[Mark]:
        """All marks of these tags in order of their start."""
        found = [m for t in tags for m in self.marks.get(t, ())]
        return sorted(found, key=lambda m: (m.start, m.end)) if len(tags) > 1 else found

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Character offsets, in the text as written, of words `start` up to `end`."""
        spans = self.tokens.spans
        first = self.normal.origin(spans[start][0], self.length)
        last = self.normal.origin(spans[max(end - 1, start)][1] - 1, self.length) + 1
        return first, max(min(last, self.length), first)

    def text(self, start: int, end: int) -> str:
        """The words as normalised, for tests and explanations."""
        return " ".join(self.tokens.words[start:end])


def read(text: str, lexicon: Lexicon) -> Reading:
    """Read one message. Linear in its length; never raises for any text."""
    normal = normalise(text)
    tokens = _tokenise(normal.text, lexicon)
    near, ahead = _following(tokens)
    if _mask(tokens, near, ahead, lexicon):
        near, ahead = _following(tokens)
    marks: dict[str, list[Mark]] = {}
    for i, tags in enumerate(tokens.tags):
        for tag in tags:
            if tag not in lexicon.quiet:
                marks.setdefault(tag, []).append(Mark(tag, i, i + 1))
    for n, (by_word, by_tag) in enumerate(lexicon.stages):
        if n and any(by_word.at(atoms, True) for atoms in tokens.atoms):
            near, ahead = _following(tokens)
        _stage(tokens, marks, by_word, by_tag, near, ahead)
    for tag in lexicon.quiet & marks.keys():
        del marks[tag]
    for found in marks.values():
        found.sort(key=lambda m: (m.start, -m.end))
    return Reading(normal, tokens, marks, len(text))


def _tokenise(text: str, lexicon: Lexicon) -> Tokens:
    tokens = Tokens([], [], [], [])
    strength = SENTENCE
    sentence = 0
    for found in _TOKEN.finditer(text):
        piece = found.group()
        if not (piece[0].isalnum()):
            level = _STRENGTH.get(piece, 1 if piece != "'" else 0)
            if piece == "/" and text[found.start() - 1 : found.end() + 1] == " / ":
                level = 1  # "numbness - none / tingling - none", but not "numb/tingly"
            strength = max(strength, level)
            if piece == "?":
                for j in range(sentence, len(tokens.words)):
                    tokens.question[j] = True
            if level >= SENTENCE:
                sentence = len(tokens.words)
            continue
        if len(tokens.words) >= MOST_TOKENS:
            break
        word = piece.replace("'", "").replace("&", "")
        for entry in (
            _apart(word, found.end(), text, lexicon) if piece[-2:] == "'s" else lexicon.look_up(word)
        ):
            if entry.word != word:
                tokens.mended.append(len(tokens.words))
            tokens.words.append(entry.word)
            tokens.spans.append(found.span())
            tokens.breaks.append(strength)
            tokens.atoms.append(entry.atoms)
            tokens.tags.append(dict.fromkeys(entry.tags, len(tokens.words)))
            tokens.question.append(False)
            strength = 0
    return tokens


def _apart(word: str, end: int, text: str, lexicon: Lexicon) -> tuple[Entry, ...]:
    """`word`, which was written with "'s", as one limb that is ("my leg's numb"), unless its verb says that there are two ("my leg's are numb")."""
    limb = lexicon.look_up(word[:-1])
    if any("single" in entry.tags for entry in limb) and not _SEVERAL.match(text, end):
        return (*limb, *lexicon.look_up("is"))
    return lexicon.look_up(word)


def _mask(tokens: Tokens, near: list[frozenset[str]], ahead: list[frozenset[str]], lexicon: Lexicon) -> bool:
    """Hide the words of gym idioms ("dead hang", "nerve flossing", "suicide grip") from everything that follows; whether there were any."""
    hidden: list[tuple[int, str]] = []
    for i, atoms in enumerate(tokens.atoms):
        starts = lexicon.masks.at(atoms, tokens.breaks[i] >= SENTENCE)
        if starts is None:
            continue
        for pattern in (*starts.sure, *starts.hopeful(near[i], ahead[i])):
            for j in range(i, longest(pattern, tokens, i)):
                if pattern.hides:
                    tokens.tags[j].pop(pattern.hides, None)
                else:
                    hidden.append((j, pattern.tag))
    for j, tag in hidden:
        tokens.tags[j] = {**({} if "masked" not in tokens.tags[j] else tokens.tags[j]), "masked": j + 1}
        if tag in ("minimiser", "order"):
            tokens.tags[j]["played-down"] = j + 1
        if tag == "order":
            tokens.tags[j]["ordered"] = j + 1
        tokens.atoms[j] = frozenset()
    if hidden:
        _end_before_minimisers(tokens)
    return bool(hidden)


def _end_before_minimisers(tokens: Tokens) -> None:
    """A sentence ends where only playing down follows ("back pain and a temperature prob nothing"), so that it reads as if that were not there."""
    end = len(tokens.words)
    for i in range(len(tokens.words) - 1, -1, -1):
        if "played-down" not in tokens.tags[i]:
            if i + 1 < end:
                tokens.breaks[i + 1] = SENTENCE
            end = -1
        if tokens.breaks[i] >= SENTENCE:
            end = i


def _following(tokens: Tokens) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """For each word, the words and <tags> of the next one, and of all after it, in its sentence: looked at before a pattern is tried."""
    near: list[frozenset[str]] = []
    ahead: list[frozenset[str]] = []
    keys, known = _LAST, NOTHING
    for atoms, tags, strength in zip(
        reversed(tokens.atoms), reversed(tokens.tags), reversed(tokens.breaks), strict=True
    ):
        near.append(keys)
        ahead.append(known)
        if strength >= SENTENCE:
            keys, known = _LAST, NOTHING
        else:
            keys = atoms.union(map(_BRACKETED.__getitem__, tags)) if tags else atoms
            known = known | keys
    near.reverse()
    ahead.reverse()
    return near, ahead


class _Bracketed(dict[str, str]):
    """Tags as patterns name them, each made once."""

    def __missing__(self, tag: str) -> str:
        made = self[tag] = f"<{tag}>"
        return made


_BRACKETED = _Bracketed()
_LAST = frozenset((END,))


def _stage(
    tokens: Tokens, marks: dict[str, list[Mark]], by_word: Index, by_tag: dict[str, list[Pattern]],
    near: list[frozenset[str]], ahead: list[frozenset[str]],
) -> None:  # fmt: skip
    new: list[tuple[str, int, int]] = []
    at = by_word.at
    for i, atoms in enumerate(tokens.atoms):
        starts = at(atoms, tokens.breaks[i] >= SENTENCE) if atoms else None
        if starts is not None:
            new += [(pattern.tag, i, i + 1) for pattern in starts.sure]
            for pattern in starts.hopeful(near[i], ahead[i]):
                end = match(pattern, tokens, i)
                if end > i:
                    new.append((pattern.tag, i, end))
        if by_tag:
            for tag in by_tag.keys() & tokens.tags[i].keys():
                for pattern in by_tag[tag]:
                    end = match(pattern, tokens, i)
                    if end > i:
                        new.append((pattern.tag, i, end))
    for tag, start, end in new:
        if tokens.tags[start].get(tag, -1) < end:
            if tag in tokens.tags[start]:
                marks[tag] = [m for m in marks.get(tag, ()) if m.start != start]
            tokens.tags[start][tag] = end
            marks.setdefault(tag, []).append(Mark(tag, start, end))
