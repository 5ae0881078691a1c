"""Read what a model wrote, in JSON or in lines, whole or cut off, into sentences with the numbers they cite."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.chat.faults import Kind, ModelFault
from corpus.sentences import split

LONGEST = 8_000
"""Characters of a reply that are read; a good one has under 1,500."""
MOST = 24
"""Sentences of a reply that are judged; seven are asked for."""
_OBJECT = re.compile(r'\{[^{}]*"text"\s*:\s*"(?:[^"\\]|\\.)*"[^{}]*\}', re.DOTALL)
_LINE = re.compile(r"^\s*(?:[-*•]\s*)?\[(?P<numbers>\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]\s*(?P<text>\S.*)$")
_MARKS = re.compile(r"\[\d{1,3}(?: {0,2}[,;] {0,2}\d{1,3}){0,9}\]")
"""Numbers in running text; what stands in front of them belongs to them."""
_MARK = re.compile(r"\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]|[*_`#]+")
_REFUSAL = re.compile(
    r"^\W*(?:i(?:['’]m| am) (?:sorry|unable|not able)|sorry\b|i can(?:['’]t|not) (?:help|assist|answer|provide|comply)|as an ai\b|i won['’]t)",
    re.IGNORECASE,
)
_SIGNS = {
    0x2018: "'",
    0x2019: "'",
    0x201C: '"',
    0x201D: '"',
    0x2010: "-",
    0x2011: "-",
    0x2013: "-",
    0x2014: " - ",
    0x2212: "-",
    0x2026: "...",
    0x2044: "/",
}
"""Quotes and dashes as a keyboard has them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a model and the passages' numbers it cites."""

    text: str
    numbers: tuple[int, ...]


def parse(text: str) -> list[Said]:
    """The sentences of a reply; none where the model says the passages do not answer.

    Raises `ModelFault` (empty, refusal, long, repeats, format) for what holds no answer.
    """
    bare = text.strip()
    if not bare:
        raise ModelFault(Kind.EMPTY)
    if repeats(bare):
        raise ModelFault(Kind.REPEATS)
    if len(bare) > LONGEST:
        raise ModelFault(Kind.LONG)
    if bare.strip(" .").upper() == "NONE":
        return []
    items = _json(bare)
    found = items if items is not None else _lines(bare)
    if found is None:
        raise ModelFault(Kind.REFUSAL if _REFUSAL.match(bare) else Kind.FORMAT)
    return [one for item in found[:MOST] for one in _single(item)][:MOST]


def visible(text: str) -> str:
    """`text` as it is seen: full-width and styled letters as plain ones, without control, zero-width, turning and half characters."""
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return "".join(
        sign if unicodedata.category(sign)[0] != "C" else " " * (sign in "\n\t\r") for sign in plain
    )


def repeats(text: str) -> bool:
    """Whether a text goes round in circles: few different words among many, or one long run without a space."""
    words = text.split()
    if len(words) >= 60 and len(set(words)) / len(words) < 0.2:
        return True
    return max(map(len, words), default=0) > 400 and len(set(text)) < 12


def _json(text: str) -> list[Said] | None:
    """Sentences of a JSON object, in a fence or not; of one that was cut off those that are whole. None if it is not JSON."""
    begin = text.find("{")
    if begin < 0 or begin > 200:
        return None
    end = text.rfind("}")
    try:
        data: Any = json.loads(text[begin : end + 1])
    except (json.JSONDecodeError, RecursionError):
        return [said for match in _OBJECT.finditer(text) if (said := _object(match.group()))] or None
    entries = data.get("sentences") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        return None
    return [said for entry in entries if (said := _entry(entry))]


def _object(text: str) -> Said | None:
    """One whole sentence object out of a reply that is broken elsewhere."""
    try:
        return _entry(json.loads(text))
    except json.JSONDecodeError:
        return None


def _entry(entry: Any) -> Said | None:
    """A sentence object, if it is one."""
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return None
    given = entry.get("passages", [])
    numbers = given if isinstance(given, list) else [given]
    kept = tuple(
        int(one) for one in numbers if isinstance(one, int) or (isinstance(one, str) and one.isdigit())
    )
    return Said(entry["text"], kept)


def _lines(text: str) -> list[Said] | None:
    """Sentences of the line format, or of running text with numbers behind its sentences; None where neither is there."""
    found: list[Said] = []
    for line in text.splitlines():
        first = _LINE.match(line)
        if first and not re.search(r"\[\d", first["text"]):
            found.append(Said(first["text"], _numbers(first["numbers"])))
        else:
            found += _running(re.sub(r"^(?:[-*•]|\d{1,2}[.)])\s", "", line.strip()))
    return found or None


def _running(line: str) -> list[Said]:
    """Pieces of running text, each with the numbers behind it; "[1][2]" are one place."""
    found: list[Said] = []
    begin = 0
    for match in _MARKS.finditer(line):
        text = line[begin : match.start()].strip(" .!?") if found else line[: match.start()].strip()
        begin = match.end()
        if re.search(r"\w", text):
            found.append(Said(text, _numbers(match.group())))
        elif found:
            found[-1] = Said(found[-1].text, (*found[-1].numbers, *_numbers(match.group())))
    return found


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", text))


def _single(said: Said) -> list[Said]:
    """One entry a sentence, without marks: what hides a second sentence behind a good one is judged twice."""
    clean = re.sub(r"\s+", " ", _MARK.sub("", visible(said.text))).strip()
    numbers = tuple(dict.fromkeys(said.numbers))[:3]
    return [Said(_ended(one), numbers) for one in split(clean) if re.search(r"\w", one)]


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
