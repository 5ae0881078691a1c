"""The daily digest: one short card a day in each review channel, sent by the one process that leads the task for all servers.

It is claimed in the store before it is sent, so that two processes never send it both. One that may have gone out without a note of it
(the process died, Discord's answer got lost) is looked for in the channel first.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot import metrics
from bot.digest import looked_back, moment, newest
from bot.logs import logger
from bot.ui.answer import fit_card
from bot.ui.cog import Cog
from bot.ui.digest_card import digest_card, is_digest
from bot.ui.retrying import passing, persist
from bot.ui.words import words

if TYPE_CHECKING:
    from datetime import date

    from bot.client import Spotter
    from bot.digest import Tally
    from bot.guild import GuildSettings
    from bot.store.digests import Due

log = logger("digest")

SOON = timedelta(minutes=1)
"""After a fault of Discord's."""
LATER = timedelta(hours=1)
"""After Discord refused: the channel is gone, or a permission is missing."""
PATIENCE = 120.0
"""Seconds for one digest; well below the store's lease."""
TURN = 45.0
"""Seconds after which a turn takes up no more servers."""
PACE = 0.2
"""Seconds between two digests: Discord's limit is the whole bot's, and answers come first."""
FAULTS = 3
"""Faults in a row after which Discord is left alone until the next turn."""
LOOKED_AT = 300
"""Newest messages among which a digest is looked for."""


class Digest(Cog):
    """Tells the review channels how things stand."""

    async def send_due(self, now: datetime | None = None) -> int:
        """Deal with every server whose time has come; returns how many digests were sent."""
        end, sent, faults = time.monotonic() + TURN, 0, 0
        schedule = self.client.app.store.digests
        await schedule.enrol(now=now)
        while due := await schedule.due(now=now):
            for one in due:
                if self.client.stopping or time.monotonic() > end or faults >= FAULTS:
                    return sent
                async with self.client.working():
                    outcome = await self._look_after(one, now or datetime.now(UTC))
                faults = faults + 1 if outcome == "failed" else 0
                if outcome:
                    metrics.DIGESTS.labels(outcome).inc()
                if outcome == "sent":
                    sent += 1
                    await asyncio.sleep(PACE)
        return sent

    async def _look_after(self, due: Due, now: datetime) -> str:
        """Deal with one server: "sent", "quiet", "refused", "failed", or "" where there was nothing to do here."""
        store = self.client.app.store
        settings = await store.guilds.settings(due.guild)
        day = newest(settings.digest_hour, now)
        if settings.digest_hour is None or settings.review_channel is None or day <= due.day:
            await store.digests.settle(due.guild, max(day, due.day), now=now)
            return ""
        tally = await store.tally(due.guild, looked_back(due.day, day), day, now=now)
        if tally.quiet:
            await store.digests.settle(due.guild, day, now=now)
            return "quiet"
        if not await store.digests.claim(due, day, now=now):
            return ""
        outcome = await self._try(due, day, tally, settings, now)
        if outcome == "sent":
            await store.digests.settle(due.guild, day, now=now)
            log.info("digest sent", guild=due.guild, day=day.isoformat())
        return outcome

    async def _try(self, due: Due, day: date, tally: Tally, settings: GuildSettings, now: datetime) -> str:
        """Send one, or put it off."""
        put_off = self.client.app.store.digests.put_off
        try:
            async with asyncio.timeout(PATIENCE):
                await self._send(due, day, tally, settings)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            refused = isinstance(error, discord.HTTPException) and not passing(error)
            log.warning("digest not sent", guild=due.guild, day=day.isoformat(), error=type(error).__name__)
            if refused:
                await put_off(due.guild, now + LATER, tried=None)
                return "refused"
            await put_off(due.guild, now + SOON, tried=day)
            return "failed"
        return "sent"

    async def _send(self, due: Due, day: date, tally: Tally, settings: GuildSettings) -> None:
        """Post the card, unless it stands there already. The nonce makes Discord itself drop a second copy."""
        room = self.client.get_partial_messageable(int(settings.review_channel or 0), guild_id=int(due.guild))
        if due.tried == day and await self._stands(room, day):
            return
        said = words(settings.language or await self._locale(due.guild))
        console = self.client.app.settings.web_public_url
        view = fit_card(
            digest_card(tally, moment(day, settings.digest_hour), said, guild=due.guild, console=console)
        )
        nonce, nobody = f"d{day.toordinal() % 1000}.{due.guild}", discord.AllowedMentions.none()
        await persist(lambda: room.send(view=view, nonce=nonce, allowed_mentions=nobody))

    async def _stands(self, room: discord.PartialMessageable, day: date) -> bool:
        """Whether the digest of a day went out before. Where the channel may not be read nobody can tell: rather none than two."""
        me = self.client.user.id if self.client.user else 0
        try:
            async for message in room.history(limit=LOOKED_AT):
                if message.author.id == me and is_digest(message.components, day):
                    return True
        except discord.Forbidden:
            log.warning("may not read the review channel", guild=str(room.guild_id))
            return True
        return False

    async def _locale(self, guild: str) -> str:
        """A server's own language, also of one whose events go to another process."""
        known = self.client.get_guild(int(guild)) or await self.client.fetch_guild(
            int(guild), with_counts=False
        )
        return known.preferred_locale.value


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Digest(client))
