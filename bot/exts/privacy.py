"""`/privacy`: what is kept, a copy of it, and its deletion in two steps."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.chat.settings import ChatSettings
from bot.ui import colours
from bot.ui.actions import action, button
from bot.ui.asking import ABOUT
from bot.ui.card import card, notice, rows
from bot.ui.cog import Cog
from bot.ui.places import InteractionPlace
from bot.ui.retrying import defer, persist
from bot.ui.snowflakes import Attached
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter
    from bot.config import Settings
    from bot.ui.words import Words

KINDS = ("exchanges", "cases", "safety_states", "votes", "deliveries")


class Privacy(Cog):
    """A person's own data, whichever server they ask from."""

    @app_commands.command(name="privacy", description="What I keep about you; get a copy or delete it")
    async def privacy(self, interaction: discord.Interaction[Spotter]) -> None:
        """Show the policy and what can be done."""
        await defer(interaction, private=True)
        said, settings = words(interaction.locale), self.client.app.settings
        policy = said(
            "privacy.policy",
            days=f"{settings.keep_exchanges_days:g}",
            case_days=f"{settings.keep_cases_days:g}",
        )
        if settings.chat_model:
            policy = f"{policy}\n{chat_line(settings, said)}"
        buttons = [
            button(said("privacy.export"), "privacy-export"),
            button(said("privacy.delete"), "privacy-delete", style=discord.ButtonStyle.danger),
        ]
        view = card(
            ui.TextDisplay(f"### {said('privacy.title')}\n{policy}"), *rows(buttons), accent=colours.ANSWER
        )
        await InteractionPlace(interaction, public=False).show(view)

    @action("privacy-export", "private")
    async def export(self, interaction: discord.Interaction[Spotter]) -> None:
        """Hand out a copy as a file."""
        kept = {
            "you": await self.client.app.store.persons.export(str(interaction.user.id)),
            "what_you_asked_about_other_peoples_messages": await self.client.app.store.persons.export(
                f"{interaction.user.id}{ABOUT}"
            ),
        }
        data = json.dumps(kept, ensure_ascii=False, indent=1).encode()
        said = words(interaction.locale)

        async def call() -> Any:
            view = card(ui.TextDisplay(said("privacy.exported")), ui.File("attachment://spotter-data.json"))
            attached = Attached(io.BytesIO(data), "spotter-data.json")
            return await interaction.edit_original_response(view=view, attachments=[attached])

        await persist(call)

    @action("privacy-delete", "private")
    async def delete(self, interaction: discord.Interaction[Spotter]) -> None:
        """Ask once more."""
        said = words(interaction.locale)
        confirm = button(said("privacy.confirm"), "privacy-deleted", style=discord.ButtonStyle.danger)
        await InteractionPlace(interaction, public=False).show(
            notice(said("privacy.sure"), buttons=[confirm])
        )

    @action("privacy-deleted", "update")
    async def deleted(self, interaction: discord.Interaction[Spotter]) -> None:
        """Delete, and say what went."""
        persons, said = self.client.app.store.persons, words(interaction.locale)
        gone = await persons.delete(str(interaction.user.id))
        for kind, number in (await persons.delete(f"{interaction.user.id}{ABOUT}")).items():
            gone[kind] = gone.get(kind, 0) + number
        counted = ", ".join(f"{said(f'privacy.{kind}')}: {gone.get(kind, 0)}" for kind in KINDS)
        await InteractionPlace(interaction, public=False).show(
            notice(said("privacy.deleted", counted=counted))
        )
        self.client.wake()


def chat_line(settings: Settings, said: Words) -> str:
    """What the chat model gets to see, by the host's settings."""
    chat = ChatSettings.of(settings)
    if chat.is_local:
        return said("privacy.chat-local")
    return said("privacy.chat-symptoms" if chat.symptoms else "privacy.chat-hosted", provider=chat.place)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Privacy(client))
