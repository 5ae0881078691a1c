"""Coming to a server and leaving it: one greeting for whoever invited Spotter, and nothing kept afterwards."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands, tasks

from bot.logs import logger
from bot.ui.card import notice
from bot.ui.cog import Cog
from bot.ui.retrying import persist
from bot.ui.snowflakes import pinging
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.client import Spotter

log = logger("servers")

LATELY = timedelta(days=1)
"""Who joined longer ago, while Spotter was not running, is not greeted any more."""


GONE = 3600.0
"""Seconds that a server stays unknown to Discord before it is forgotten: somebody may have started this with another bot's token by mistake."""


class Servers(Cog):
    """Greets and forgets."""

    def __init__(self, client: Spotter) -> None:
        super().__init__(client)
        self._missing: dict[str, float] = {}

    async def cog_unload(self) -> None:
        """End."""
        await super().cog_unload()
        self.left.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin to look for servers that were left while Spotter was not running: Discord tells of them no more."""
        if self.client.background and not self.left.is_running():
            self.left.start()

    @tasks.loop(minutes=20)
    async def left(self) -> None:
        """Forget those that stay away. A turn that fails is logged, and the next one comes all the same."""
        try:
            await self.forget_left()
        except Exception as error:
            log.exception("turn failed", loop="left", exc_info=error)

    async def forget_left(self) -> list[str]:
        """Forget servers of this process's shards that Discord has not known for an hour; returns them."""
        now, here = time.monotonic(), set(self.client.serves())
        away = {
            one for one in await self.client.app.store.guilds.kept() if one not in here and self._ours(one)
        }
        self._missing = {guild: self._missing.get(guild, now) for guild in away}
        gone = [guild for guild, since in self._missing.items() if now - since >= GONE]
        gone = [guild for guild in gone if await self._unknown(int(guild))]
        for guild in gone:
            await self.client.book.forget(guild)
            log.info("server forgotten", guild=guild)
        return gone

    def _ours(self, guild: str) -> bool:
        """Whether a server's events come to this process."""
        if not guild.isdigit():
            return False
        shards = self.client.shard_ids
        return not shards or (int(guild) >> 22) % (self.client.shard_count or 1) in shards

    async def _unknown(self, guild: int) -> bool:
        """Whether Discord says that the bot is not there. No answer is no."""
        try:
            await self.client.fetch_guild(guild, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return True
        except discord.HTTPException as error:
            log.info("server not looked up", guild=str(guild), status=error.status)
        return False

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet."""
        async with self.client.working():
            await self._greet(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Learn a server's settings before anybody asks; greet it if it was joined while Spotter was down."""
        async with self.client.working():
            settings = await self.client.book.read(guild.id)
            joined = guild.me.joined_at if guild.me else None
            if not settings.greeted and joined and discord.utils.utcnow() - joined < LATELY:
                await self._greet(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Delete everything of a server that Spotter has left. Not called for one that is merely unavailable."""
        async with self.client.working():
            await self.client.book.forget(guild.id)
            log.info("server forgotten", guild=str(guild.id))

    async def _greet(self, guild: discord.Guild) -> None:
        """Say hello once, where moderators read, mentioning whoever invited if the audit log may be read."""
        settings = await self.client.book.read(guild.id)
        if settings.greeted:
            return
        await self.client.book.save(guild.id, replace(settings, greeted=True), "spotter")
        room = _room(guild)
        if room is None:
            return
        inviter = await self._inviter(guild)
        said = words(guild.preferred_locale.value)
        mention = self.client.tree.mention
        hello = said("greeting.hello", who=inviter.mention) if inviter else said("greeting.hello-all")
        text = f"{hello}\n{said('greeting.what', setup=mention('setup'), help=mention('help'))}"
        allowed = pinging(users=[inviter.id] if inviter else [])
        await persist(
            lambda: room.send(view=notice(text), allowed_mentions=allowed, nonce=f"hello{guild.id}")
        )

    async def _inviter(self, guild: discord.Guild) -> discord.abc.User | None:
        """Who added the bot; None where the audit log may not be read."""
        if not guild.me.guild_permissions.view_audit_log or self.client.user is None:
            return None
        try:
            async for entry in guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=10):
                if getattr(entry.target, "id", None) == self.client.user.id:
                    return entry.user
        except discord.HTTPException as error:
            log.info("audit log not readable", guild=str(guild.id), status=error.status)
        return None


def _room(guild: discord.Guild) -> discord.TextChannel | None:
    """Where to greet: the channel of moderators' notices, the system channel, else the first in which Spotter may write."""
    rooms = [guild.public_updates_channel, guild.system_channel, *guild.text_channels]
    for room in rooms:
        if room is not None:
            allowed = room.permissions_for(guild.me)
            if allowed.view_channel and allowed.send_messages:
                return room
    return None


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Servers(client))
