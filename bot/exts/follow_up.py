"""The buttons that go on from an answer: Follow-up, Thread, and the private details of what was kept short in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.ui.actions import action
from bot.ui.asking import ask_by, question_by
from bot.ui.card import notice
from bot.ui.cog import Cog
from bot.ui.deliver import deliver
from bot.ui.fit import clip, plain
from bot.ui.modals import entered, modal, text
from bot.ui.places import InteractionPlace
from bot.ui.promising import take_up
from bot.ui.retrying import ask_back, persist
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter

OPENED_BEFORE = 160004
"""Discord's code for a message that has a thread."""


class FollowUp(Cog):
    """Goes on. Answers to commands cannot simply be replied to: Discord hides such replies' words from the bot."""

    @action("follow-up", "own")
    async def follow_up(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Ask for the question."""
        said = words(interaction.locale)
        field = text("question", said("follow-up.label"), hint=said("follow-up.hint"), shortest=2)
        await ask_back(interaction, modal(said("follow-up.title"), "followed-up", exchange, fields=[field]))

    @action("followed-up", "own")
    async def followed_up(self, interaction: discord.Interaction[Spotter], _exchange: str) -> None:
        """Answer it, for the person alone: what is typed into a modal is seen by nobody else."""
        asked = question_by(interaction, entered(interaction).get("question", ""), "modal", public=False)
        await take_up(interaction, asked, private=not interaction.context.dm_channel)
        await ask_by(interaction, asked)

    @action("details", "private")
    async def details(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Show the whole of a reply to the one it was written for."""
        guild = str(interaction.guild_id) if interaction.guild_id else None
        reply = await self.client.app.coach.recall(exchange, guild, str(interaction.user.id))
        place = InteractionPlace(interaction, public=False)
        if reply is None:
            await place.say(words(interaction.locale)("answer.not-yours"))
            return
        await deliver(reply, place)

    @action("thread", "private")
    async def thread(self, interaction: discord.Interaction[Spotter]) -> None:
        """Open a thread on an answer. Its title never says what was asked."""
        said, message = words(interaction.locale), interaction.message
        place = InteractionPlace(interaction, public=False)
        allowed = interaction.app_permissions
        if message is None or not (allowed.create_public_threads and allowed.send_messages_in_threads):
            await place.say(said("thread.not-allowed"))
            return
        name = said("thread.title", name=plain(clip(interaction.user.display_name, 60)).replace("\\", ""))
        try:
            opened = await persist(lambda: message.create_thread(name=name[:100]))
        except discord.HTTPException as error:
            if error.code != OPENED_BEFORE:
                raise
            await place.say(said("thread.there", thread=f"<#{message.id}>"))  # it has its message's id
            return
        user = self.client.user
        await persist(
            lambda: opened.send(
                view=notice(said("thread.hello", me=user.mention if user else "Spotter")),
                nonce=f"th{interaction.id}",
            )
        )
        await place.say(said("thread.opened", thread=opened.mention))


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(FollowUp(client))
