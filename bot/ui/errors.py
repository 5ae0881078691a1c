"""What a person sees when something fails: what happened, what to do, and an id under which the log has the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot import metrics
from bot.ids import new_id
from bot.logs import logger
from bot.ui.retrying import persist
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter

log = logger("discord")

UNKNOWN_INTERACTION = 10062


async def apologise(interaction: discord.Interaction[Spotter], error: BaseException, *, where: str) -> None:
    """Record a failure and tell the person, privately, in one line. Never raises for Discord's own refusals: there is nobody left to tell."""
    reference = record(error, where=where)
    line = explain(error, interaction.locale, reference)
    try:
        await persist(lambda: say_privately(interaction, line))
    except discord.HTTPException as refused:
        log.warning("apology refused", reference=reference, code=refused.code, status=refused.status)


def record(error: BaseException, *, where: str) -> str:
    """Count and log a failure; returns its id."""
    reference = new_id()[-8:]
    metrics.FAULTS.labels("handler").inc()
    cause = error.__cause__ if isinstance(error, discord.app_commands.CommandInvokeError) else error
    code = getattr(cause, "code", None)
    log.error("handler failed", reference=reference, where=where, code=code, exc_info=cause or error)
    return reference


def explain(error: BaseException, locale: object, reference: str) -> str:
    """The line for a failure."""
    said = words(locale)
    cause = error.__cause__ if isinstance(error, discord.app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.Forbidden):
        return said("error.forbidden", id=reference)
    if isinstance(cause, TimeoutError):
        return said("error.slow", id=reference)
    return said("error.failed", id=reference)


async def say_privately(interaction: discord.Interaction[Any], line: str) -> None:
    """One line of ours for the person alone, whether or not the interaction was acknowledged before."""
    if interaction.response.is_done():
        if interaction.extras.pop("public", False):
            # the first message after a public deferral would take its place, and be public too
            await interaction.delete_original_response()
        await interaction.followup.send(line, ephemeral=True)
        return
    try:
        await interaction.response.send_message(line, ephemeral=True)
    except discord.HTTPException as error:
        if error.code not in (40060, UNKNOWN_INTERACTION):
            raise
        if error.code == UNKNOWN_INTERACTION:
            return  # the three seconds are over: Discord takes nothing any more
        await interaction.followup.send(line, ephemeral=True)
