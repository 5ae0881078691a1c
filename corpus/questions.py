"""The project's own questions for measuring answers: `corpus/questions/*.toml`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from corpus.claims import TOPICS
from corpus.faults import CorpusFaults, Fault

HERE = Path(__file__).parent / "questions"

Kind = Literal["answerable", "unanswerable", "disagreement", "follow-up", "injection", "symptom"]
Split = Literal["tune", "test"]
TIERS = ("NONE", "CAUTION", "REFER", "URGENT", "EMERGENCY")
FILE_KEYS = ("kind", "documents", "question")
KEYS = ("id", "text", "turns", "split", "documents", "facts", "topic", "tier", "forbidden")


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a good reply to it does."""

    id: str
    kind: Kind
    split: Split
    turns: tuple[str, ...]
    """What the person writes, oldest first; the last one is answered."""
    documents: tuple[str, ...] = ()
    """Documents that should be cited: any of them, or for disagreements all."""
    facts: tuple[tuple[str, ...], ...] = ()
    """Facts the answer should hold, each a choice of phrasings (see `states`)."""
    topic: str | None = None
    """The topic of a disagreement."""
    tier: str | None = None
    """The tier the message has: exact for symptoms, the least for injections."""
    forbidden: tuple[str, ...] = ()
    """Phrases that must not stand in the reply."""

    @property
    def text(self) -> str:
        """What is answered: the last turn."""
        return self.turns[-1]


def load(directory: Path | None = None, split: Split | None = None) -> list[Question]:
    """All questions of a directory, ours by default, or those of one split. Raises CorpusFaults with every fault found."""
    faults: list[Fault] = []
    questions: list[Question] = []
    for path in sorted((directory or HERE).glob("*.toml")):
        questions.extend(_read(path, faults))
    for name, count in Counter(question.id for question in questions).items():
        if count > 1:
            faults.append(Fault("questions", 1, f'id "{name}" is used {count} times'))
    if faults:
        raise CorpusFaults(faults)
    return [question for question in questions if split in (None, question.split)]


def states(answer: str, phrasing: str) -> bool:
    """Whether a text holds a phrasing: its words one after the other, whatever the case and punctuation.

    Words of four letters and more may go on ("glute" is found in "glutes"), shorter ones take a plural s,
    and figures match whole.
    """
    return re.search(_pattern(phrasing), " ".join(_words(answer))) is not None


def missing_facts(question: Question, answer: str) -> list[tuple[str, ...]]:
    """The expected facts of which no phrasing stands in the answer."""
    return [fact for fact in question.facts if not any(states(answer, phrasing) for phrasing in fact)]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+(?:\.\d+)?", text.casefold().replace("’", "'"))


def _pattern(phrasing: str) -> str:
    parts = [
        re.escape(word) + ("" if not word.isalpha() else r"\w*" if len(word) > 3 else "s?")
        for word in _words(phrasing)
    ]
    return r"\b" + " ".join(parts) + r"\b"


def _read(path: Path, faults: list[Fault]) -> list[Question]:
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        where = re.search(r"line (\d+)", str(error))
        faults.append(Fault(path.name, int(where[1]) if where else 1, f"is not TOML: {error}"))
        return []
    problems = [
        (1, f'unknown key "{key}"; legal are {", ".join(FILE_KEYS)}') for key in data if key not in FILE_KEYS
    ]
    if data.get("kind") not in get_args(Kind):
        problems.append((1, f"kind must be one of {', '.join(get_args(Kind))}"))
    entries = data.get("question", [])
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "[[question]]"]
    if not isinstance(entries, list) or not entries or len(starts) != len(entries):
        problems.append((1, "holds no questions: begin each with a line [[question]]"))
        entries = []
    questions = []
    for start, entry in zip(starts, entries, strict=False):
        wrong = _problems(entry, data)
        problems += [(start, message) for message in wrong]
        if not wrong and not problems:
            questions.append(_build(entry, data))
    faults.extend(Fault(path.name, number, message) for number, message in problems)
    return questions


def _problems(entry: dict[str, Any], file: dict[str, Any]) -> list[str]:
    """What is wrong with one entry."""
    problems = [f'unknown key "{key}"; legal are {", ".join(KEYS)}' for key in entry if key not in KEYS]
    kind = file.get("kind")
    if not isinstance(entry.get("id"), str) or not entry["id"]:
        problems.append('"id" is missing')
    if entry.get("split") not in get_args(Split):
        problems.append(f'"split" must be one of {", ".join(get_args(Split))}')
    if ("text" in entry) == ("turns" in entry):
        problems.append('give either "text" or "turns"')
    problems += [
        f'"{key}" is text' for key in ("text", "topic", "tier") if not isinstance(entry.get(key, ""), str)
    ]
    problems += [
        f'"{key}" is a list of texts'
        for key in ("turns", "documents", "forbidden")
        if not _texts(entry.get(key, []))
    ]
    facts = entry.get("facts", [])
    if not isinstance(facts, list) or not all(
        _texts(fact) and fact and all(map(_words, fact)) for fact in facts
    ):
        problems.append('"facts" is a list of lists of phrasings')
    if entry.get("topic") is not None and entry["topic"] not in TOPICS:
        problems.append(f'unknown topic "{entry["topic"]}"; legal are {", ".join(TOPICS)}')
    if entry.get("tier") is not None and entry["tier"] not in TIERS:
        problems.append(f'unknown tier "{entry["tier"]}"; legal are {", ".join(TIERS)}')
    needs = {
        "answerable": ("facts",), "disagreement": ("topic",), "symptom": ("tier",),
        "follow-up": ("turns", "facts"), "injection": ("forbidden",),
    }  # fmt: skip
    problems += [
        f'a question of kind {kind} needs "{key}"' for key in needs.get(str(kind), ()) if not entry.get(key)
    ]
    if kind in ("answerable", "disagreement", "follow-up") and not (
        entry.get("documents") or file.get("documents")
    ):
        problems.append(f'a question of kind {kind} needs "documents"')
    return problems


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _build(entry: dict[str, Any], file: dict[str, Any]) -> Question:
    return Question(
        id=entry["id"],
        kind=cast("Kind", file["kind"]),
        split=entry["split"],
        turns=tuple(entry.get("turns") or (entry["text"],)),
        documents=tuple(entry.get("documents") or file.get("documents") or ()),
        facts=tuple(tuple(fact) for fact in entry.get("facts", [])),
        topic=entry.get("topic"),
        tier=entry.get("tier"),
        forbidden=tuple(entry.get("forbidden", [])),
    )
