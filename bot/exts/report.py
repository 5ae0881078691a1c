"""Reports: `/report`, the menu and button "Report this answer", and the moderators' "Flag for review" on any message."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.types import Question
from bot.ui.actions import PREFIX, action
from bot.ui.asking import conversation
from bot.ui.authority import may_moderate
from bot.ui.cog import Cog
from bot.ui.modals import choice, entered, modal, text
from bot.ui.places import InteractionPlace
from bot.ui.retrying import ask_back, defer
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter

REASONS = ("unsafe", "wrong", "off-topic", "other")
LOOKING = 1.0
"""Seconds that the store may take to find somebody's latest answer."""
_EXCHANGE = re.compile(
    re.escape(PREFIX) + r"(?:helpful|unhelpful|follow-up|report|details|status|appeal):([0-9a-z]{8,40})"
)


class Report(Cog):
    """Puts answers in front of the moderators."""

    async def cog_load(self) -> None:
        """Add the menus."""
        await super().cog_load()
        self.client.tree.add_command(app_commands.ContextMenu(name="Report this answer", callback=self.menu))
        flag = app_commands.ContextMenu(
            name="Flag for review",
            callback=self.flag,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        flag.default_permissions = discord.Permissions(moderate_members=True)
        self.client.tree.add_command(flag)

    @app_commands.command(name="report", description="Report my last answer to the moderators")
    async def report(self, interaction: discord.Interaction[Spotter]) -> None:
        """Report the latest answer here."""
        known = self.client.latest(interaction.user.id, interaction.guild_id) or await self._kept(interaction)
        await self._ask(interaction, known, "report.none")

    async def menu(self, interaction: discord.Interaction[Spotter], message: discord.Message) -> None:
        """Report the answer that a message carries."""
        own = self.client.user is not None and message.author.id == self.client.user.id
        await self._ask(interaction, exchange_in(message) if own else None, "report.not-mine")

    @action("report", "own")
    async def pressed(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Report the answer with this button."""
        await self._ask(interaction, exchange, "report.none")

    @action("reported", "private")
    async def reported(self, interaction: discord.Interaction[Spotter], exchange: str) -> None:
        """Put the report into the queue."""
        given = entered(interaction)
        reason = given.get("reason", "other")
        case = await self.client.app.store.flags.report(
            exchange,
            str(interaction.guild_id) if interaction.guild_id else None,
            str(interaction.user.id),
            reason if reason in REASONS else "other",
            given.get("note", ""),
        )
        said = words(interaction.locale)
        await InteractionPlace(interaction, public=False).say(
            said("report.thanks") if case else said("answer.expired")
        )
        if case:
            self.client.wake()

    async def flag(self, interaction: discord.Interaction[Spotter], message: discord.Message) -> None:
        """Open a case on any message, for moderators. Nothing is posted where it stands."""
        await defer(interaction, private=True)
        place, said = InteractionPlace(interaction, public=False), words(interaction.locale)
        settings = await self.client.book.read(interaction.guild_id)
        if not may_moderate(interaction, settings):
            await place.say(said("mod.not-allowed"))
            return
        exchange = exchange_in(message) or await self._taken_up(interaction, message)
        if exchange is None:
            await place.say(said("menu.no-text"))
            return
        case = await self.client.app.store.flags.report(
            exchange, str(interaction.guild_id), str(interaction.user.id), "flagged", kind="flag"
        )
        await place.say(said("report.flagged", case=case.id) if case else said("answer.expired"))
        self.client.wake()

    async def _taken_up(
        self, interaction: discord.Interaction[Spotter], message: discord.Message
    ) -> str | None:
        """Record somebody's message as an exchange, so that a case can hold it; what the coach drafts goes nowhere but into the record."""
        if not message.content.strip() or message.author.bot:
            return None
        person = str(message.author.id)
        question = Question(
            text=message.content.strip()[:4000],
            person=person,
            conversation=conversation(interaction.guild_id, f"flagged-{message.id}", person),
            id=f"flag-{interaction.id}",
            guild=str(interaction.guild_id),
            channel=str(message.channel.id),
            locale=interaction.locale.value,
            surface="menu",
            message=str(message.id),
        )
        return (await self.client.app.coach.respond(question)).exchange or None

    async def _kept(self, interaction: discord.Interaction[Spotter]) -> str | None:
        """The latest answer on record, from before this process started. Discord waits three seconds for the modal, so this may not."""
        guild = str(interaction.guild_id) if interaction.guild_id else None
        reading = self.client.app.store.exchanges.latest(guild, str(interaction.user.id))
        with suppress(TimeoutError):
            return await asyncio.wait_for(reading, LOOKING)
        return None

    async def _ask(
        self, interaction: discord.Interaction[Spotter], exchange: str | None, otherwise: str
    ) -> None:
        """Ask for reason and note; say `otherwise` where there is no answer to report."""
        said = words(interaction.locale)
        if exchange is None:
            await defer(interaction, private=True)
            await InteractionPlace(interaction, public=False).say(said(otherwise))
            return
        options = {reason: said(f"report.{reason}") for reason in REASONS}
        fields = [
            choice("reason", said("report.reason"), options),
            text("note", said("report.note"), hint=said("report.note-hint"), required=False, longest=500),
        ]
        await ask_back(interaction, modal(said("report.title"), "reported", exchange, fields=fields))


def exchange_in(message: discord.Message) -> str | None:
    """The exchange that an answer of ours carries in its buttons; None where it carries none."""
    view = discord.ui.LayoutView.from_message(message, timeout=None) if message.components else None
    for item in view.walk_children() if view else ():
        found = _EXCHANGE.match(str(getattr(item, "custom_id", "")))
        if found:
            return found.group(1)
    return None


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Report(client))
