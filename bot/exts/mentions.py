"""Messages: @mentions, replies to Spotter's messages, direct messages, threads."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands

from bot.logs import logger
from bot.types import Question
from bot.ui.asking import answer, conversation, held_back, home_of, serious
from bot.ui.cog import Cog
from bot.ui.errors import explain, record
from bot.ui.handles import with_handle
from bot.ui.places import MessagePlace
from bot.ui.snowflakes import Reply, reply_to
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter
    from bot.ui.pacing import Pace

log = logger("mentions")

TYPING = 8.0
"""Seconds after which the sign is shown again: Discord takes it away after ten."""
KINDS = (discord.MessageType.default, discord.MessageType.reply)


class Mentions(Cog):
    """Answers messages that are addressed to Spotter."""

    def __init__(self, client: Spotter) -> None:
        super().__init__(client)
        self._hinted: set[int] = set()
        self._typing: set[asyncio.Task[None]] = set()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer once; say what to do where Discord withheld the words; leave everything else alone."""
        if self.client.stopping or message.author.bot or message.webhook_id or message.type not in KINDS:
            return
        if not self._addressed(message) or not self.client.fresh(message.id):
            return
        async with self.client.working():
            place = await self._place(message)
            if place is None:
                return
            try:
                await self._answer(message, place)
            except Exception as error:  # noqa: BLE001 - edge: anything in a handler
                reference = record(error, where="message")
                with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                    await place.say(explain(error, self._locale(message), reference))

    async def _answer(self, message: discord.Message, place: MessagePlace) -> None:
        """Answer a message that is addressed to Spotter."""
        text = self._text(message)
        settings = await self.client.book.at_hand(message.guild.id if message.guild else None)
        locale = settings.language or self._locale(message)
        if str(message.channel.id) in settings.quiet_channels and not serious(text):
            return
        if not text:
            ask = self.client.tree.mention("ask")
            await place.say(words(locale)("mention.empty", ask=ask, me=self._me()))
            return
        question = self._question(message, text, locale)
        refused = await held_back(self.client, question, message.author)
        if refused:
            if self.client.limits.person.should_tell(question.person):
                await place.say(refused)
            return
        answered = asyncio.Event()
        typing = asyncio.create_task(_type(message.channel, self.client.pace, answered))
        self._typing.add(typing)
        typing.add_done_callback(self._typing.discard)
        try:
            await answer(self.client, question, place)
        finally:
            answered.set()

    def _addressed(self, message: discord.Message) -> bool:
        """Whether a message is for Spotter: direct, mentioning it or its own role, replying to it, or the first in its thread."""
        me = self.client.user
        if me is None or message.guild is None:
            return message.guild is None and isinstance(
                message.channel, discord.DMChannel | discord.PartialMessageable
            )
        if any(user.id == me.id for user in message.mentions):
            return True
        if any(role.tags and role.tags.bot_id == me.id for role in message.role_mentions):
            return True
        replied = message.reference.resolved if message.reference else None
        if isinstance(replied, discord.Message) and replied.author.id == me.id:
            return True
        return self._unread_thread(message, me.id)

    def _unread_thread(self, message: discord.Message, me: int) -> bool:
        """The first message without words in a thread that Spotter opened: it is told once what to do."""
        channel = message.channel
        if (
            not isinstance(channel, discord.Thread)
            or channel.owner_id != me
            or message.content
            or channel.id in self._hinted
        ):
            return False
        self._hinted.add(channel.id)
        return True

    def _text(self, message: discord.Message) -> str:
        """The words without the mention of Spotter itself."""
        own = [rf"<@!?{self.client.user.id}>"] if self.client.user else []
        own += [rf"<@&{role.id}>" for role in message.role_mentions if role.tags and role.tags.bot_id]
        return re.sub("|".join(own), " ", message.content).strip() if own else message.content.strip()

    def _question(self, message: discord.Message, text: str, locale: str) -> Question:
        """A message as a question."""
        guild, person = message.guild, str(message.author.id)
        public = guild is not None
        question = Question(
            text=text[:4000],
            person=person,
            conversation=conversation(
                guild.id if guild else None, home_of(message.channel, self.client), person
            ),
            id=str(message.id),
            guild=str(guild.id) if guild else None,
            channel=str(message.channel.id),
            locale=locale,
            surface="mention" if guild else "dm",
            public=public,
            message=str(message.id),
        )
        return with_handle(question)

    async def _place(self, message: discord.Message) -> MessagePlace | None:
        """Where to answer; None where Spotter may not write."""
        guild, channel = message.guild, message.channel
        if guild is None or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return MessagePlace(channel, message.id, public=guild is not None, reference=_reference(message))
        allowed = channel.permissions_for(guild.me)
        writing = (
            allowed.send_messages_in_threads if isinstance(channel, discord.Thread) else allowed.send_messages
        )
        if not (allowed.view_channel and writing):
            log.info("may not write", guild=str(guild.id), channel=str(channel.id))
            return None
        reference = _reference(message) if allowed.read_message_history else None
        threads = isinstance(channel, discord.TextChannel) and allowed.create_public_threads
        return MessagePlace(channel, message.id, public=True, reference=reference, threads=threads)

    def _locale(self, message: discord.Message) -> str:
        """The server's language: a message does not tell its author's."""
        return message.guild.preferred_locale.value if message.guild else "en"

    def _me(self) -> str:
        """Spotter's mention."""
        return self.client.user.mention if self.client.user else "@Spotter"


async def _type(channel: discord.abc.Messageable, pace: Pace, answered: asyncio.Event) -> None:
    """Show that an answer is being written until it is; answers go first. A sign that cannot be shown is not worth an error.

    No request is cancelled half-way: discord.py, cancelled while it waits for the end of the bot's own limit, sends nothing any more for good.
    """
    if not pace.easy():
        return
    with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
        while not answered.is_set():
            await channel.typing()
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), TYPING)


def _reference(message: discord.Message) -> Reply:
    """A reply to a message."""
    return reply_to(message.id, message.channel.id, message.guild.id if message.guild else None)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Mentions(client))
