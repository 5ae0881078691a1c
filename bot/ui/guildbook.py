"""Servers' settings at hand: an acknowledgement has three seconds, so what it depends on is never waited for."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot import metrics
from bot.guild import GuildSettings
from bot.logs import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.guilds import Guilds

log = logger("guildbook")

FRESH = 20.0
"""Seconds after which settings are read again: the console may have changed them."""


PATIENCE = 1.0
"""Seconds that an answer waits for settings before it goes by the ones known."""
PAUSE = 2.0
"""Seconds before a store that failed is asked again for the sake of an answer."""


class GuildBook:
    """Settings of the servers met so far."""

    def __init__(self, guilds: Guilds, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Read from and write to `guilds`."""
        self._guilds = guilds
        self._clock = clock
        self._known: dict[str, tuple[GuildSettings, float]] = {}

    def known(self, guild: int | str | None) -> GuildSettings:
        """What is known right now; the defaults for a server not met yet."""
        kept = self._known.get(str(guild or ""))
        return kept[0] if kept else GuildSettings()

    async def at_hand(self, guild: int | str | None) -> GuildSettings:
        """The settings for answering by: a store that fails or dawdles keeps no answer back, the latest known ones then stand."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.read(guild)
        except Exception as error:
            metrics.FAULTS.labels("store").inc()
            log.exception("settings not read", guild=str(guild or ""), exc_info=error)
        stale = self.known(guild)
        if str(guild or "") in self._known:
            self._known[str(guild or "")] = (stale, self._clock() - FRESH + PAUSE)
        return stale

    async def read(self, guild: int | str | None) -> GuildSettings:
        """The settings, not older than `FRESH` seconds. Raises what the store raises: what is changed and saved must be what stands."""
        key = str(guild or "")
        kept = self._known.get(key)
        if kept is not None and self._clock() - kept[1] < FRESH:
            return kept[0]
        settings = await self._guilds.settings(key or None) if key else GuildSettings()
        self._known[key] = (settings, self._clock())
        return settings

    async def save(self, guild: int | str, settings: GuildSettings, actor: int | str) -> None:
        """Keep changed settings; `actor` goes into the server's audit."""
        await self._guilds.save(str(guild), settings, str(actor))
        self._known[str(guild)] = (settings, self._clock())

    async def forget(self, guild: int | str) -> None:
        """Delete everything of a server that Spotter has left."""
        self._known.pop(str(guild), None)
        await self._guilds.forget(str(guild))
