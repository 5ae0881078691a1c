"""`spotter chat`: one conversation in the terminal."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from bot.commands.ask import question_of
from bot.commands.opening import opened
from bot.commands.settings import settings
from bot.ids import new_id
from bot.terminal import TerminalSink, console
from bot.ui.deliver import deliver

if TYPE_CHECKING:
    from rich.console import Console

    from bot.app import App
    from bot.types import Reply

GREETING = "Ask about lifting, back pain around deadlifts, hips, glutes, easing back in. /help lists what else there is, /quit ends."
HELP = """Ask anything; follow-ups such as "and how many sets?" are understood.
  /sources   what the passages cited in the last answer say
  /new       begin a new conversation
  /quit      end (so do Ctrl-D and Ctrl-C)
Not medical advice. In an emergency call your local emergency number."""


def chat(person: str) -> None:
    """Talk until the person ends it or standard input does."""
    asyncio.run(_chat(person))


async def _chat(person: str) -> None:
    out = console()
    async with opened(settings(quiet=True)) as app:
        out.print(GREETING, style="dim")
        await converse(app, out, person)


async def converse(app: App, out: Console, person: str = "") -> None:
    """Ask and answer until the end."""
    name, last = person or new_id(), None
    while (line := await asyncio.to_thread(_line, out)) is not None:
        if line in ("/quit", "/exit", "/q"):
            return
        if line == "/help":
            out.print(HELP)
        elif line == "/new":
            name, last = new_id(), None
            out.print("A new conversation.", style="dim")
        elif line == "/sources":
            _print_sources(out, last)
        elif line.startswith("/"):
            out.print(f"There is no {line.split()[0]}. /help lists what there is.")
        elif line:
            last = await app.coach.respond(question_of(line, name))
            await deliver(last, TerminalSink(out))


def _line(out: Console) -> str | None:
    """The next line; None at the end of input."""
    try:
        if sys.stdin.isatty():
            return out.input("[bold cyan]you>[/bold cyan] ").strip()
        line = sys.stdin.readline()
    except (EOFError, KeyboardInterrupt):
        return None
    return line.strip() if line else None


def _print_sources(out: Console, reply: Reply | None) -> None:
    """What the cited passages say, in full."""
    if reply is None or not reply.citations:
        out.print("Nothing has been cited yet.", style="dim")
        return
    for citation in reply.citations:
        out.print(
            f"[cyan]\\[{citation.number}][/cyan] {citation.title} [dim]({citation.kind})[/dim]\n    ", end=""
        )
        out.print(citation.text, markup=False)
