"""The notation of a claim: text with attributes in braces after it, `It helps. {speaker=NICE topic=mri stance=scan}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTRIBUTES = ("speaker", "topic", "stance", "gate", "handling", "from")
"""What may stand in the braces. `from` names keys of `sources` in the front matter, with commas between them."""

_BRACES = re.compile(r"\s*\{([^{}]*)\}$")
_ATTRIBUTE = re.compile(r'([A-Za-z_-]+)=(?:"([^"]*)"|([^\s"]+))(?:\s+|$)')
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A heading (`level` 1 to 6) or a claim (`level` 0), with the line it begins on."""

    number: int
    level: int
    text: str


def read_lines(body: str, first: int = 1) -> Iterator[Line]:
    """Headings and claims of a body. A claim is a list item or a paragraph; `first` is the number of the body's first line."""
    start, parts = first, list[str]()
    for number, raw in enumerate(body.split("\n"), first):
        text = raw.strip()
        heading = _HEADING.match(text)
        if parts and (not text or heading or text.startswith("- ")):
            yield Line(start, 0, " ".join(parts))
            parts = []
        if heading:
            yield Line(number, len(heading[1]), heading[2].strip())
        elif text:
            if not parts:
                start = number
                text = text.removeprefix("- ").strip()
            parts.append(text)
    if parts:
        yield Line(start, 0, " ".join(parts))


def read_attributes(text: str) -> tuple[str, dict[str, str], list[str]]:
    """Part a claim into its text, its attributes, and what is wrong with how they are written."""
    braces = _BRACES.search(text)
    if not braces:
        wrong = (
            ["attributes go in one pair of braces at the end of the claim"]
            if "{" in text or "}" in text
            else []
        )
        return text, {}, wrong
    inside, attributes, problems, at = braces[1].strip(), dict[str, str](), list[str](), 0
    while at < len(inside):
        found = _ATTRIBUTE.match(inside, at)
        if not found:
            problems.append(f'cannot read "{inside[at:]}": write key=value or key="several words"')
            break
        key, value = found[1], found[2] if found[2] is not None else found[3]
        if key not in ATTRIBUTES:
            problems.append(f'unknown attribute "{key}"; legal are {", ".join(ATTRIBUTES)}')
        elif key in attributes:
            problems.append(f'attribute "{key}" is given twice')
        attributes[key] = value
        at = found.end()
    return text[: braces.start()].rstrip(), attributes, problems
