"""Who may do what. Discord's command permissions are a default that servers change: every handler asks here again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from bot.guild import GuildSettings


def roles_of(user: discord.abc.User) -> frozenset[str]:
    """Ids of a member's roles; none for somebody who is not seen as a member."""
    return frozenset(str(role.id) for role in user.roles) if isinstance(user, discord.Member) else frozenset()


def may_configure(interaction: discord.Interaction[Any]) -> bool:
    """Whether this person may set Spotter up: whoever may manage the server."""
    granted = interaction.permissions
    return interaction.guild_id is not None and (granted.manage_guild or granted.administrator)


def may_moderate(interaction: discord.Interaction[Any], settings: GuildSettings) -> bool:
    """Whether this person may review cases.

    The roles set for it may, whoever may manage the server, and, where no role is set, whoever may time members out.
    """
    if may_configure(interaction):
        return True
    if settings.moderator_roles:
        return not roles_of(interaction.user).isdisjoint(settings.moderator_roles)
    return interaction.guild_id is not None and interaction.permissions.moderate_members


def may_ask(user: discord.abc.User, settings: GuildSettings) -> bool:
    """Whether this person may ask questions on this server."""
    return not settings.asking_roles or not roles_of(user).isdisjoint(settings.asking_roles)
