"""Modals: what they ask, and reading what was entered. They are submitted as an action, so that an open one survives a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.ui.actions import custom_id
from bot.ui.fit import clip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def modal(title: str, verb: str, *arguments: str, fields: Sequence[ui.Item[Any]]) -> ui.Modal:
    """A modal that does `verb` when it is submitted."""
    made = ui.Modal(title=clip(title, 45), custom_id=custom_id(verb, *arguments), timeout=900)
    for field in fields:
        made.add_item(field)
    return made


def text(
    name: str,
    label: str,
    *,
    hint: str = "",
    long: bool = True,
    required: bool = True,
    shortest: int | None = None,
    longest: int = 600,
) -> ui.Label[Any]:
    """A field for text."""
    style = discord.TextStyle.long if long else discord.TextStyle.short
    entry: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, style=style, required=required, min_length=shortest, max_length=longest
    )
    return ui.Label(text=clip(label, 45), description=clip(hint, 100) or None, component=entry)


def choice(
    name: str,
    label: str,
    options: Mapping[str, str],
    *,
    hint: str = "",
    chosen: str = "",
    required: bool = True,
) -> ui.Label[Any]:
    """A field with 2 to 10 answers, of which one holds: value -> words."""
    shown = [
        discord.RadioGroupOption(label=clip(said, 100), value=value, default=value == chosen)
        for value, said in options.items()
    ]
    group: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=name, options=shown, required=required)
    return ui.Label(text=clip(label, 45), description=clip(hint, 100) or None, component=group)


def entered(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was entered into a modal: field -> text or chosen value."""
    data: Any = interaction.data or {}
    return {
        str(field["custom_id"]): str(field.get("value") or next(iter(field.get("values") or ()), ""))
        for field in _fields(data.get("components") or ())
        if "custom_id" in field
    }


def _fields(components: Any) -> Iterator[Mapping[str, Any]]:
    """All components, at any depth."""
    for component in components:
        yield component
        if component.get("component"):
            yield from _fields((component["component"],))
        yield from _fields(component.get("components") or ())
