"""The message menu "Ask Spotter about this"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.ui.asking import ask_by, question_by
from bot.ui.cog import Cog
from bot.ui.places import InteractionPlace
from bot.ui.promising import take_up
from bot.ui.retrying import defer
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter

LONGEST = 4000


class Menu(Cog):
    """Asks about a message that stands in the channel, without anybody having to copy it."""

    async def cog_load(self) -> None:
        """Add the menu."""
        await super().cog_load()
        self.client.tree.add_command(
            app_commands.ContextMenu(name="Ask Spotter about this", callback=self.about)
        )

    async def about(self, interaction: discord.Interaction[Spotter], message: discord.Message) -> None:
        """Answer for the person alone; the words may be somebody else's."""
        text, private = message.content.strip()[:LONGEST], not interaction.context.dm_channel
        if not text or message.author.id == getattr(self.client.user, "id", None):
            await defer(interaction, private=private)
            await InteractionPlace(interaction, public=False).say(words(interaction.locale)("menu.no-text"))
            return
        mine = message.author.id == interaction.user.id
        about = "" if mine else str(message.id)
        asked = question_by(interaction, text, "menu", public=False, about=about)
        await take_up(interaction, asked, private=private)
        await ask_by(interaction, asked)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Menu(client))
