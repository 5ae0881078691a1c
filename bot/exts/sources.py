"""`/sources`: the documents that answers come from, each with its kind."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui

from bot.ui import colours
from bot.ui.answer import kind_of
from bot.ui.card import card, small
from bot.ui.cog import Cog
from bot.ui.fit import clip, plain
from bot.ui.places import InteractionPlace
from bot.ui.retrying import defer
from bot.ui.words import words
from corpus import documents

if TYPE_CHECKING:
    from bot.client import Spotter
    from bot.ui.words import Words
    from corpus.documents import Document

MOST = 20


class Sources(Cog):
    """Shows where advice comes from."""

    @app_commands.command(name="sources", description="The documents my answers come from")
    async def sources(self, interaction: discord.Interaction[Spotter]) -> None:
        """List them."""
        await defer(interaction, private=True)
        known = await asyncio.to_thread(_documents)
        said = words(interaction.locale)
        lines = "\n".join(_line(document, said) for document in known[:MOST])
        view = card(
            ui.TextDisplay(f"### {said('sources.title')}\n{said('sources.what')}"),
            ui.TextDisplay(clip_lines(lines, 3000)),
            small(said("sources.kinds")),
            accent=colours.ANSWER,
        )
        await InteractionPlace(interaction, public=False).show(view)


@cache
def _documents() -> tuple[Document, ...]:
    """Our documents, read once."""
    return tuple(documents.load())


def _line(document: Document, said: Words) -> str:
    """One document."""
    return f"- **{plain(clip(document.title, 120))}**, {plain(clip(document.publisher, 80))} ({kind_of(document.kind, said)})"


def clip_lines(text: str, size: int) -> str:
    """Whole lines of `text` up to `size` characters."""
    while len(text) > size and "\n" in text:
        text = text.rsplit("\n", 1)[0]
    return text[:size]


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Sources(client))
