"""The question that every moderators' handler asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ui.authority import may_configure, may_moderate
from bot.ui.retrying import defer
from bot.ui.words import words

if TYPE_CHECKING:
    import discord

    from bot.client import Spotter


async def moderator(interaction: discord.Interaction[Spotter]) -> bool:
    """Whether this person may review cases here; tells them if not."""
    settings = await interaction.client.book.read(interaction.guild_id)
    return may_moderate(interaction, settings) or await _refuse(interaction, "mod.not-allowed")


async def manager(interaction: discord.Interaction[Spotter]) -> bool:
    """Whether this person may set Spotter up here; tells them if not."""
    return may_configure(interaction) or await _refuse(interaction, "setup.not-allowed")


async def _refuse(interaction: discord.Interaction[Spotter], line: str) -> bool:
    """Say no, to the person alone."""
    if not interaction.response.is_done():
        await defer(interaction, private=True)
    await interaction.followup.send(words(interaction.locale)(line), ephemeral=True)
    return False
