"""`/help`: what Spotter is, questions that run at a press, the commands to click on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui

from bot.ui import colours
from bot.ui.actions import action, button
from bot.ui.asking import ask_by, question_by
from bot.ui.authority import may_configure, may_moderate
from bot.ui.card import card, rows, small
from bot.ui.cog import Cog
from bot.ui.places import InteractionPlace
from bot.ui.retrying import defer
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter
    from bot.ui.words import Words

EXAMPLES = ("1", "2", "3", "4")
COMMANDS = ("ask", "demo", "sources", "privacy", "report")


class Help(Cog):
    """The first thing many people open."""

    @app_commands.command(name="help", description="What I can do, with examples you can try")
    async def help(self, interaction: discord.Interaction[Spotter]) -> None:
        """Show the card, for the person alone."""
        await defer(interaction, private=True)
        settings = await self.client.book.read(interaction.guild_id)
        said = words(interaction.locale)
        await InteractionPlace(interaction, public=False).show(
            self._card(
                said, moderator=may_moderate(interaction, settings), manager=may_configure(interaction)
            )
        )

    @action("example", "private")
    async def example(self, interaction: discord.Interaction[Spotter], number: str) -> None:
        """Run an example."""
        question = words(interaction.locale)(f"help.example-{number if number in EXAMPLES else '1'}")
        await ask_by(interaction, question_by(interaction, question, "slash", public=False))

    def _card(self, said: Words, *, moderator: bool, manager: bool) -> ui.LayoutView:
        """The card, with a section for moderators where it is of use."""
        mention = self.client.tree.mention
        examples = [button(said(f"help.example-{number}"), "example", number) for number in EXAMPLES]
        lines = [f"{mention(name)} {said(f'help.command-{name}')}" for name in COMMANDS]
        me = self.client.user.mention if self.client.user else "@Spotter"
        items = [
            ui.TextDisplay(f"### {said('help.title')}\n{said('help.what')}"),
            *rows(examples[:2]),
            *rows(examples[2:]),
            ui.TextDisplay("\n".join([*lines, said("help.mention", me=me)])),
        ]
        if moderator or manager:
            more = [
                f"{mention(name)} {said('help.command-' + name.replace(' ', '-'))}"
                for name in ("mod queue", "mod stats")
            ]
            more += [f"{mention('setup')} {said('help.command-setup')}"] if manager else []
            items += [ui.Separator(), ui.TextDisplay(f"**{said('help.moderators')}**\n" + "\n".join(more))]
        items += [ui.Separator(), small(said("help.not"))]
        return card(*items, accent=colours.ANSWER)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Help(client))
