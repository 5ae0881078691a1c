"""Cards that say one fixed thing: a notice, a question back, an error. Answers have `bot.ui.answer`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import ui

from bot.ui import colours
from bot.ui.fit import CARD

if TYPE_CHECKING:
    from collections.abc import Sequence

Shown: TypeAlias = "ui.Item[Any]"


def card(*items: Shown, accent: discord.Colour = colours.QUIET) -> ui.LayoutView:
    """A card with one container that holds `items`."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=accent))
    return view


def notice(
    text: str, *, accent: discord.Colour = colours.QUIET, buttons: Sequence[Shown] = ()
) -> ui.LayoutView:
    """A card with a few words of ours, and perhaps buttons."""
    items: list[Shown] = [ui.TextDisplay(text[:CARD])]
    items += rows(buttons)
    return card(*items, accent=accent)


def rows(buttons: Sequence[Shown]) -> list[Shown]:
    """Buttons in rows of five."""
    return [ui.ActionRow(*buttons[start : start + 5]) for start in range(0, len(buttons), 5)]


def small(text: str) -> ui.TextDisplay[Any]:
    """Small print, each line of it."""
    return ui.TextDisplay("\n".join(f"-# {line}" for line in text.splitlines() if line.strip()))
