"""`/ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.ui.asking import ask_by, is_public, question_by
from bot.ui.cog import Cog
from bot.ui.promising import take_up

if TYPE_CHECKING:
    from bot.client import Spotter


class Ask(Cog):
    """The plainest way in."""

    @app_commands.command(name="ask", description="Ask about lifting. The answer names its sources.")
    @app_commands.describe(
        question="What you want to know, in your own words", share="Let everybody here see the answer"
    )
    async def ask(
        self,
        interaction: discord.Interaction[Spotter],
        question: app_commands.Range[str, 3, 600],
        share: bool | None = None,
    ) -> None:
        """Answer privately unless the person, or the server, wants it shared; a direct message is private already."""
        wanted = self.client.book.known(interaction.guild_id).share if share is None else share
        public = is_public(interaction, share=wanted)
        asked = question_by(interaction, question, "slash", public=public)
        await take_up(interaction, asked, private=not public and not interaction.context.dm_channel)
        await ask_by(interaction, asked)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Ask(client))
