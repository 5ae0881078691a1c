"""The little pattern language of the lexicon.

    numb*                 a word, `*` for any ending
    (foot|big toe|toe*)   alternatives, of any length and depth
    (my|the)?             may be missing
    ~3                    up to three words of anything, within the sentence
    <leg>                 whatever carries the tag "leg"; <leg|foot> either
    !(more|less)          the next word is none of these
    ^ and $               start and end of a sentence

A pattern is matched against the tokens of one message. Punctuation separates sentences and is otherwise passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE = 3
"""Strength of the boundary that no gap crosses (full stop, question mark, new line)."""

_PIECE = re.compile(r"\s+|[\^$]|~\d+|[()|?!]|<[^<>]*>|[^\s()<>?!~^|$]+")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: words and tags, or alternatives that are patterns themselves."""

    words: frozenset[str] = frozenset()
    """Exact words, and prefixes written with a trailing `*`."""
    tags: frozenset[str] = frozenset()
    groups: tuple[tuple[Element, ...], ...] = ()
    optional: bool = False
    gap: int = 0
    negative: bool = False
    start: bool = False
    end: bool = False
    plain: bool = field(init=False)
    """Words and tags alone, which must be there."""
    head_words: frozenset[str] = field(init=False)
    head_tags: frozenset[str] = field(init=False)
    """What it can begin with."""
    open: bool = field(init=False)
    """Whether it may begin with anything, or with nothing at all."""

    def __post_init__(self) -> None:
        """Work out what can begin here, so that most places are passed over without trying."""
        firsts = [g[0] for g in self.groups]
        special = self.optional or self.negative or self.start or self.end or bool(self.gap)
        put = object.__setattr__
        put(self, "plain", not (special or self.groups))
        put(self, "head_words", self.words.union(*(e.head_words for e in firsts)))
        put(self, "head_tags", self.tags.union(*(e.head_tags for e in firsts)))
        put(self, "open", special or any(e.open for e in firsts))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern and the tag that its matches carry."""

    tag: str
    source: str
    elements: tuple[Element, ...]
    tags: frozenset[str]
    """Tags it refers to."""
    words: frozenset[str]
    """Words it refers to."""
    first_words: frozenset[str]
    first_tags: frozenset[str]
    """What a match can start with."""
    needs: tuple[frozenset[str], ...] = ()
    """Further words and <tags> of which a message must hold one each; checked before matching, for speed."""


@dataclass(slots=True)
class Tokens:
    """One message cut into words, with what is known of each."""

    words: list[str]
    spans: list[tuple[int, int]]
    breaks: list[int]
    """Strength of the boundary before each word: 0 none, 1 comma or dash, 2 semicolon or bracket, 3 sentence."""
    atoms: list[frozenset[str]]
    """The lexicon's words and prefixes that each word is a form of."""
    tags: list[dict[str, int]] = field(default_factory=list)
    """Per word: tag -> index after the last word of the longest match that starts here."""
    question: list[bool] = field(default_factory=list)
    """Per word: whether its sentence ends with a question mark."""
    mended: list[int] = field(default_factory=list)
    """Words that are not spelt as they were written."""


@cache
def compile_pattern(source: str, tag: str) -> Pattern:
    """Read one pattern. Raises PatternError."""
    pieces = [m.group() for m in _PIECE.finditer(source) if not m.group().isspace()]
    if "".join(pieces) != "".join(source.split()):
        raise PatternError(f"cannot read pattern {source!r}")
    elements, rest = _sequence(pieces, 0, source)
    if rest != len(pieces):
        raise PatternError(f"a bracket too many in pattern {source!r}")
    words, tags = _mentioned(elements)
    first_words, first_tags = _first(elements, source)
    return Pattern(tag, source, elements, tags, words, first_words, first_tags, _needs(elements))


def _needs(elements: tuple[Element, ...]) -> tuple[frozenset[str], ...]:
    needed: list[frozenset[str]] = []
    for element in [e for e in elements if not (e.start or e.gap or e.end)][1:]:
        if element.optional or element.negative:
            continue
        heads = [_first(g, "") for g in element.groups]
        words = element.words.union(*(w for w, _ in heads))
        tags = element.tags.union(*(t for _, t in heads))
        needed.append(words | frozenset(f"<{t}>" for t in tags))
    return tuple(sorted(needed, key=len))


def _sequence(pieces: list[str], at: int, source: str) -> tuple[tuple[Element, ...], int]:
    elements: list[Element] = []
    while at < len(pieces) and pieces[at] not in ")|":
        piece = pieces[at]
        if piece == "^":
            elements.append(Element(start=True))
            at += 1
            continue
        if piece == "$":
            elements.append(Element(end=True))
            at += 1
            continue
        if piece.startswith("~"):
            elements.append(Element(gap=int(piece[1:])))
            at += 1
            continue
        negative = piece == "!"
        element, at = _atom(pieces, at + negative, source)
        optional = at < len(pieces) and pieces[at] == "?"
        elements.append(
            replace(element, optional=optional, negative=negative) if optional or negative else element
        )
        at += optional
    return tuple(elements), at


