"""The command tree: localised, counted while it works, and registered with Discord only when the set of commands changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.logs import logger
from bot.ui.errors import apologise
from bot.ui.retrying import Taken, persist
from bot.ui.words import words

if TYPE_CHECKING:
    from pathlib import Path

    from bot.client import Spotter

log = logger("commands")

LOCALES = {
    "en-US": "en", "en-GB": "en", "es-ES": "es-ES", "es-419": "es-ES", "pt-BR": "pt-BR", "de": "de", "fr": "fr",
}  # fmt: skip


class Translator(app_commands.Translator):
    """Names and descriptions from `bot/locales`. English stands under its own keys too: Discord would show Britons' to Americans otherwise."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The line for one place of a command, or None."""
        language = LOCALES.get(locale.value)
        if language is None:
            return None
        path = _path(context)
        if path is None:
            return None
        return words(language).command(*path) or (string.message if language == "en" else None)


def _path(context: app_commands.TranslationContextTypes) -> tuple[str, ...] | None:
    """Where the line stands in the file: command, then "name" or "description", or the parameter and then one of them."""
    place, data = context.location, context.data
    kinds = app_commands.TranslationContextLocation
    if place in (kinds.command_name, kinds.group_name):
        return (_key(data), "name")
    if place in (kinds.command_description, kinds.group_description):
        return (_key(data), "description")
    if place in (kinds.parameter_name, kinds.parameter_description):
        parameter: Any = data
        return (
            _key(parameter.command),
            parameter.name,
            "name" if place is kinds.parameter_name else "description",
        )
    return None


def _key(command: Any) -> str:
    """A command's key in the file: "ask", "mod-queue", "menu-report-this-answer"."""
    name = command.qualified_name.replace(" ", "-").casefold()
    return f"menu-{name}" if isinstance(command, app_commands.ContextMenu) else name


class Tree(app_commands.CommandTree["Spotter"]):
    """The commands."""

    ids: dict[str, int]
    """Registered command -> its id, for clickable mentions."""

    def mention(self, command: str) -> str:
        """A clickable mention, e.g. of "mod queue"; the plain name while Discord's id is not known."""
        known = self.ids.get(command.split(" ", maxsplit=1)[0])
        return f"</{command}:{known}>" if known else f"`/{command}`"

    async def interaction_check(self, interaction: discord.Interaction[Spotter], /) -> bool:
        """Handle each interaction once, even if the gateway delivers it again."""
        return interaction.type is discord.InteractionType.autocomplete or interaction.client.fresh(
            interaction.id
        )

    async def _call(self, interaction: discord.Interaction[Spotter]) -> None:
        """Count the command as work that a shutdown waits for."""
        async with interaction.client.working():
            await super()._call(interaction)

    async def on_error(
        self, interaction: discord.Interaction[Spotter], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person in one private line, unless somebody else answers already."""
        if isinstance(error.__cause__, Taken) or interaction.type is discord.InteractionType.autocomplete:
            return
        where = interaction.command.qualified_name if interaction.command else "unknown command"
        await apologise(interaction, error, where=where)

    async def register(self, note: Path, api: str) -> bool:
        """Register the commands if they changed since `note` was written, or if Discord does not have them; says whether it did."""
        translator = self.translator
        payload = [
            await command.get_translated_payload(self, translator) if translator else command.to_dict(self)
            for command in self._get_all_commands(guild=None)
        ]
        digest = hashlib.sha256(
            json.dumps([api, self.client.application_id, payload], sort_keys=True).encode()
        ).hexdigest()
        there = await persist(self.fetch_commands)
        changed = _read(note) != digest or {command.name for command in there} != {
            one["name"] for one in payload
        }
        if changed:
            there = await persist(self.sync)
            await asyncio.to_thread(note.write_text, digest + "\n", "ascii")
            log.info("commands registered", number=len(there))
        self.ids = {command.name: command.id for command in there}
        return changed


def _read(note: Path) -> str:
    """The digest kept, or nothing."""
    return note.read_text("ascii").strip() if note.is_file() else ""
