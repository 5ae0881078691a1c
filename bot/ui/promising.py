"""Questions noted before they are acknowledged: whoever reads "thinking" is answered, even if this process dies the moment after."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot import metrics
from bot.logs import logger
from bot.ui.retrying import Taken, defer

if TYPE_CHECKING:
    import discord

    from bot.client import Spotter
    from bot.types import Question

log = logger("promising")

PATIENCE = 0.7
"""Seconds that the store may take: Discord gives three for the acknowledgement, which follows."""
PAUSE = 2.0
"""Seconds for which a store that took longer is asked for nothing that answers can do without."""


async def take_up(interaction: discord.Interaction[Spotter], question: Question, *, private: bool) -> None:
    """Note a question and acknowledge its interaction. Raises `Taken` when another process has it already.

    A store that fails or dawdles keeps nobody waiting: the question is then claimed, if at all, when it is answered.
    """
    if not await _noted(interaction.client, question):
        metrics.DUPLICATES.inc()
        raise Taken(question.id)
    await defer(interaction, private=private)


async def _noted(client: Spotter, question: Question) -> bool:
    """Whether the question is ours to answer; True as well where the store did not say in time, and for a while after that, to spare it."""
    now = time.monotonic()
    if now < client.spared_until:
        return True
    try:
        async with asyncio.timeout(PATIENCE):
            return await client.app.store.deliveries.promise(question)
    except Exception as error:
        client.spared_until = now + PAUSE
        metrics.FAULTS.labels("store").inc()
        log.warning("questions not noted for a while", seconds=PAUSE, exc_info=error)
        return True
