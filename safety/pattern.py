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

SENTENCE = 3
"""Strength of the boundary that no gap crosses (full stop, question mark, new line)."""
END = "$"
"""Stands for the end of the sentence where the next word is asked for."""

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
    then: frozenset[str] | None = None
    """Words and <tags> of which the next word must be one, or END, where that is known (`starting`)."""
    opens: bool = False
    """It stands only at the start of a sentence (`starting` takes the mark off)."""
    sure: bool = False
    """One word and nothing more: it matches wherever it is tried (`starting`)."""
    hides: str | None = None
    """Of a mask: the tag that it hides, "" for everything."""


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


def starting(pattern: Pattern, word: str) -> Pattern:
    """`pattern` as far as it can begin with `word`, one of its first words.

    Most patterns are long alternations: what is left of one is short, matches as before and is passed over sooner.
    """
    lead = tuple(e for e in pattern.elements if e.start)
    head, *rest = pattern.elements[len(lead) :]
    elements = (*_begun(head, word), *rest)
    alone = elements[0].plain and not elements[0].tags
    then = _second(elements)
    return replace(
        pattern,
        elements=elements,
        needs=tuple(n for n in _needs(elements) if n != then),
        then=then,
        opens=bool(lead),
        sure=alone and len(elements) == 1,
    )


def _second(elements: tuple[Element, ...]) -> frozenset[str] | None:
    """Words and <tags> that must come after the first word of `elements`, or None where anything may."""
    first, rest = elements[0], elements[1:]
    if first.tags or not all(g[0].plain and not g[0].tags for g in first.groups):
        return None
    ways = [_next((*g[1:], *rest)) for g in first.groups]
    if first.words:
        ways.append(_next(rest))
    known = [way for way in ways if way is not None]
    return frozenset().union(*known) if len(known) == len(ways) else None


def _next(elements: tuple[Element, ...]) -> frozenset[str] | None:
    """Words and <tags> that the first word of `elements` must be one of, or None where it may be anything."""
    found: frozenset[str] = frozenset()
    for element in elements:
        if element.end:
            return found | {END}
        if element.gap or element.negative or element.start or any(g[0].open for g in element.groups):
            return None
        found = found.union(element.head_words, (f"<{t}>" for t in element.head_tags))
        if not element.optional:
            return found
    return None


def _begun(element: Element, word: str) -> tuple[Element, ...]:
    """`element`, which must be there, with the alternatives that can begin with `word`."""
    groups = [(*_begun(g[0], word), *g[1:]) for g in element.groups if word in g[0].head_words]
    words = element.words & {word}
    if len(groups) == 1 and not words:
        return groups[0]
    return (Element(words=words, groups=tuple(groups)),)


def match(pattern: Pattern, tokens: Tokens, start: int) -> int:
    """Index after the first match of `pattern` at word `start` (shortest gaps first), or -1."""
    ends = _walk(pattern.elements, tokens, start, start)
    return ends[0] if ends else -1


def longest(pattern: Pattern, tokens: Tokens, start: int) -> int:
    """Index after the longest match of `pattern` at word `start`, or -1."""
    return max(_walk(pattern.elements, tokens, start, start), default=-1)


def _walk(elements: tuple[Element, ...], tokens: Tokens, i: int, first: int) -> list[int]:
    """Where `elements` may end if they start at word `i`, each place once, shortest gaps and taken options first."""
    front = [i]
    for n, element in enumerate(elements):
        ends: list[int] = []
        for j in front:
            if element.gap:
                ends += _over(element, elements[n + 1] if n + 1 < len(elements) else None, tokens, j, first)
            else:
                ends += _ends(element, tokens, j, first)
        if not ends:
            return ends
        front = ends if len(ends) == 1 else list(dict.fromkeys(ends))
    return front


def _ends(element: Element, tokens: Tokens, i: int, first: int) -> list[int]:
    """Where an `element` that is no gap may end if it starts at word `i`."""
    ends: list[int] = []
    if i < len(tokens.words):
        if element.start:
            return [i] if tokens.breaks[i] >= SENTENCE else ends
        if i == first or tokens.breaks[i] < SENTENCE or element.negative:
            here = tokens.tags[i]
            ends += [here[tag] for tag in element.tags if tag in here]
            atoms = tokens.atoms[i]
            if element.words and not element.words.isdisjoint(atoms):
                ends.append(i + 1)
            for group in element.groups:
                head = group[0]
                if head.open or not (head.head_words.isdisjoint(atoms) and head.head_tags.isdisjoint(here)):
                    ends += _walk(group, tokens, i, first)
    if element.plain:
        return ends
    if element.negative:
        return [] if ends else [i]
    if element.end:
        return [i] if i >= len(tokens.words) or tokens.breaks[i] >= SENTENCE else []
    if element.optional:
        ends.append(i)
    return ends


def _over(gap: Element, after: Element | None, tokens: Tokens, i: int, first: int) -> list[int]:
    """Where a `gap` that starts at word `i` may end, shortest first, so that `after` can begin there."""
    size, breaks = len(tokens.words), tokens.breaks
    if after is None or after.open:
        after = None
        if i >= size:
            return [i]
    ends: list[int] = []
    for j in range(i, min(i + gap.gap, size - 1) + 1):
        if j > i and j - 1 > first and breaks[j - 1] >= SENTENCE:
            break
        if after is None or (
            (j == first or breaks[j] < SENTENCE)
            and not (
                after.head_words.isdisjoint(tokens.atoms[j]) and after.head_tags.isdisjoint(tokens.tags[j])
            )
        ):
            ends.append(j)
    return ends
