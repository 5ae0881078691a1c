"""What has to be done by itself, again and again: cards, lapsed claims, undelivered replies, daily digests, and deleting what was kept long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord.ext import commands, tasks

from bot import metrics
from bot.logs import logger
from bot.ui.cog import Cog
from bot.ui.recovery import recover

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client import Spotter
    from bot.exts.cards import Cards
    from bot.exts.digest import Digest

log = logger("upkeep")


class Upkeep(Cog):
    """Runs the loops. A turn that fails is logged, and the next one comes all the same."""

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin, once everything can be reached; on a later reconnect the loops run already."""
        if not self.client.background:
            return
        for loop in (self.cards, self.replies, self.claims, self.digest, self.purge):
            if not loop.is_running():
                loop.start()

    async def cog_unload(self) -> None:
        """End."""
        await super().cog_unload()
        for loop in (self.cards, self.replies, self.claims, self.digest, self.purge):
            loop.cancel()

    @tasks.loop(seconds=1)
    async def cards(self) -> None:
        """Cases that changed in the console, or in another process."""
        cards: Any = self.client.get_cog("Cards")
        await self._turn("cards", _refresh(cards))

    @tasks.loop(seconds=15)
    async def replies(self) -> None:
        """Replies that another process promised and did not send."""
        await self._turn("replies", recover(self.client))

    @tasks.loop(seconds=20)
    async def claims(self) -> None:
        """Claims whose ten minutes are over."""
        await self._turn("claims", self._led("lapse", self.client.app.store.cases.lapse))

    @tasks.loop(minutes=1)
    async def digest(self) -> None:
        """Daily digests whose hour has come."""
        digest: Any = self.client.get_cog("Digest")
        await self._turn("digest", self._led("digest", lambda: _told(digest)))

    @tasks.loop(minutes=10)
    async def purge(self) -> None:
        """What has been kept long enough."""
        gone = await self._turn("purge", self._led("purge", self.client.app.store.purge))
        for kind, number in (gone or {}).items():
            metrics.PURGED.labels(kind).inc(number)

    async def _led(self, task: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do what one process does for all, if it is this one's turn."""
        async with self.client.app.store.leader(task) as mine:
            return await work() if mine else None

    async def _turn(self, name: str, work: Any) -> Any:
        """Do one turn. Whatever it runs into, a database that restarts for one, must not end the loop: discord.py would, for good."""
        try:
            return await work
        except Exception as error:
            metrics.FAULTS.labels("upkeep").inc()
            log.exception("turn failed", loop=name, exc_info=error)
            return None


async def _refresh(cards: Cards | None) -> int:
    """Look after the cards."""
    return await cards.refresh() if cards is not None else 0


async def _told(digest: Digest | None) -> int:
    """Send the digests that are due."""
    return await digest.send_due() if digest is not None else 0


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Upkeep(client))
