"""An assessment, for a person to read: which words, which rule, which source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.terminal import BANNERS, console

if TYPE_CHECKING:
    from safety.types import Assessment


def print_assessment(text: str, assessment: Assessment, *, explain: bool) -> None:
    """Print an assessment; with `explain` every finding and rule."""
    out = console()
    title, style = BANNERS.get(assessment.tier, ("NONE: nothing that needs a clinician", "green"))
    marks = [
        name for name in ("crisis", "nerve", "education", "sticky", "failed") if getattr(assessment, name)
    ]
    out.print(Text.assemble((title, style), f"   {', '.join(marks)}" if marks else ""))
    if assessment.clarify:
        out.print(f"Asks first: {', '.join(assessment.clarify)}")
    if not explain:
        return
    marked = Text(text)
    for finding in assessment.findings:
        marked.stylize("bold underline" if finding.assertion.counts else "strike", finding.start, finding.end)
    out.print(marked)
    if assessment.findings:
        out.print(_findings(assessment))
    if assessment.rules:
        out.print(f"Rules, in order: {', '.join(assessment.rules)}")
    for name, score in assessment.scores:
        out.print(f"Semantic backstop: {name} {score:.2f}")


def _findings(assessment: Assessment) -> Table:
    """The findings as a table."""
    table = Table(box=None, pad_edge=False)
    for column in ("words", "concept", "assertion", "tier alone", "why", "sources"):
        table.add_column(column, overflow="fold")
    for finding in assessment.findings:
        name = f"{finding.concept} {finding.name}".strip()
        table.add_row(
            f'"{finding.words}"',
            name,
            finding.assertion.value,
            finding.tier.name,
            finding.rule,
            " ".join(finding.source),
        )
    return table