def _atom(pieces: list[str], at: int, source: str) -> tuple[Element, int]:
    if at >= len(pieces) or pieces[at] in ")|?!":
        raise PatternError(f"something is missing in pattern {source!r}")
    piece = pieces[at]
    if piece.startswith("<"):
        return Element(tags=frozenset(piece[1:-1].split("|"))), at + 1
    if piece != "(":
        return Element(words=frozenset((piece,))), at + 1
    groups: list[tuple[Element, ...]] = []
    while piece != ")":
        group, at = _sequence(pieces, at + 1, source)
        if not group or at >= len(pieces):
            raise PatternError(f"an empty or open bracket in pattern {source!r}")
        groups.append(group)
        piece = pieces[at]
    plain = [g[0] for g in groups if len(g) == 1 and _simple(g[0])]
    element = Element(
        words=frozenset().union(*(e.words for e in plain)),
        tags=frozenset().union(*(e.tags for e in plain)),
        groups=tuple(g for g in groups if len(g) > 1 or not _simple(g[0])),
    )
    return element, at + 1


def _simple(element: Element) -> bool:
    return bool(element.words or element.tags) and not (
        element.groups or element.optional or element.negative
    )


def _mentioned(elements: tuple[Element, ...]) -> tuple[frozenset[str], frozenset[str]]:
    words: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    for element in elements:
        inner = [_mentioned(g) for g in element.groups]
        words = words.union(element.words, *(w for w, _ in inner))
        tags = tags.union(element.tags, *(t for _, t in inner))
    return words, tags


def _first(elements: tuple[Element, ...], source: str) -> tuple[frozenset[str], frozenset[str]]:
    first = next((e for e in elements if not e.start), None)
    if first is None or first.optional or first.gap or first.negative:
        raise PatternError(f"pattern {source!r} must start with something that is always there")
    inner = [_first(g, source) for g in first.groups]
    return first.words.union(*(w for w, _ in inner)), first.tags.union(*(t for _, t in inner))


def match(pattern: Pattern, tokens: Tokens, start: int) -> int:
    """Index after the first match of `pattern` at word `start` (shortest gaps first), or -1."""
    return next(_walk(pattern.elements, 0, tokens, start, start), -1)


def longest(pattern: Pattern, tokens: Tokens, start: int) -> int:
    """Index after the longest match of `pattern` at word `start`, or -1."""
    return max(_walk(pattern.elements, 0, tokens, start, start), default=-1)


def _walk(elements: tuple[Element, ...], at: int, tokens: Tokens, i: int, first: int) -> Iterator[int]:
    """Ends of `elements[at:]` from word `i`. Patterns are short, so backtracking over gaps and options stays small."""
    size = len(tokens.words)
    while at < len(elements):
        element = elements[at]
        if not element.plain:
            break
        # A run of plain words needs no backtracking: each has one end, but for tags that cover several words.
        if not _begins(element, tokens, i, first, size):
            return
        ends = [tokens.tags[i][tag] for tag in element.tags if tag in tokens.tags[i]]
        if not element.words.isdisjoint(tokens.atoms[i]):
            ends.append(i + 1)
        for stop in ends[:-1]:
            yield from _walk(elements, at + 1, tokens, stop, first)
        i = ends[-1]
        at += 1
    else:
        yield i
        return
    if element.start or element.end or element.negative:
        if _stands(element, tokens, i, first):
            yield from _walk(elements, at + 1, tokens, i, first)
    elif element.gap:
        yield from _over(elements, at, tokens, i, first)
    else:
        if i < size and (i == first or tokens.breaks[i] < SENTENCE):
            for stop in _ends(element, tokens, i, first):
                yield from _walk(elements, at + 1, tokens, stop, first)
        if element.optional:
            yield from _walk(elements, at + 1, tokens, i, first)


def _stands(element: Element, tokens: Tokens, i: int, first: int) -> bool:
    """Whether an element that takes no words holds at word `i`: start, end, or none of these words."""
    size = len(tokens.words)
    if element.start:
        return i < size and tokens.breaks[i] >= SENTENCE
    if element.end:
        return i >= size or tokens.breaks[i] >= SENTENCE
    return i >= size or next(_ends(element, tokens, i, first), -1) < 0


def _over(elements: tuple[Element, ...], at: int, tokens: Tokens, i: int, first: int) -> Iterator[int]:
    """Ends of what follows the gap `elements[at]`, shortest gap first."""
    size, breaks = len(tokens.words), tokens.breaks
    after = elements[at + 1] if at + 1 < len(elements) else None
    if after is None or after.open:
        after = None
        if i >= size:
            yield from _walk(elements, at + 1, tokens, i, first)
    for j in range(i, min(i + elements[at].gap, size - 1) + 1):
        if j > i and j - 1 > first and breaks[j - 1] >= SENTENCE:
            break
        if after is None or _begins(after, tokens, j, first, size):
            yield from _walk(elements, at + 1, tokens, j, first)


def _begins(element: Element, tokens: Tokens, i: int, first: int, size: int) -> bool:
    """Whether word `i` can begin `element`."""
    return (
        i < size
        and (i == first or tokens.breaks[i] < SENTENCE)
        and not (
            element.head_words.isdisjoint(tokens.atoms[i]) and element.head_tags.isdisjoint(tokens.tags[i])
        )
    )


def _ends(element: Element, tokens: Tokens, i: int, first: int) -> Iterator[int]:
    """Where `element` may end if it starts at word `i`."""
    here = tokens.tags[i]
    for tag in element.tags:
        if tag in here:
            yield here[tag]
    if element.words and not element.words.isdisjoint(tokens.atoms[i]):
        yield i + 1
    for group in element.groups:
        head = group[0]
        if head.open or not (head.head_words.isdisjoint(tokens.atoms[i]) and head.head_tags.isdisjoint(here)):
            yield from _walk(group, 0, tokens, i, first)
