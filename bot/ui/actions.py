"""Buttons, menus and modals that survive a restart: what is to be done stands in the custom id, `spotter:VERB:ARGUMENT:...`.

discord.py swallows errors of dynamic items and forgets open modals at a restart; so every verb runs through `perform`, which
acknowledges first, lets nothing fail silently and ignores what was handled before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypeVar

import discord
from discord import ui

from bot.ui.errors import apologise
from bot.ui.retrying import Taken, defer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client import Spotter

    Handler: TypeAlias = Callable[..., Awaitable[None]]
    Interaction: TypeAlias = discord.Interaction[Spotter]

HandlerT = TypeVar("HandlerT", bound="Callable[..., Awaitable[None]]")
Ack: TypeAlias = Literal["private", "public", "update", "own"]
"""How an action is acknowledged: with a new answer (for the person alone, or for all), with a later change of the message that carries
it, or by the handler itself as its first step (a modal)."""
PREFIX = "spotter:"


def action(verb: str, ack: Ack) -> Callable[[HandlerT], HandlerT]:
    """Mark a cog's method as the handler of `verb`; it gets the interaction and the arguments from the custom id."""

    def mark(handler: HandlerT) -> HandlerT:
        handler.__action__ = (verb, ack)  # type: ignore[attr-defined]
        return handler

    return mark


class Actions:
    """All verbs and their handlers."""

    def __init__(self) -> None:
        self._handlers: dict[str, tuple[Handler, Ack]] = {}

    def collect(self, owner: object) -> None:
        """Add every marked method of `owner`. Raises `ValueError` for a verb that is there already."""
        for name in dir(type(owner)):
            marked = getattr(getattr(type(owner), name), "__action__", None)
            if marked is not None:
                verb, ack = marked
                if verb in self._handlers:
                    raise ValueError(f"two handlers for {verb!r}")
                self._handlers[verb] = (getattr(owner, name), ack)

    def drop(self, owner: object) -> None:
        """Forget the methods of `owner`."""
        self._handlers = {
            verb: kept
            for verb, kept in self._handlers.items()
            if getattr(kept[0], "__self__", None) is not owner
        }

    async def perform(self, interaction: Interaction, custom_id: str) -> None:
        """Acknowledge and do what a custom id says. Every failure ends in one private line with an error id."""
        verb, *arguments = custom_id.removeprefix(PREFIX).split(":")
        handler, ack = self._handlers.get(verb, (None, "own"))
        if handler is None or not interaction.client.fresh(interaction.id):
            return
        async with interaction.client.working():
            try:
                if ack != "own":
                    await defer(interaction, private=ack == "private", update=ack == "update")
                await handler(interaction, *arguments)
            except Taken:
                return
            except Exception as error:  # noqa: BLE001 - edge: anything in a handler
                await apologise(interaction, error, where=verb)


class Action(ui.DynamicItem[ui.Item[Any]], template=re.escape(PREFIX) + r"[a-z-]+(?::.*)?"):
    """A button or menu that carries its verb."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Take the item as it stands in the message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand over to the handler of the verb."""
        await interaction.client.actions.perform(interaction, self.custom_id)


def button(
    label: str,
    verb: str,
    *arguments: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> Action:
    """A button that does `verb`."""
    return Action(
        ui.Button(
            label=label[:80],
            style=style,
            custom_id=custom_id(verb, *arguments),
            emoji=emoji,
            disabled=disabled,
        )
    )


def custom_id(verb: str, *arguments: str) -> str:
    """The custom id of a verb with arguments. Raises `ValueError` where Discord would refuse it."""
    made = PREFIX + ":".join((verb, *arguments))
    if len(made) > 100:
        raise ValueError(f"custom id of {verb!r} is too long")
    return made
