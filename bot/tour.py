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
from bot.store.queue import Filter
from bot.terminal import TerminalSink, console, queue_row
from bot.ui.deliver import deliver

if TYPE_CHECKING:
    from datetime import timedelta

    from rich.console import Console

    from bot.app import App

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
    """The moderators' queue as it stands now, the case just opened first."""
    now = datetime.now(UTC)
    cases = await app.store.queue.cases(None, Filter(tab="open"), limit=50, now=now)
    cases.sort(key=lambda case: case.id != opened_case)
    counts = await app.store.queue.counts(None, now=now)
    out.print()
    out.print(
        Text.assemble(
            ("5  ", "bold green"), ("What the moderators see: the case that message opened", "bold")
        )
    )
    for case in cases[:3]:
        out.print(Padding(queue_row(case, age=_age(now - case.opened_at)), (0, 0, 0, 3)))
    more = f" ({counts.open} open in all)" if counts.open > 3 else ""
    out.print(
        Padding(
            Text(f"They claim it, read it, decide it; `spotter web` is their console{more}.", style="dim"),
            (0, 0, 0, 3),
        )
    )


def _age(age: timedelta) -> str:
    """How long ago, for a queue."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"


def _end(out: Console) -> None:
    """Where to go from here."""
    out.print()
    out.print(Rule(style="green"))
    out.print('Next: [bold]spotter ask "..."[/bold], [bold]spotter chat[/bold], [bold]spotter demo rdl -o rdl.webp[/bold], '
              "[bold]spotter --help[/bold]. Discord: README.md.")  # fmt: skip
    out.print("Not medical advice. In an emergency call your local emergency number.", style="dim")
