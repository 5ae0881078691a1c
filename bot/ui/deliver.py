"""The only sender. Whatever goes out is a `Reply`, and the words inside a `Reply` are what `safety.guard` made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.types import Reply


class Sink(Protocol):
    """Where replies go: a terminal, a Discord message, an interaction."""

    async def send(self, reply: Reply) -> str | None:
        """Show a reply; returns the id of the message that carries it, where there is one."""


class Ledger(Protocol):
    """Keeps track of what went out. Implemented by `bot.store.exchanges.Exchanges`."""

    async def delivered(self, question: str, guild: str | None, message: str | None = None) -> None:
        """Note that the reply to a question went out."""


async def deliver(reply: Reply, sink: Sink, ledger: Ledger | None = None) -> str | None:
    """Send a reply, then note that it went out where somebody would otherwise try again. Errors of the sink pass through.

    Raises `TypeError` for anything whose text did not come through the guard.
    """
    from safety.guard import Guarded

    if not isinstance(reply.guarded, Guarded):
        raise TypeError("only what safety.guard made may be sent")
    message = await sink.send(reply)
    if ledger is not None and reply.question.handle:
        await ledger.delivered(reply.question.id, reply.question.guild, message)
    return message
