"""A case's evidence as a moderator reads it: turns in order, flagged words numbered to the rules that fired, drafts beside what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.web.comparing import Comparison, compare
from bot.web.marking import Piece, Span, pieces, same_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store.casefile import Item
    from bot.store.codec import Written
    from bot.types import Citation
    from safety.types import Assessment, Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the list of rules."""

    number: int
    finding: Finding
    located: bool
    """Whether its words were found in the transcript."""
    words: str
    """As they were written, or as the finding has them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One turn, report or note."""

    kind: str
    """ "person", "bot", "report" or "note"."""
    text: str
    at: datetime | None
    flagged: bool = False
    author: str = ""
    reason: str = ""
    pieces: tuple[Piece, ...] = ()
    comparison: Comparison | None = None
    """The draft against what was sent, for a bot's turn that the guard changed."""
    citations: tuple[Citation, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why the guard changed it."""

    @property
    def words(self) -> int:
        """How many words it has, for what stands in place of covered text."""
        return len(self.text.split())


@dataclass(slots=True)
class Transcript:
    """Everything to be read of a case."""

    lines: list[Line] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)


def transcript(items: Sequence[Item]) -> Transcript:
    """Lay out `items` (oldest first)."""
    made = Transcript()
    places: dict[tuple[str, str], int] = {}
    findings: list[tuple[Finding, list[int]]] = []
    for item in items:
        if item.kind in ("note", "report"):
            made.lines.append(
                Line(item.kind, item.shown.text, item.at, author=item.author, reason=item.shown.reason)
            )
            continue
        before = [_place(made, places, Line(turn.speaker, turn.text, turn.at)) for turn in item.shown.turns]
        written = item.shown.written
        if written is None:
            continue
        made.lines.append(Line("person", written.question, item.at, flagged=item.kind == "exchange"))
        asked = places["person", written.question] = len(made.lines) - 1
        made.lines.append(_answer(written, item.at))
        places["bot", written.reply] = len(made.lines) - 1
        made.assessments.append(written.assessment)
        findings += [(finding, [asked, *reversed(before)]) for finding in written.assessment.findings]
    _mark(made, findings)
    return made


def _place(made: Transcript, places: dict[tuple[str, str], int], line: Line) -> int:
    """Where an earlier turn stands: with the same words that stand there already, else appended."""
    key = (line.kind, line.text)
    if key not in places:
        made.lines.append(line)
        places[key] = len(made.lines) - 1
    return places[key]


def _answer(written: Written, at: datetime) -> Line:
    """The bot's turn of an exchange."""
    changed = written.draft is not None and written.draft.strip() != written.reply.strip()
    return Line(
        "bot", written.reply, at, citations=written.citations, reasons=written.reasons,
        comparison=compare(written.draft or "", written.reply) if changed else None,
    )  # fmt: skip


def _mark(made: Transcript, findings: list[tuple[Finding, list[int]]]) -> None:
    """Number the findings, those that count first, and cut the lines at their words."""
    spans: dict[int, list[Span]] = {}
    known: dict[tuple[int | None, int, int, str], int] = {}
    located = [
        (finding, next((n for n in where if _holds(made.lines[n].text, finding)), None))
        for finding, where in findings
    ]
    for finding, line in sorted(located, key=lambda one: not one[0].assertion.counts):
        if any(line == other_line and _within(finding, other) for other, other_line in located):
            continue
        key = (line, finding.start, finding.end, finding.concept)
        if key in known:
            continue
        known[key] = number = len(known) + 1
        words = made.lines[line].text[finding.start : finding.end] if line is not None else finding.words
        made.rules.append(Rule(number, finding, line is not None, words))
        if line is not None:
            spans.setdefault(line, []).append(
                Span(finding.start, finding.end, number, finding.assertion.counts)
            )
    made.lines = [
        replace(line, pieces=pieces(line.text, spans.get(n, ()))) for n, line in enumerate(made.lines)
    ]


def _within(inner: Finding, outer: Finding) -> bool:
    """Whether a finding says what a longer one around it says already."""
    same = (inner.concept, inner.assertion, inner.turn) == (outer.concept, outer.assertion, outer.turn)
    return (
        same
        and outer.start <= inner.start <= inner.end <= outer.end
        and inner.end - inner.start < outer.end - outer.start
    )


def _holds(text: str, finding: Finding) -> bool:
    """Whether a finding's words stand at its place in `text`."""
    return same_words(text[finding.start : finding.end], finding.words)
