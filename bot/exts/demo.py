"""`/demo`, and the buttons under a demo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot import catalogue
from bot.ui.actions import action, button
from bot.ui.asking import ask_by, held_back, is_public, question_by, send, serious
from bot.ui.card import notice
from bot.ui.cog import Cog
from bot.ui.demos import picture
from bot.ui.handles import with_handle
from bot.ui.places import InteractionPlace
from bot.ui.retrying import defer
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.catalogue import Catalogue
    from bot.client import Spotter
    from corpus.exercises import Exercise


class Demo(Cog):
    """Shows how a movement is done."""

    @app_commands.command(
        name="demo", description="Watch how an exercise is done, with cues and what to avoid"
    )
    @app_commands.describe(
        exercise="Start typing: “rdl”, “bird dog”, “jefferson” …", share="Let everybody here see it"
    )
    async def demo(
        self,
        interaction: discord.Interaction[Spotter],
        exercise: app_commands.Range[str, 1, 200],
        share: bool = False,
    ) -> None:
        """Show a demo; what was typed is assessed like any question."""
        public = is_public(interaction, share=share)
        await defer(interaction, private=not public and not interaction.context.dm_channel)
        known = self._known
        found = known.get(exercise) or known.find(exercise) or next(iter(known.mentioned(exercise)), None)
        if found is not None:
            typed = found.name if exercise == found.id else exercise
            await self._show(interaction, found, typed, public=public)
        elif serious(exercise):
            await ask_by(interaction, question_by(interaction, exercise, "slash", public=public))
        else:
            await self._not_found(interaction, exercise, public=public)

    @property
    def _known(self) -> Catalogue:
        """Every exercise there is, imported ones as well."""
        return catalogue.read(self.client.app.settings.data_dir)

    @demo.autocomplete("exercise")
    async def complete(
        self, _interaction: discord.Interaction[Spotter], current: str
    ) -> list[app_commands.Choice[str]]:
        """What may be meant: names and aliases that begin so, hold it, or are like it."""
        return [
            app_commands.Choice(name=one.name[:100], value=one.id)
            for one in self._known.suggest(current[:100], 25)
        ]

    @action("demo", "private")
    async def other(self, interaction: discord.Interaction[Spotter], exercise: str) -> None:
        """Show another exercise to the person who pressed."""
        await self._pressed(interaction, exercise, fault=False)

    @action("fault", "private")
    async def fault(self, interaction: discord.Interaction[Spotter], exercise: str) -> None:
        """Show the common fault."""
        await self._pressed(interaction, exercise, fault=True)

    async def _pressed(
        self, interaction: discord.Interaction[Spotter], exercise: str, *, fault: bool
    ) -> None:
        """Show an exercise by its id."""
        found = self._known.get(exercise)
        if found is None:
            await InteractionPlace(interaction, public=False).say(words(interaction.locale)("demo.gone"))
            return
        await self._show(interaction, found, found.name, public=False, fault=fault)

    async def _show(
        self,
        interaction: discord.Interaction[Spotter],
        exercise: Exercise,
        typed: str,
        *,
        public: bool,
        fault: bool = False,
    ) -> None:
        """Take the demo through the coach, which gates and guards it, and deliver it."""
        client, place = self.client, InteractionPlace(interaction, public=public)
        asked = question_by(interaction, typed, "slash", public=public)
        question = with_handle(asked, token=interaction.token, again=False)
        refused = await held_back(client, question, interaction.user)
        if refused:
            await place.say(refused)
        else:
            fault = fault and exercise.fault is not None
            draw = partial(picture, folder=client.app.settings.data_dir / "demos", fault=fault)
            await send(
                client, question, place, partial(client.app.coach.show, exercise, question, draw, fault=fault)
            )

    async def _not_found(
        self, interaction: discord.Interaction[Spotter], typed: str, *, public: bool
    ) -> None:
        """Say that there is no such demo, and offer what is nearest."""
        said, place = words(interaction.locale), InteractionPlace(interaction, public=public)
        near = [button(one.name, "demo", one.id) for one in self._known.suggest(typed, 5)]
        await place.show(notice(said("demo.not-found" if near else "demo.nothing-like-it"), buttons=near))


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Demo(client))
