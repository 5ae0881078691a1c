"""Load and check our own documents, `corpus/documents/*.md`, with the ways to ask for what they say, `corpus/documents/asked/*.md`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import asked
from corpus.claims import Claim, Document, Section
from corpus.faults import CorpusFaults, Fault
from corpus.front_matter import read_front_matter
from corpus.notation import read_attributes, read_lines
from corpus.rules import claim_problems

if TYPE_CHECKING:
    from corpus.asked import Ways
    from corpus.front_matter import FrontMatter
    from corpus.notation import Line

HERE = Path(__file__).parent / "documents"

__all__ = ["Claim", "CorpusFaults", "Document", "Fault", "Section", "load"]


def load(directory: Path | None = None) -> list[Document]:
    """All documents of a directory, ours by default, ordered by id.

    Raises CorpusFaults with every fault of every file if there is any, and FileNotFoundError if there is no such directory.
    """
    folder = HERE if directory is None else directory
    if not folder.is_dir():
        raise FileNotFoundError(f"no directory of documents at {folder}")
    faults: list[Fault] = []
    ways = asked.read(folder / "asked", faults)
    documents: list[Document] = []
    for path in sorted(folder.glob("*.md")):
        document = _read(path, ways.get(path.stem, {}), faults)
        if document:
            documents.append(document)
    asked.check({one.id: {section.path for section in one.sections} for one in documents}, ways, faults)
    _check_repeats(documents, faults)
    if faults:
        raise CorpusFaults(faults)
    return sorted(documents, key=lambda document: document.id)


def _read(path: Path, ways: Ways, faults: list[Fault]) -> Document | None:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(path.name, 1, f"cannot be read as UTF-8 text: {error}"))
        return None
    front, body, first = read_front_matter(path, text, faults)
    if front is None:
        return None
    return Document(
        id=front.id,
        title=front.title,
        publisher=front.publisher,
        kind=front.kind,
        date=front.date,
        licence_note=front.licence_note,
        trust=front.trust,
        source=front.source,
        sections=_Body(path.name, front, ways, faults).sections(body, first),
    )


@dataclass
class _Body:
    """Reads one document's body into sections, noting faults and the sources that its claims use."""

    file: str
    front: FrontMatter
    ways: Ways
    faults: list[Fault]
    used: set[str] = field(default_factory=set)

    def sections(self, body: str, first: int) -> tuple[Section, ...]:
        """The sections that hold claims; a heading without any is kept only in the paths of those below it."""
        headings: list[tuple[int, str]] = []
        found: list[tuple[str, str, list[Claim]]] = []
        for line in read_lines(body, first):
            if line.level:
                headings = [
                    *((level, title) for level, title in headings if level < line.level),
                    (line.level, line.text),
                ]
                found.append((line.text, " > ".join(title for _, title in headings), []))
            elif not found:
                self.note(line.number, "a claim must stand under a heading (## Heading)")
            else:
                found[-1][2].append(self.claim(line, found[-1][1]))
        if not any(claims for _, _, claims in found):
            self.note(first, "holds no claims: write them as list items under ## headings")
        for key in sorted(self.front.sources.keys() - self.used):
            self.note(1, f'source "{key}" is used by no claim')
        return tuple(Section(title, path, tuple(claims)) for title, path, claims in found if claims)

    def claim(self, line: Line, section: str) -> Claim:
        """One claim, with the front matter's defaults where it says nothing itself."""
        text, attributes, problems = read_attributes(line.text)
        keys = [key.strip() for key in attributes.get("from", "").split(",") if key.strip()]
        self.used.update(keys)
        known = self.front.sources
        claim = Claim(
            text=text,
            speaker=attributes.get("speaker", self.front.speaker),
            section=section,
            line=line.number,
            topic=attributes.get("topic"),
            stance=attributes.get("stance"),
            gate=attributes.get("gate", self.front.gate),
            handling=attributes.get("handling", self.front.handling),
            asked=self.ways.get(section, ()),
            sources=tuple(known[key] for key in keys if key in known),
        )
        strange = [key for key in keys if key not in known]
        for problem in [*problems, *claim_problems(claim)]:
            self.note(line.number, problem)
        for key in strange:
            self.note(
                line.number,
                f'"from" names "{key}"; sources in the front matter are {", ".join(known) or "none"}',
            )
        return claim

    def note(self, line: int, message: str) -> None:
        """Keep a fault of this file."""
        self.faults.append(Fault(self.file, line, message))


def _check_repeats(documents: list[Document], faults: list[Fault]) -> None:
    """The same sentence twice would be cited twice in one answer."""
    seen: dict[str, str] = {}
    for document in documents:
        for claim in document.claims:
            where = f"{document.id}.md:{claim.line}"
            first = seen.setdefault(claim.text.casefold(), where)
            if first != where:
                faults.append(Fault(f"{document.id}.md", claim.line, f"the same claim stands in {first}"))
