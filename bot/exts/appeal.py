"""For the person whose training was put on hold: has somebody looked, and "A clinician has seen me"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.review import Status
from bot.ui.actions import action
from bot.ui.cog import Cog
from bot.ui.modals import entered, modal, text
from bot.ui.places import InteractionPlace
from bot.ui.retrying import ask_back
from bot.ui.words import words

if TYPE_CHECKING:
    import discord

    from bot.client import Spotter


class Appeal(Cog):
    """The lifter's side of a review."""

    @action("status", "private")
    async def status(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Say whether a person looked at the conversation. Who it was stays with the moderators."""
        said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
        guild = str(interaction.guild_id) if interaction.guild_id else None
        kept = await self.client.app.store.exchanges.recall(exchange, guild, str(interaction.user.id))
        case = await self.client.app.store.cases.case(kept.case, guild) if kept and kept.case else None
        if case is None:
            await place.say(said("appeal.no-case"))
            return
        line = "appeal.waiting"
        if case.status is Status.RESOLVED:
            line = "appeal.resolved"
        elif case.claimed_at is not None:
            line = "appeal.looking"
        await place.say(said(line))

    @action("appeal", "own")
    async def appeal(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Ask what the clinician said, in as few words as the person likes."""
        said = words(interaction.locale)
        field = text("note", said("appeal.label"), hint=said("appeal.hint"), required=False, longest=500)
        await ask_back(interaction, modal(said("appeal.title"), "appealed", exchange, fields=[field]))

    @action("appealed", "private")
    async def appealed(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Put the appeal into the case: a moderator decides, the hold stands until then."""
        said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
        store, person = self.client.app.store, str(interaction.user.id)
        guild = str(interaction.guild_id) if interaction.guild_id else None
        kept = await store.exchanges.recall(exchange, guild, person)
        if kept is None:
            await place.say(said("answer.not-yours"))
            return
        note = entered(interaction).get("note", "")
        case = await store.flags.report(exchange, guild, person, "clinician-seen", note)
        await place.say(said("appeal.thanks" if case else "answer.expired"))
        self.client.wake()


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Appeal(client))
