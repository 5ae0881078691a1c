"""The card of `/setup`: seven choices, what Discord still has to allow, and what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.guild import TURNS
from bot.ui import colours
from bot.ui.actions import Action, button, custom_id
from bot.ui.card import card, rows, small
from bot.ui.snowflakes import preset
from bot.ui.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.guild import GuildSettings
    from bot.ui.card import Shown
    from bot.ui.words import Words

NEEDED = (
    "view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "attach_files", "create_public_threads",
)  # fmt: skip
"""Permissions of the bot on a server; missing ones are named."""
IN_REVIEW = ("view_channel", "send_messages", "read_message_history")
"""Permissions in the review channel."""
OWN_NAMES = {"en": "English", "es-ES": "Español", "pt-BR": "Português", "de": "Deutsch", "fr": "Français"}


def setup_card(settings: GuildSettings, guild: discord.Guild, said: Words) -> ui.LayoutView:
    """The card, with what is chosen now."""
    items: list[Shown] = [ui.TextDisplay(f"### {said('setup.title')}\n{said('setup.what')}")]
    for line, select in (
        ("review", _channels("review", settings.review_channel)),
        ("moderators", _roles("moderators", settings.moderator_roles, 10)),
        ("senior", _roles("senior", (settings.senior_role,), 1)),
        ("asking", _roles("asking", settings.asking_roles, 10)),
        ("quiet", _channels("quiet", *settings.quiet_channels, most=25)),
        ("language", _language(settings.language, said)),
        ("rota", _rota(settings.rota)),
    ):
        items += [ui.TextDisplay(said(f"setup.{line}")), ui.ActionRow(Action(select))]
    share = button(said("setup.share-on" if settings.share else "setup.share-off"), "setup-share")
    items += rows(
        [share, button(said("setup.times"), "setup-times"), button(said("setup.again"), "setup-again")]
    )
    if settings.review_channel is not None:
        hour = settings.digest_hour
        items.append(
            small(said("setup.digest-off") if hour is None else said("setup.digest-on", hour=f"{hour:02}"))
        )
    items += [ui.Separator(), *_verdict(settings, guild, said)]
    return card(*items, accent=colours.ANSWER)


def missing(settings: GuildSettings, guild: discord.Guild, said: Words) -> list[str]:
    """What Discord does not allow the bot yet, one line each, by the names that Discord's own settings use."""
    lines = [
        said("setup.missing", permission=said(f"permission.{name}"))
        for name in NEEDED
        if not getattr(guild.me.guild_permissions, name)
    ]
    room = guild.get_channel(int(settings.review_channel)) if settings.review_channel else None
    if settings.review_channel and room is None:
        lines.append(said("setup.channel-gone"))
    if room is not None:
        allowed = room.permissions_for(guild.me)
        lines += [
            said("setup.missing-in", permission=said(f"permission.{name}"), channel=room.mention)
            for name in IN_REVIEW
            if not getattr(allowed, name)
        ]
        if room.permissions_for(guild.default_role).view_channel:
            lines.append(said("setup.review-open", channel=room.mention))
    return lines


def _verdict(settings: GuildSettings, guild: discord.Guild, said: Words) -> list[Shown]:
    """What is left to do."""
    lines = missing(settings, guild, said)
    if settings.review_channel is None:
        lines.append(said("setup.no-review"))
    if not lines:
        return [small(said("setup.ready"))]
    return [ui.TextDisplay(f"**{said('setup.to-do')}**\n" + "\n".join(f"- {line}" for line in lines))]


def _channels(field: str, *chosen: str | None, most: int = 1) -> ui.ChannelSelect[Any]:
    """A menu of text channels."""
    kinds = (
        [discord.ChannelType.text]
        if field == "review"
        else [discord.ChannelType.text, discord.ChannelType.forum]
    )
    return ui.ChannelSelect(
        custom_id=custom_id("setup", field), channel_types=kinds, min_values=0, max_values=most,
        default_values=[preset(one, discord.SelectDefaultValueType.channel) for one in _ids(chosen, most)],
    )  # fmt: skip


def _roles(field: str, chosen: Iterable[str | None], most: int) -> ui.RoleSelect[Any]:
    """A menu of roles."""
    return ui.RoleSelect(
        custom_id=custom_id("setup", field), min_values=0, max_values=most,
        default_values=[preset(one, discord.SelectDefaultValueType.role) for one in _ids(chosen, most)],
    )  # fmt: skip


def _rota(chosen: Iterable[str | None]) -> ui.UserSelect[Any]:
    """A menu of people who take turns."""
    return ui.UserSelect(
        custom_id=custom_id("setup", "rota"), min_values=0, max_values=TURNS,
        default_values=[preset(one, discord.SelectDefaultValueType.user) for one in _ids(chosen, TURNS)],
    )  # fmt: skip


def _language(chosen: str | None, said: Words) -> ui.Select[Any]:
    """A menu of languages."""
    options = [discord.SelectOption(label=said("setup.own-language"), value="server", default=chosen is None)]
    options += [
        discord.SelectOption(label=OWN_NAMES[name], value=name, default=chosen == name) for name in LANGUAGES
    ]
    return ui.Select(custom_id=custom_id("setup", "language"), options=options)


def _ids(chosen: Iterable[str | None], most: int) -> list[int]:
    """Ids that are set, as numbers."""
    return [int(one) for one in chosen if one and one.isdigit()][:most]
