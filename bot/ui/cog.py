"""What every cog has: the client, and its actions made known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

if TYPE_CHECKING:
    from bot.client import Spotter


class Cog(commands.Cog):
    """A cog whose `@action` methods are found."""

    def __init__(self, client: Spotter) -> None:
        """Belong to `client`."""
        self.client = client

    async def cog_load(self) -> None:
        """Make the actions known."""
        self.client.actions.collect(self)

    async def cog_unload(self) -> None:
        """Take the actions back."""
        self.client.actions.drop(self)
