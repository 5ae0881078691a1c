"""Ways to ask: how people put the questions that our claims answer, `corpus/documents/asked/*.md`.

A claim is written in the words of its source and a question in the words of whoever asks; "my toes point out when I stand up with it" shares
nothing with "external rotation of the hips". So each heading has a dozen such questions, which are searched with the claims under it and never
shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.faults import Fault
from corpus.notation import read_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Ways = dict[str, tuple[str, ...]]
"""The ways to ask of one document, by the path of the heading whose claims answer them."""

FEWEST_WORDS, MOST_WORDS = 2, 30
"""Longer ones are vague as a whole, and a single word asks nothing."""


def read(folder: Path, faults: list[Fault]) -> dict[str, Ways]:
    """The ways to ask of every document of `folder` by its id, faults noted; none where there is no such folder."""
    return {path.stem: _read(path, faults) for path in sorted(folder.glob("*.md"))}


def _read(path: Path, faults: list[Fault]) -> Ways:
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(name, 1, f"cannot be read as UTF-8 text: {error}"))
        return {}
    headings: list[tuple[int, str]] = []
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for line in read_lines(text):
        if line.level == 1:
            continue
        if line.level:
            headings = [
                *((level, title) for level, title in headings if level < line.level),
                (line.level, line.text),
            ]
            continue
        if not headings:
            faults.append(Fault(name, line.number, "a way to ask must stand under a heading of its document"))
            continue
        if not FEWEST_WORDS <= len(line.text.split()) <= MOST_WORDS:
            faults.append(Fault(name, line.number, f"a way to ask has {FEWEST_WORDS} to {MOST_WORDS} words"))
        if line.text.casefold() in seen:
            faults.append(Fault(name, line.number, "the same way to ask stands above"))
        seen.add(line.text.casefold())
        found.setdefault(" > ".join(title for _, title in headings), []).append(line.text)
    return {section: tuple(ways) for section, ways in found.items()}


def check(sections: Mapping[str, set[str]], asked: Mapping[str, Ways], faults: list[Fault]) -> None:
    """Note ways to ask that belong to no document or to no heading with claims. `sections`: paths of headings by document."""
    for document, ways in asked.items():
        if document not in sections:
            faults.append(Fault(f"asked/{document}.md", 1, f'there is no document "{document}"'))
            continue
        faults += [
            Fault(f"asked/{document}.md", 1, f'{document}.md has no claims under "{section}"')
            for section in sorted(ways.keys() - sections[document])
        ]
