"""Questions noted before they are acknowledged: whoever reads "thinking" is answered, even if this process dies the moment after."""

from __future__ import annotations

import asyncio
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


async def take_up(interaction: discord.Interaction[Spotter], question: Question, *, private: bool) -> None:
    """Note a question and acknowledge its interaction. Raises `Taken` when another process has it already.

    A store that fails or dawdles keeps nobody waiting: the question is then claimed, if at all, when it is answered.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            fresh = await interaction.client.app.store.deliveries.promise(question)
    except Exception as error:
        metrics.FAULTS.labels("store").inc()
        log.exception("question not noted", exc_info=error)
        fresh = True
    if not fresh:
        metrics.DUPLICATES.inc()
        raise Taken(question.id)
    await defer(interaction, private=private)
