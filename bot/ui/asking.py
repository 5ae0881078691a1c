"""From a person's words in Discord to the coach and back: limits, time limit, delivery. Every way in ends here."""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Literal

import discord

from bot import metrics
from bot.logs import logger
from bot.types import Duplicate, Question
from bot.ui.authority import may_ask
from bot.ui.deliver import deliver
from bot.ui.errors import record
from bot.ui.handles import with_handle
from bot.ui.places import InteractionPlace
from bot.ui.words import words
from safety.assess import assess
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.client import Spotter
    from bot.types import Reply
    from bot.ui.places import Place

log = logger("asking")

ABOUT = "/about"
"""Follows a person's id where they asked about somebody else's words."""
WAITING = 10.0
"""Seconds that a question waits at most while as many as can be done at once are worked on."""
SPARE = 10.0
"""Seconds on top of the answer's and the store's own limits before the hard stop."""


class Ledger:
    """Notes in the store what went out; a store that fails must not turn a delivered reply into an error."""

    def __init__(self, client: Spotter) -> None:
        """Write to the client's store."""
        self._client = client

    async def delivered(self, question: str, guild: str | None, message: str | None = None) -> None:
        """Note that a reply went out."""
        await self._noting(self._client.app.store.exchanges.delivered(question, guild, message))

    async def apologised(self, question: str, guild: str | None) -> None:
        """Note that an apology went out."""
        await self._noting(self._client.app.store.deliveries.apologised(question, guild))

    async def _noting(self, writing: Awaitable[None]) -> None:
        try:
            await asyncio.wait_for(writing, self._client.app.settings.store_seconds)
        except Exception as error:
            metrics.FAULTS.labels("store").inc()
            log.warning("delivery not noted", exc_info=error)


async def answer(client: Spotter, question: Question, place: Place) -> Reply | None:
    """Answer a question in a place; None if it was answered before, or an apology went out because it took too long."""
    return await send(client, question, place, partial(client.app.coach.respond, question))


async def send(
    client: Spotter, question: Question, place: Place, work: Callable[[], Awaitable[Reply]]
) -> Reply | None:
    """Have a reply worked out within the time limit, and deliver it.

    Only so many are worked on at once, first come, first served: with more, every one of them would run into the store's and the answerer's
    own limits, and a process that is asked more than it can do would do nothing at all. Who waits too long gets an apology, before anything
    is begun that could not be finished; what the safety layer takes seriously does not wait.
    """
    settings = client.app.settings
    try:
        async with _room(client, question):
            async with asyncio.timeout(settings.answer_seconds + 2 * settings.store_seconds + SPARE):
                reply = await work()
    except Duplicate:
        return None
    except TimeoutError as error:
        reference = record(error, where=question.surface)
        await place.say(words(question.locale)("error.slow", id=reference))
        await Ledger(client).apologised(question.id, question.guild)
        return None
    await deliver(reply, place, Ledger(client))
    client.remember(question.person, reply)
    if reply.case:
        client.wake()
    return reply


@asynccontextmanager
async def _room(client: Spotter, question: Question) -> AsyncIterator[None]:
    """A place among the questions that are worked on. Raises `TimeoutError` where there is none for too long."""
    if client.desk.locked() and serious(question.text):
        yield
        return
    async with asyncio.timeout(WAITING):
        await client.desk.acquire()
    try:
        yield
    finally:
        client.desk.release()


async def held_back(client: Spotter, question: Question, user: discord.abc.User) -> str | None:
    """Why this question is not answered now, in words; None to go ahead. What the safety layer takes seriously always goes ahead."""
    settings = await client.book.at_hand(question.guild)
    said = words(question.locale)
    if not may_ask(user, settings):
        return None if serious(question.text) else said("ask.not-allowed")
    seconds = client.limits.wait(question.person, question.guild)
    if seconds and not serious(question.text):
        return said("ask.wait", seconds=math.ceil(seconds))
    return None


def serious(text: str) -> bool:
    """Whether the rules of the safety layer see anything in a text that must not wait. If they fail, everything is."""
    try:
        assessment, _ = assess((Turn(text),))
    except Exception as error:
        metrics.FAULTS.labels("assess").inc()
        log.exception("assess failed before a limit", exc_info=error)
        return True
    return assessment.tier >= Tier.REFER or not assessment.coaching


def question_by(
    interaction: discord.Interaction[Spotter],
    text: str,
    surface: Literal["slash", "menu", "modal"],
    *,
    public: bool,
    about: str = "",
) -> Question:
    """What is asked by an interaction.

    `about` names the message in question where the words are somebody else's: they make a conversation of their own, so that another
    person's symptoms never become part of the asker's.
    """
    person = f"{interaction.user.id}{ABOUT}" if about else str(interaction.user.id)
    question = Question(
        text=text,
        person=person,
        conversation=conversation(interaction.guild_id, about_or_channel(interaction, about), person),
        id=str(interaction.id),
        guild=str(interaction.guild_id) if interaction.guild_id else None,
        channel=str(interaction.channel_id) if interaction.channel_id else None,
        locale=interaction.locale.value,
        surface=surface,
        public=public,
        message=about,
    )
    return with_handle(question, token=interaction.token)


async def ask_by(interaction: discord.Interaction[Spotter], question: Question) -> Reply | None:
    """Answer a question asked by an interaction that was acknowledged, publicly or not as the question says."""
    client, place = interaction.client, InteractionPlace(interaction, public=question.public)
    refused = await held_back(client, question, interaction.user)
    if refused:
        await place.say(refused)
        await Ledger(client).delivered(question.id, question.guild)
        return None
    return await answer(client, question, place)


def about_or_channel(interaction: discord.Interaction[Spotter], about: str) -> str:
    """What tells conversations of one person apart: the message asked about, else the channel, of a thread of ours the one it came from."""
    if about:
        return f"about-{about}"
    return str(home_of(interaction.channel, interaction.client) or interaction.channel_id or 0)


def home_of(channel: object, client: Spotter) -> int | None:
    """The channel whose conversation goes on here: a thread that Spotter opened continues its channel's."""
    if isinstance(channel, discord.Thread) and client.user and channel.owner_id == client.user.id:
        return channel.parent_id
    return getattr(channel, "id", None)


def is_public(interaction: discord.Interaction[Spotter], *, share: bool) -> bool:
    """Whether an answer would be seen by others: shared, and not in a direct message with the bot."""
    return share and not interaction.context.dm_channel


def conversation(guild: int | None, channel: int | str | None, person: int | str) -> str:
    """One person in one channel, thread or direct message: conversations of two people, channels or servers never mix."""
    return f"{guild or 'dm'}/{channel or 0}/{person}"
