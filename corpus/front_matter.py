"""The front matter of our documents: what a source is, and what holds for all its claims."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.claims import GATES, HANDLING, TRUST
from corpus.faults import Fault

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED = ("id", "title", "publisher", "kind", "date", "licence_note", "trust", "speaker")
OPTIONAL = ("source", "gate", "handling", "sources")

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of a document's front matter. `speaker`, `gate` and `handling` are defaults for its claims."""

    id: str
    title: str
    publisher: str
    kind: str
    date: str
    licence_note: str
    trust: str
    speaker: str
    source: str | None = None
    gate: str | None = None
    handling: str | None = None
    sources: dict[str, str] = field(default_factory=dict)


def read_front_matter(path: Path, text: str, faults: list[Fault]) -> tuple[FrontMatter | None, str, int]:
    """Front matter, body, and the number of the body's first line; None, with faults added, if it cannot be used."""
    import frontmatter
    import yaml  # type: ignore[import-untyped]

    fences = list(_FENCE.finditer(text))
    if not text.startswith("---") or len(fences) < 2:
        faults.append(Fault(path.name, 1, "front matter is missing: begin with --- lines around the keys"))
        return None, "", 1
    try:
        keys = frontmatter.parse(text)[0]
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        faults.append(Fault(path.name, mark.line + 2 if mark else 1, f"front matter is not YAML: {said}"))
        return None, "", 1
    head = text[: fences[1].start()]
    body = text[fences[1].end() :]
    wrong = _problems(path, keys)
    faults.extend(Fault(path.name, _line_of(head, key), message) for key, message in wrong)
    front = None if wrong else _build(keys)
    return front, body, head.count("\n") + 1


def _line_of(head: str, key: str) -> int:
    """The line on which a key stands, 1 where it does not."""
    found = re.search(rf"^\s*{re.escape(key)}\s*:", head, re.MULTILINE)
    return head.count("\n", 0, found.start() + len(found[0])) + 1 if found else 1


def _problems(path: Path, keys: dict[str, Any]) -> list[tuple[str, str]]:
    legal = (*REQUIRED, *OPTIONAL)
    problems = [
        (str(key), f'unknown key "{key}"; legal are {", ".join(legal)}') for key in keys if key not in legal
    ]
    problems += [(key, f'"{key}" is missing') for key in REQUIRED if keys.get(key) in (None, "")]
    for key in (
        "id",
        "title",
        "publisher",
        "kind",
        "licence_note",
        "trust",
        "speaker",
        "source",
        "gate",
        "handling",
    ):
        if keys.get(key) is not None and not isinstance(keys[key], str):
            problems.append((key, f'"{key}" is text: put quotes around it'))
    if isinstance(keys.get("id"), str) and keys["id"] != path.stem:
        problems.append(("id", f'id "{keys["id"]}" must be the file\'s name, "{path.stem}"'))
    for key, allowed in (("trust", TRUST), ("gate", GATES), ("handling", HANDLING)):
        if isinstance(keys.get(key), str) and keys[key] and keys[key] not in allowed:
            problems.append((key, f'unknown {key} "{keys[key]}"; legal are {", ".join(allowed)}'))
    return problems + _source_problems(keys.get("sources"))


def _source_problems(sources: Any) -> list[tuple[str, str]]:
    if sources is None:
        return []
    if not isinstance(sources, dict):
        return [("sources", '"sources" names links: one "key: https://..." a line')]
    return [
        (str(key), f'source "{key}" must be a link that begins with http:// or https://')
        for key, link in sources.items()
        if not isinstance(link, str) or not link.startswith(("http://", "https://"))
    ]


def _build(keys: dict[str, Any]) -> FrontMatter:
    text = {key: str(keys[key]) for key in REQUIRED}
    return FrontMatter(
        **text,
        source=keys.get("source") or None,
        gate=keys.get("gate") or None,
        handling=keys.get("handling") or None,
        sources={str(key): link for key, link in (keys.get("sources") or {}).items()},
    )
