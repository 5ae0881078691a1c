"""Questions that were asked while nobody listened: a process was replaced or died, or a session could not be resumed.

Discord repeats nothing for a new session. It does say when something was last written in each channel; there the mentions are read, and
those that nobody has taken up are answered now. (Commands are not lost: Discord told their users at once that nobody answered.)
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands, tasks

from bot import metrics
from bot.logs import logger
from bot.ui.cog import Cog

if TYPE_CHECKING:
    from bot.client import Spotter

log = logger("missed")

ROOMS = 200
"""Channels of a shard read at most, those written in last first: each costs a request under the limit that answers share."""
MESSAGES = 200
"""Messages of a channel read at most."""
PAUSES = (0.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds before each try: a database that restarts at the same time is back by then."""


class Missed(Cog):
    """Reads what was missed."""

    def __init__(self, client: Spotter) -> None:
        super().__init__(client)
        self._deaf: set[int] = set()
        """Shards between two sessions: connected perhaps, but what happened meanwhile has not come yet."""

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin to note that everything is heard; on a later reconnect that is going on already."""
        if self.client.background and not self.note.is_running():
            self.note.start()

    async def cog_unload(self) -> None:
        """End."""
        await super().cog_unload()
        self.note.cancel()

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard: int) -> None:
        """A shard hears nothing."""
        self._deaf.add(shard)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard: int) -> None:
        """A shard has its session again, and with it all that happened."""
        self._deaf.discard(shard)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard: int) -> None:
        """A shard has begun a new session: read what was written since the one before."""
        since = self.client.heard.since(shard)
        if since is not None and await self._caught_up(shard, datetime.fromtimestamp(since, UTC)) is None:
            return
        self._deaf.discard(shard)

    async def _caught_up(self, shard: int, since: datetime) -> int | None:
        """Read what was missed, again and again if it fails; until then a process that dies leaves it to the next. None: given up."""
        self._deaf.add(shard)
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                async with self.client.working():
                    found = await self._read(shard, since)
            except Exception as error:
                metrics.FAULTS.labels("upkeep").inc()
                log.exception("missed questions not read", shard=shard, exc_info=error)
                continue
            if found:
                log.info("missed questions answered", shard=shard, number=found)
            return found
        return None

    @tasks.loop(seconds=1)
    async def note(self) -> None:
        """Note which shards are connected."""
        up = [number for number, shard in self.client.shards.items() if not shard.is_closed()]
        up = [number for number in up if number not in self._deaf]
        try:
            await asyncio.to_thread(self.client.heard.note, up)
        except OSError as error:
            log.warning("not noted what was heard", error=error.strerror)

    async def _read(self, shard: int, since: datetime) -> int:
        """Answer what was missed in the servers of a shard; returns how many questions that were."""
        after = discord.utils.time_snowflake(since)
        rooms: list[discord.TextChannel | discord.Thread] = []
        for guild in self.client.guilds:
            if guild.shard_id == shard:
                rooms += guild.text_channels
                rooms += guild.threads
        # none where nobody ever wrote, or where a proxy left it out: read last, and there are few of them
        rooms = [room for room in rooms if room.last_message_id is None or room.last_message_id > after]
        rooms.sort(key=lambda room: room.last_message_id or 0, reverse=True)
        if len(rooms) > ROOMS:
            log.warning("not all channels read", shard=shard, left=len(rooms) - ROOMS)
        found = 0
        for room in rooms[:ROOMS]:
            try:
                found += await self._room(room, after)
            except discord.HTTPException as error:
                log.info("channel not read", channel=str(room.id), status=error.status)
        return found

    async def _room(self, room: discord.TextChannel | discord.Thread, after: int) -> int:
        """Answer what was missed in one channel."""
        allowed, me = room.permissions_for(room.guild.me), room.guild.me.id
        if not (allowed.view_channel and allowed.read_message_history):
            return 0
        since = discord.Object(after)
        read = [one async for one in room.history(after=since, limit=MESSAGES, oldest_first=True)]
        replied = {one.reference.message_id for one in read if one.author.id == me and one.reference}
        asked = [one for one in read if one.id not in replied and any(user.id == me for user in one.mentions)]
        if not asked:
            return 0
        taken = await self.client.app.store.deliveries.known(
            str(room.guild.id), [str(one.id) for one in asked]
        )
        left = [one for one in asked if str(one.id) not in taken]
        mentions: Any = self.client.get_cog("Mentions")
        for message in left:
            await self._with_member(message)
            await mentions.on_message(message)
        return len(left)

    async def _with_member(self, message: discord.Message) -> None:
        """Put the author's roles in, which history leaves out, where it depends on them who may ask."""
        settings = await self.client.book.at_hand(message.guild.id if message.guild else None)
        if settings.asking_roles and message.guild and not isinstance(message.author, discord.Member):
            message.author = await message.guild.fetch_member(message.author.id)


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Missed(client))
