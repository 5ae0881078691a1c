"""The lexicon: what words mean to the safety layer. Data in lexicon/*.toml, one concept a file; this module reads and checks it.

A file may have
    why = "..."           the reasoning, for whoever maintains it
    source = ["S1"]       where it comes from (SOURCES.md)
    language = "es"       left out for English and for what all languages share
    [concept]             id, name, tier, topic, nerve: what a finding of this file is
    [tags.NAME]           words = "a b c*", phrases = [patterns], mask = true to hide what they cover, or the one tag to hide;
                          quiet = true for words that only steer how others are read: no marks of their own
    [[example]]           text, holds = true or false: whether the concept is asserted there; run by the tests
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from safety.index import Index
from safety.normalise import plain
from safety.pattern import Pattern, PatternError, Tokens, compile_pattern
from safety.spelling import Repair

FOLDER = Path(__file__).with_name("lexicon")
_KEYS = {"why", "source", "language", "concept", "tags", "example"}
_CONCEPT_KEYS = {"id", "name", "tier", "topic", "nerve"}
_TAG_KEYS = {"words", "phrases", "mask", "typos", "quiet"}
LANGUAGES = ("en", "es", "pt", "de", "fr")


class LexiconFaults(ValueError):
    """Everything that is wrong in the lexicon's files, one line each."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a finding of a file is: id, name in words, tier by name, topic of the referral, nerve or not, sources."""

    id: str
    name: str
    tier: str
    topic: str
    nerve: bool
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word as the lexicon knows it: as it should be spelt, the lexicon's words and prefixes it is a form of, and its tags."""

    word: str
    atoms: frozenset[str]
    tags: tuple[str, ...]


@dataclass(slots=True)
class Lexicon:
    """The compiled lexicon of one language (English is part of each, since lifters mix)."""

    language: str
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    masks: Index = field(default_factory=Index)
    stages: list[tuple[Index, dict[str, list[Pattern]]]] = field(default_factory=list)
    """Per stage: patterns by first word, and by first tag."""
    atoms: set[str] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    """Tags that are looked up at a word but leave no marks."""
    repair: Repair | None = None
    """None where words are not mended: in languages without a lexicon, whose words would come out as English ones."""
    cache: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    def look_up(self, word: str) -> tuple[Entry, ...]:
        """What `word` stands for: one entry, or several where it is words without spaces. Typos are mended on the way."""
        known = self.cache.get(word)
        if known is None:
            known = self._look_up(word)
            if len(self.cache) < 50_000:
                self.cache[word] = known
        return known

    def _look_up(self, word: str) -> tuple[Entry, ...]:
        if (
            self.language == "en"
            and word.endswith("in")
            and word not in self.atoms
            and f"{word}g" in self.atoms
        ):
            word = f"{word}g"  # "foot was hangin"
        atoms, tags = self._exact(word)
        if self.repair is None or (atoms and not self.repair.hurried(word)):
            return (Entry(word, atoms, tags),)
        split = self.repair.split(word)
        if split:
            return tuple(Entry(piece, *self._exact(piece)) for piece in split)
        mended = self.repair.mend(word)
        return (Entry(word, atoms, tags),) if mended is None else (Entry(mended, *self._exact(mended)),)

    def _exact(self, word: str) -> tuple[frozenset[str], tuple[str, ...]]:
        atoms = {"#"} if word.isdigit() else set()
        tags = dict.fromkeys(self.words.get(word, ()))
        if word in self.atoms:
            atoms.add(word)
        for size in range(2, min(len(word), 24) + 1):
            prefix = word[:size]
            if prefix + "*" in self.atoms:
                atoms.add(prefix + "*")
                tags.update(dict.fromkeys(self.prefixes.get(prefix, ())))
        return frozenset(atoms), tuple(tags)


@dataclass(slots=True)
class _Source:
    name: str
    language: str
    patterns: list[Pattern]
    words: dict[str, list[str]]
    typos: list[str]
    masks: list[Pattern]
    quiet: list[str]


@lru_cache(maxsize=2)
def read(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """All lexicon files as data, checked for keys. Raises LexiconFaults naming every fault of every file."""
    faults: list[str] = []
    files: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}: {error}")
            continue
        faults += _faults(path.name, data)
        files.append({"file": path.name, **data})
    if faults:
        raise LexiconFaults("\n".join(faults))
    return files


def _faults(name: str, data: dict[str, Any]) -> list[str]:
    faults = [f"{name}: unknown key {k!r}, legal are {sorted(_KEYS)}" for k in data.keys() - _KEYS]
    concept = data.get("concept", {})
    faults += [
        f"{name}: concept: unknown key {k!r}, legal are {sorted(_CONCEPT_KEYS)}"
        for k in concept.keys() - _CONCEPT_KEYS
    ]
    if concept:
        faults += [f"{name}: concept: {k!r} is missing" for k in _CONCEPT_KEYS - concept.keys()]
    for tag, entry in data.get("tags", {}).items():
        faults += [
            f"{name}: tags.{tag}: unknown key {k!r}, legal are {sorted(_TAG_KEYS)}"
            for k in entry.keys() - _TAG_KEYS
        ]
        for phrase in entry.get("phrases", ()):
            try:
                compile_pattern(phrase, tag)
            except PatternError as error:
                faults.append(f"{name}: tags.{tag}: {error}")
    for key in ("why",):
        if not data.get(key):
            faults.append(f"{name}: {key!r} is missing: say why these words belong here")
    if data.get("language", "en") not in LANGUAGES:
        faults.append(f"{name}: language {data['language']!r}, legal are {LANGUAGES}")
    return faults


