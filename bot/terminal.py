"""Replies in a terminal: the answer, its sources, and a banner where somebody should be seen. Fine at 80 columns and without colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from safety.types import Tier

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from rich.console import RenderableType

    from bot.review import Case
    from bot.types import Citation, Reply

WIDEST = 100
"""Columns at most: longer lines are hard to read."""

BANNERS: dict[Tier, tuple[str, str]] = {
    Tier.EMERGENCY: ("EMERGENCY: be seen now", "bold red"),
    Tier.URGENT: ("URGENT: be seen today or tomorrow", "bold dark_orange"),
    Tier.REFER: ("REFER: book a clinician", "bold yellow"),
    Tier.CAUTION: ("CAUTION: train around it", "cyan"),
}
"""What stands above a reply of a tier, in words and colour."""


def console(*, stderr: bool = False) -> Console:
    """A console no wider than is readable. Honours NO_COLOR and pipes."""
    made = Console(stderr=stderr, highlight=False)
    made.width = min(made.width, WIDEST)
    return made


class TerminalSink:
    """Prints replies."""

    def __init__(self, out: Console) -> None:
        """Print to `out`."""
        self._out = out

    async def send(self, reply: Reply) -> str | None:
        """Print a reply."""
        self._out.print(shown(reply))
        return None


def shown(reply: Reply) -> RenderableType:
    """A reply as rich shows it."""
    parts: list[RenderableType] = [_marked(reply.text, spaced=bool(reply.citations))]
    if reply.citations:
        parts += [Text(), *_sources(reply.citations)]
    title, style = _banner(reply)
    if reply.case:
        parts += [
            Text(),
            Text(f"A moderator has been asked to look at this (case {reply.case}).", style="dim"),
        ]
    foot = f"{reply.ms:.0f} ms" if reply.ms else ""
    return Panel(Group(*parts), title=Text(title, style=style) if title else None, title_align="left", subtitle=Text(foot, style="dim"),
                 subtitle_align="right", border_style=style.removeprefix("bold ") or "green", padding=(1, 2))  # fmt: skip


def _banner(reply: Reply) -> tuple[str, str]:
    """Title and style of a reply's frame."""
    if reply.assessment.crisis:
        return "You matter: please talk to somebody now", "bold magenta"
    if reply.assessment.failed:
        return "The safety check failed: nothing is coached", "bold red"
    if reply.assessment.clarify and not reply.assessment.coaching:
        return "A question first", "bold yellow"
    if reply.assessment.tier in BANNERS:
        return BANNERS[reply.assessment.tier]
    if not reply.answered:
        return "Not in my documents", "dim"
    return ("The sources disagree", "bold blue") if reply.disagreement else ("Answer", "bold green")


def _marked(text: str, *, spaced: bool) -> Text:
    """The text with its citation marks and side labels set off; `spaced` puts air between paragraphs."""
    marked = Text(re.sub(r"\n+(?!\d+\. )", "\n\n", text) if spaced else text)
    marked.highlight_regex(r"\[\d+\]", "cyan")
    marked.highlight_regex(
        r"(?m)^(?:On one side|On the other|And a third view|The sources disagree on this)[:.]", "bold"
    )
    return marked


def _sources(citations: tuple[Citation, ...]) -> list[RenderableType]:
    """The sources, one line a document with the numbers that cite it."""
    lines: list[RenderableType] = [Text("Sources", style="bold")]
    for document in dict.fromkeys(citation.document for citation in citations):
        same = [citation for citation in citations if citation.document == document]
        line = Text("".join(f"[{citation.number}]" for citation in same), style="cyan")
        line.append(f" {same[0].title}", style="default").append(f" ({same[0].kind})", style="dim")
        link = next(
            (citation.source for citation in same if citation.source and citation.source.startswith("http")),
            None,
        )
        if link:
            line.append(f" {re.sub('^https?://', '', link)}", style="dim")
        lines.append(Padding(line, (0, 0, 0, 2)))
    return lines


def card(case: Case, findings: tuple[str, ...], now: datetime) -> RenderableType:
    """A case as a moderator meets it in the queue: what, how urgent, why; no word of what was written."""
    name = "CRISIS" if case.crisis else case.tier.name
    style = BANNERS.get(case.tier, ("", "default"))[1]
    left = case.due_at - now
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    rows.add_row("state", f"{case.standing(now).value}, opened {span(now - case.opened_at)} ago")
    rows.add_row(
        "decide", f"within {span(left)}" if left.total_seconds() > 0 else f"overdue by {span(-left)}"
    )
    rows.add_row("why", f"{case.reason}: {', '.join(findings) or 'no finding'}")
    rows.add_row("rules", ", ".join(case.rules) or "none")
    rows.add_row(
        "said", Text("covered until a moderator reveals it, which goes into the audit", style="dim italic")
    )
    title = Text(f"{name}  case {case.id}", style=style)
    return Panel(
        rows, title=title, title_align="left", border_style=style.removeprefix("bold "), padding=(0, 2)
    )


def span(age: timedelta) -> str:
    """A length of time, roughly."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "a moment"
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
