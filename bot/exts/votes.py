"""Helpful, Not helpful: one vote a person and answer, the last one counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ui.actions import action, button
from bot.ui.card import notice
from bot.ui.cog import Cog
from bot.ui.modals import choice, entered, modal
from bot.ui.places import InteractionPlace
from bot.ui.retrying import ask_back
from bot.ui.words import words

if TYPE_CHECKING:
    import discord

    from bot.client import Spotter

REASONS = ("wrong", "unsafe", "not-my-question", "unclear", "too-long", "other")


class Votes(Cog):
    """Takes votes."""

    @action("helpful", "private")
    async def helpful(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Keep a vote for."""
        await self._cast(interaction, exchange, helpful=True)

    @action("unhelpful", "own")
    async def unhelpful(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Ask what was wrong."""
        said = words(interaction.locale)
        options = {reason: said(f"vote.{reason}") for reason in REASONS}
        field = choice("reason", said("vote.reason"), options)
        await ask_back(interaction, modal(said("vote.title"), "voted-down", exchange, fields=[field]))

    @action("voted-down", "private")
    async def voted_down(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Keep a vote against, with its reason."""
        reason = entered(interaction).get("reason", "")
        await self._cast(
            interaction, exchange, helpful=False, reason=reason if reason in REASONS else "other"
        )

    async def _cast(
        self, interaction: discord.Interaction[Spotter], exchange: str, *, helpful: bool, reason: str = ""
    ) -> None:
        """Keep the vote and say so; an unsafe answer may be reported with one more press."""
        guild = str(interaction.guild_id) if interaction.guild_id else None
        kept = await self.client.app.store.votes.cast(
            exchange, guild, str(interaction.user.id), helpful=helpful, reason=reason
        )
        said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
        if not kept:
            await place.say(said("answer.expired"))
            return
        more = [button(said("button.report"), "report", exchange)] if reason in ("unsafe", "wrong") else []
        await place.show(notice(said("vote.thanks"), buttons=more))


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Votes(client))
