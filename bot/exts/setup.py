"""`/setup`: the server's own settings, kept as soon as they are chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.review import Targets
from bot.ui.actions import action
from bot.ui.answer import fit_card
from bot.ui.cog import Cog
from bot.ui.modals import entered, modal, text
from bot.ui.moderation import manager
from bot.ui.places import InteractionPlace
from bot.ui.retrying import ask_back, defer
from bot.ui.setup_card import setup_card
from bot.ui.words import LANGUAGES, words

if TYPE_CHECKING:
    from bot.client import Spotter
    from bot.guild import GuildSettings


class Setup(Cog):
    """Sets a server up."""

    @app_commands.command(
        name="setup", description="Set me up on this server: review channel, moderators, quiet channels"
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: discord.Interaction[Spotter]) -> None:
        """Show the card."""
        await defer(interaction, private=True)
        if await manager(interaction):
            await show_setup(interaction)

    @action("setup", "update")
    async def chosen(self, interaction: discord.Interaction[Spotter], field: str) -> None:
        """Keep a choice."""
        data: Any = interaction.data or {}
        values = tuple(str(value) for value in data.get("values") or ())
        if await manager(interaction):
            await self._keep(
                interaction, with_choice(await self.client.book.read(interaction.guild_id), field, values)
            )

    @action("setup-share", "update")
    async def share(self, interaction: discord.Interaction[Spotter]) -> None:
        """Turn sharing by default on or off."""
        if await manager(interaction):
            settings = await self.client.book.read(interaction.guild_id)
            await self._keep(interaction, replace(settings, share=not settings.share))

    @action("setup-again", "update")
    async def again(self, interaction: discord.Interaction[Spotter]) -> None:
        """Look at the permissions again."""
        if await manager(interaction):
            await show_setup(interaction)
            self.client.dispatch("setup_changed", str(interaction.guild_id))

    @action("setup-times", "own")
    async def times(self, interaction: discord.Interaction[Spotter]) -> None:
        """Ask for target times, quiet hours and the hour of the digest."""
        if not await manager(interaction):
            return
        said, settings = words(interaction.locale), await self.client.book.read(interaction.guild_id)
        now = settings.targets
        hours = f"{settings.quiet_hours[0]}-{settings.quiet_hours[1]}" if settings.quiet_hours else ""
        fields = []
        for name, value in (
            ("emergency", f"{now.emergency / timedelta(minutes=1):g}"),
            ("urgent", f"{now.urgent / timedelta(hours=1):g}"),
            ("refer", f"{now.refer / timedelta(hours=1):g}"),
            ("quiet", hours),
            ("digest", "" if settings.digest_hour is None else str(settings.digest_hour)),
        ):
            needed = name not in ("quiet", "digest")
            field = text(name, said(f"setup.time-{name}"), long=False, required=needed, longest=8)
            assert isinstance(field.component, discord.ui.TextInput)
            field.component.default = value
            fields.append(field)
        await ask_back(interaction, modal(said("setup.times"), "setup-timed", fields=fields))

    @action("setup-timed", "update")
    async def timed(self, interaction: discord.Interaction[Spotter]) -> None:
        """Keep target times, quiet hours and the hour of the digest."""
        if not await manager(interaction):
            return
        settings = await self.client.book.read(interaction.guild_id)
        try:
            changed = with_times(settings, entered(interaction))
        except ValueError:
            await interaction.followup.send(words(interaction.locale)("setup.bad-times"), ephemeral=True)
            return
        await self._keep(interaction, changed)

    async def _keep(self, interaction: discord.Interaction[Spotter], settings: GuildSettings) -> None:
        """Keep settings, show them, and let the review cards know."""
        assert interaction.guild_id is not None
        await self.client.book.save(interaction.guild_id, settings, interaction.user.id)
        await show_setup(interaction)
        self.client.dispatch("setup_changed", str(interaction.guild_id))


async def show_setup(interaction: discord.Interaction[Spotter]) -> None:
    """Show the card with what is set now."""
    said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None:
        await place.say(said("setup.not-here"))
        return
    settings = await interaction.client.book.read(guild.id)
    await place.show(fit_card(setup_card(settings, guild, said)))


def with_choice(settings: GuildSettings, field: str, values: tuple[str, ...]) -> GuildSettings:
    """The settings with one field chosen. What is not an id of Discord's or a language of ours is left out."""
    ids = tuple(value for value in values if value.isdigit())
    first = ids[0] if ids else None
    if field == "language":
        return replace(settings, language=values[0] if values and values[0] in LANGUAGES else None)
    changes: dict[str, dict[str, Any]] = {
        "review": {"review_channel": first}, "moderators": {"moderator_roles": ids}, "senior": {"senior_role": first},
        "asking": {"asking_roles": ids}, "quiet": {"quiet_channels": ids}, "rota": {"rota": ids},
    }  # fmt: skip
    return replace(settings, **changes.get(field, {}))


def with_times(settings: GuildSettings, given: dict[str, str]) -> GuildSettings:
    """The settings with target times (minutes, hours, hours), quiet hours ("22-7") and the digest's hour ("9"; "": none).

    A modal opened before there were digests does not ask for the last. Raises `ValueError` for anything else.
    """
    emergency, urgent, refer = (
        float(given.get(name, "").replace(",", ".")) for name in ("emergency", "urgent", "refer")
    )
    if not all(0 < hours <= 720 for hours in (emergency / 60, urgent, refer)):
        raise ValueError("target times are between a minute and thirty days")
    targets = Targets(
        timedelta(minutes=emergency), timedelta(hours=urgent), timedelta(hours=refer), settings.targets.other
    )
    quiet: tuple[int, int] | None = None
    if given.get("quiet", "").strip():
        begin, _, end = given["quiet"].partition("-")
        quiet = (int(begin), int(end))
        if not all(0 <= hour <= 23 for hour in quiet):
            raise ValueError("hours are 0 to 23")
    digest = settings.digest_hour
    if "digest" in given:
        digest = int(given["digest"]) if given["digest"].strip() else None
        if digest is not None and not 0 <= digest <= 23:
            raise ValueError("hours are 0 to 23")
    return replace(settings, targets=targets, quiet_hours=quiet, digest_hour=digest)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Setup(client))
