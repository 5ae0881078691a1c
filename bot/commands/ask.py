"""`spotter ask`: one question, or lines of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.commands.lines import answer_lines, turns_of
from bot.commands.opening import opened
from bot.commands.settings import settings
from bot.ids import new_id
from bot.types import Question
from bot.ui.deliver import deliver

if TYPE_CHECKING:
    from bot.types import Reply
    from safety.types import Turn


def ask(text: str, person: str) -> None:
    """Answer one question on standard output."""
    asyncio.run(_ask(text, person))


def ask_lines(person: str) -> None:
    """Answer lines of questions; see `bot.commands.lines`."""
    asyncio.run(_ask_lines(person))


def question_of(text: str, person: str, turns: tuple[Turn, ...] = ()) -> Question:
    """A question asked in the terminal; without a name its person is new, and nothing carries over."""
    who = f"terminal:{person}" if person else f"terminal:{new_id()}"
    return Question(text, who, who, new_id(), turns=turns, stranger=not person)


def record_of(reply: Reply) -> dict[str, Any]:
    """A reply as its line says it. "[n]" in the answer is the n-th citation."""
    return {
        "tier": reply.assessment.tier.name,
        "action": reply.guarded.action.value,
        "answer": reply.text,
        "citations": [{"document": c.document, "title": c.title, "passage": c.text} for c in reply.citations],
        "answered": reply.answered,
        "disagreement": reply.disagreement,
        "ms": round(reply.ms, 2),
    }


async def _ask(text: str, person: str) -> None:
    from bot.terminal import TerminalSink, console

    async with opened(settings(quiet=True)) as app:
        reply = await app.coach.respond(question_of(text, person))
        await deliver(reply, TerminalSink(console()))


async def _ask_lines(person: str) -> None:
    async with opened(settings(quiet=True)) as app:

        async def answer(record: dict[str, Any]) -> dict[str, Any]:
            turns = turns_of(record, "question")
            return record_of(await app.coach.respond(question_of(turns[-1].text, person, turns[:-1])))

        await answer_lines(answer)