@lru_cache(maxsize=1)
def concepts() -> dict[str, Concept]:
    """All concepts by id."""
    found: dict[str, Concept] = {}
    for data in read():
        if "concept" in data:
            c = data["concept"]
            found[c["id"]] = Concept(
                c["id"], c["name"], c["tier"], c["topic"], c["nerve"], tuple(data.get("source", ()))
            )
    return found


@lru_cache(maxsize=8)
def lexicon(language: str = "en") -> Lexicon:
    """The compiled lexicon of `language` (English included; "other" is English with nothing mended). Raises LexiconFaults."""
    sources = [_compile(d) for d in read() if d.get("language", "en") in ("en", language)]
    compiled = Lexicon(language)
    words: defaultdict[str, list[str]] = defaultdict(list)
    prefixes: defaultdict[str, list[str]] = defaultdict(list)
    patterns: list[Pattern] = []
    typos: set[str] = set()
    ordinary = {w for s in sources if s.language != "en" for w in s.words.get("ordinary", ())}
    for source in sources:
        if source.language == "en" and ordinary:
            source.patterns = [_without(p, ordinary) for p in source.patterns]
            source.masks = [_without(p, ordinary) for p in source.masks]
        for tag, entries in source.words.items():
            for word in entries:
                compiled.atoms.add(word)
                if source.language == "en" and word in ordinary:
                    continue
                (prefixes[word[:-1]] if word.endswith("*") else words[word]).append(tag)
        for pattern in (*source.patterns, *source.masks):
            compiled.atoms |= pattern.words
        patterns += source.patterns
        for pattern in source.masks:
            compiled.masks.add(pattern)
        typos.update(source.typos)
        compiled.quiet.update(source.quiet)
    compiled.words = {w: tuple(t) for w, t in words.items()}
    compiled.prefixes = {w: tuple(t) for w, t in prefixes.items()}
    compiled.stages = _stages(patterns)
    if language != "other":
        compiled.repair = Repair(typos, compiled.atoms, language=language)
    return compiled


def _without(pattern: Pattern, ordinary: set[str]) -> Pattern:
    """An English pattern that no ordinary word of another language starts ("was", "die", "not" in German)."""
    return (
        pattern
        if pattern.first_words.isdisjoint(ordinary)
        else replace(pattern, first_words=pattern.first_words - ordinary)
    )


def _compile(data: dict[str, Any]) -> _Source:
    source = _Source(data["file"], data.get("language", "en"), [], {}, [], [], [])
    for tag, entry in data.get("tags", {}).items():
        entries = plain(entry.get("words", "")).split()
        source.words[tag] = entries
        if entry.get("quiet", False):
            source.quiet.append(tag)
        if entry.get("typos", False):
            source.typos += [w for w in entries if not w.endswith("*")]
        compiled = [compile_pattern(plain(p), tag) for p in entry.get("phrases", ())]
        mask = entry.get("mask", False)
        if mask:
            source.masks += [replace(p, hides=mask if isinstance(mask, str) else "") for p in compiled]
        else:
            source.patterns += compiled
    return source


def _stages(patterns: list[Pattern]) -> list[tuple[Index, dict[str, list[Pattern]]]]:
    """Order patterns so that each runs after those whose tags it uses."""
    makers: defaultdict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        makers[pattern.tag].append(pattern)
    stage: dict[str, int] = {}

    def of_tag(tag: str, seen: tuple[str, ...]) -> int:
        if tag in seen:
            raise LexiconFaults(f"tags refer to each other in a circle: {' -> '.join((*seen, tag))}")
        if tag not in stage:
            stage[tag] = max((of_pattern(p, (*seen, tag)) for p in makers.get(tag, ())), default=0)
        return stage[tag]

    def of_pattern(pattern: Pattern, seen: tuple[str, ...]) -> int:
        return max((of_tag(t, seen) + 1 for t in pattern.tags), default=0)

    ordered: defaultdict[int, tuple[Index, dict[str, list[Pattern]]]] = defaultdict(lambda: (Index(), {}))
    for pattern in patterns:
        by_word, by_tag = ordered[of_pattern(pattern, ())]
        by_word.add(pattern)
        for tag in pattern.first_tags:
            by_tag.setdefault(tag, []).append(pattern)
    return [ordered[n] for n in sorted(ordered)]


__all__ = ["Concept", "Entry", "Lexicon", "LexiconFaults", "Tokens", "concepts", "lexicon", "read"]
