"""The shape of anybody's file once read: headings and paragraphs, with no claims to tell who says what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextSection:
    """Paragraphs under one heading. `path` is the headings, outermost first, joined by " > "; empty at the top."""

    path: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A foreign file. `id` is `file:` and the path as shown; `source` is that path; `warnings` tell of doubtful reading."""

    id: str
    title: str
    kind: str
    """In words fit for a sentence: "text file", "Markdown file", "web page", "PDF"."""
    source: str
    sections: tuple[TextSection, ...]
    warnings: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be found in it."""
        return not any(section.paragraphs for section in self.sections)
