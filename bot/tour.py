"""What `make try` shows: an answer, a disagreement, an honest no, a referral and the case it opened; then a chat, on a terminal."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from bot.commands.ask import question_of
from bot.commands.chat import GREETING, converse
from bot.commands.opening import opened
from bot.commands.settings import settings
from bot.ids import new_id
from bot.terminal import TerminalSink, card, console
from bot.ui.deliver import deliver

if TYPE_CHECKING:
    from rich.console import Console

    from bot.app import App
    from bot.store.casefile import Item

STOPS: tuple[tuple[str, str], ...] = (
    (
        "A coaching question: answered from the documents, every statement cited",
        "how do I do a jefferson curl and how many sets?",
    ),
    (
        "The documents disagree: both sides, each with its source",
        "should I squeeze my glutes at the top of the deadlift?",
    ),
    ("Not in the documents: it says so, and makes nothing up", "how much protein should I eat a day?"),
    (
        "A nerve symptom: no coaching, a referral",
        "my left foot has been numb since yesterday's deadlifts and now it's creeping up my calf",
    ),
)
"""Title and question of each stop."""


def tour(*, brief: bool = False) -> None:
    """Run the tour; then chat where somebody is there to chat, unless `brief`."""
    asyncio.run(_tour(brief=brief))


async def _tour(*, brief: bool) -> None:
    out = console()
    async with opened(settings(quiet=True)) as app:
        _head(out)
        case = None
        for number, (title, text) in enumerate(STOPS, 1):
            _stop(out, number, title, text)
            reply = await app.coach.respond(question_of(text, f"tour {new_id()}"))
            await deliver(reply, TerminalSink(out))
            case = reply.case or case
        await _queue(out, app, case)
        _end(out)
        if not brief and sys.stdin.isatty() and sys.stdout.isatty():
            out.print(GREETING, style="dim")
            await converse(app, out)


def _head(out: Console) -> None:
    """What this is."""
    out.print()
    out.print(Rule(Text("Spotter", style="bold green"), style="green"))
    out.print("It stands behind a lifter, helps when asked, and steps in when a lift goes wrong.")
    out.print("No key, no account, no network: everything below runs on this machine.", style="dim")


def _stop(out: Console, number: int, title: str, text: str) -> None:
    """Announce a stop and what is asked."""
    out.print()
    out.print(Text.assemble((f"{number}  ", "bold green"), (title, "bold")))
    out.print(Padding(Text.assemble(("you> ", "bold cyan"), text), (0, 0, 0, 3)))


async def _queue(out: Console, app: App, opened_case: str | None) -> None:
    """The case just opened as the queue shows it, and how many wait."""
    now = datetime.now(UTC)
    counts = await app.store.queue.counts(None, now=now)
    case = await app.store.cases.case(opened_case, None) if opened_case else None
    out.print()
    out.print(
        Text.assemble(
            ("5  ", "bold green"), ("What the moderators see: the case that message opened", "bold")
        )
    )
    if case is not None:
        items = await app.store.cases.evidence(case.id, None)
        out.print(card(case, _names(items), now))
    waits = "One case waits" if counts.open == 1 else f"{counts.open} cases wait"
    out.print(
        Padding(
            Text(
                f"{waits}. Moderators claim, read and decide: spotter web --practice shows how.", style="dim"
            ),
            (0, 0, 0, 3),
        )
    )


def _names(items: list[Item]) -> tuple[str, ...]:
    """What was found, in the words of the lexicon, never the person's."""
    findings = [one for item in items if item.shown.written for one in item.shown.written.assessment.asserted]
    return tuple(dict.fromkeys(finding.name for finding in findings if finding.name))


def _end(out: Console) -> None:
    """Where to go from here."""
    out.print()
    out.print(Rule(style="green"))
    out.print('Next: [bold]spotter ask "..."[/bold], [bold]spotter chat[/bold], [bold]spotter demo rdl -o rdl.webp[/bold], '
              "[bold]spotter --help[/bold]. Discord: README.md.")  # fmt: skip
    out.print("Not medical advice. In an emergency call your local emergency number.", style="dim")
