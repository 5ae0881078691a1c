"""Questions whose process died: answered now, or apologised for, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.logs import logger
from bot.types import Duplicate
from bot.ui.answer import reply_cards
from bot.ui.asking import Ledger
from bot.ui.card import notice
from bot.ui.deliver import deliver
from bot.ui.handles import Handle
from bot.ui.places import MessagePlace, files
from bot.ui.retrying import persist
from bot.ui.snowflakes import reply_to
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter
    from bot.store.deliveries import Undelivered
    from bot.types import Reply
    from bot.ui.places import Place

log = logger("recovery")

FIRST: Any = "@original"
"""Discord's name for the first answer to an interaction; discord.py's annotations know numbers only."""

TOO_LATE = (10015, 50027)
"""Discord's codes for an interaction's token that is unknown, or good no more."""


class TokenPlace:
    """The answer to an interaction of another process, by its token: good for fifteen minutes."""

    def __init__(self, webhook: discord.Webhook, *, public: bool) -> None:
        """Edit the first answer of `webhook`."""
        self._webhook: Any = webhook
        self._public = public

    async def send(self, reply: Reply) -> str | None:
        """Show a reply."""
        first, *more = reply_cards(reply, public=self._public)
        message: Any = await persist(
            lambda: self._webhook.edit_message(FIRST, view=first, attachments=files(reply.attachment, first))
        )
        for view in more:
            await self._webhook.send(view=view, ephemeral=not self._public)
        return str(message.id)

    async def say(self, text: str) -> None:
        """Show a fixed line of ours."""
        await persist(lambda: self._webhook.edit_message(FIRST, view=notice(text)))


async def recover(client: Spotter) -> int:
    """Deal with what was left without a reply; returns how many there were."""
    guilds = client.serves() + (("",) if not client.shard_ids or 0 in client.shard_ids else ())
    orphans = await client.app.store.deliveries.orphans(guilds)
    for orphan in orphans:
        async with client.working():
            await _one(client, orphan)
    return len(orphans)


async def _one(client: Spotter, orphan: Undelivered) -> None:
    """Deal with one. What Discord refuses (a token too old, a channel gone) is given up: nobody waits there any more."""
    ledger = Ledger(client)
    try:
        handle = Handle.read(orphan.handle)
        place = await _place(client, handle, orphan)
        if place is None:
            await ledger.delivered(orphan.question, orphan.guild)
            return
        reply = await _reply(client, handle, orphan)
        if reply is not None:
            await ledger.delivered(orphan.question, orphan.guild, await deliver(reply, place))
            if reply.case:
                client.wake()
            return
        await place.say(words(handle.locale)("error.interrupted"))
    except Duplicate:
        return  # this process has it in hand; if it does not come to an end with it, the next turn apologises
    except (discord.HTTPException, discord.ClientException, TypeError, ValueError) as error:
        log.info("reply given up", asked=orphan.question, error=type(error).__name__)
    await ledger.apologised(orphan.question, orphan.guild)


async def _reply(client: Spotter, handle: Handle, orphan: Undelivered) -> Reply | None:
    """The reply that was recorded, else a fresh answer; None where there is only an apology left.

    Asked again once only: a question that two processes did not survive is not handed to a third.
    """
    if orphan.exchange:
        return await client.app.coach.recall(orphan.exchange, orphan.guild, handle.person)
    if not handle.text or orphan.again:
        return None
    return await client.app.coach.respond(handle.question(orphan.question, orphan.guild))


async def _waits(webhook: Any) -> bool:
    """Whether an interaction still shows "thinking". Where Discord does not say, it does: the reply is an edit, and the same one twice is harmless.

    Raises `discord.NotFound` for a token that is good no more.
    """
    try:
        shown = await persist(lambda: webhook.fetch_message(FIRST))
    except discord.HTTPException as error:
        if error.code in TOO_LATE:
            raise
        return True
    return bool(shown.flags.loading) or not (shown.content or shown.components or shown.embeds)


async def _place(client: Spotter, handle: Handle, orphan: Undelivered) -> Place | None:
    """Where the reply goes; None where it went out already and only the note of it is missing."""
    if handle.kind == "interaction":
        webhook = discord.Webhook.partial(client.application_id or 0, handle.token, client=client)
        return TokenPlace(webhook, public=handle.public) if await _waits(webhook) else None
    guild = int(orphan.guild) if orphan.guild else None
    channel = client.get_partial_messageable(handle.channel, guild_id=guild)
    me = client.user.id if client.user else 0
    async for message in channel.history(after=discord.Object(handle.message), limit=200, oldest_first=True):
        if message.author.id == me and message.reference and message.reference.message_id == handle.message:
            return None
    reference = reply_to(handle.message, handle.channel, guild)
    return MessagePlace(channel, handle.message, public=handle.public, reference=reference)
