"""Review cards: each case has one in the server's review channel, posted and kept up to date from what the store says is due.

The store is the truth: a card that could not be posted, or a process that died in between, is made good the next time.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.guild import on_duty
from bot.logs import logger
from bot.review import Status
from bot.ui.answer import fit_card
from bot.ui.case_card import case_card
from bot.ui.cog import Cog
from bot.ui.retrying import persist
from bot.ui.snowflakes import pinging
from bot.ui.words import words
from safety.types import Tier

if TYPE_CHECKING:
    from discord import ui

    from bot.client import Spotter
    from bot.guild import GuildSettings
    from bot.review import Case

log = logger("cards")

PACE = 2.0
"""Seconds between two edits of one card."""
LATER = 60.0
"""Seconds before a card that could not be shown is tried again."""
TOO_OLD = 30046
"""Discord's code for too many edits of an old message."""


class Cards(Cog):
    """Keeps the review channels up to date."""

    def __init__(self, client: Spotter) -> None:
        super().__init__(client)
        self._lock = asyncio.Lock()
        self._not_before: dict[str, float] = {}

    async def cog_load(self) -> None:
        """Hear of cases whose record came late."""
        await super().cog_load()
        self.client.app.coach.outbox.on_case = lambda _case, _guild: self.client.wake()

    @commands.Cog.listener()
    async def on_case_due(self) -> None:
        """A case changed, here or elsewhere."""
        async with self.client.working():
            await self.refresh()

    @commands.Cog.listener()
    async def on_setup_changed(self, _guild: str) -> None:
        """The review channel may be reachable now: try everything again."""
        self._not_before.clear()
        await self.refresh()

    async def refresh(self) -> int:
        """Post and edit what is due; returns how many cards were shown."""
        if self._lock.locked():
            self.client.due.set()
            return 0
        async with self._lock:
            shown = 0
            while True:
                self.client.due.clear()
                shown += await self._pass()
                if not self.client.due.is_set():
                    return shown

    async def _pass(self) -> int:
        """One walk over what is due."""
        shown = 0
        for case, channel, message in await self.client.app.store.queue.cards_due(self.client.serves()):
            if time.monotonic() < self._not_before.get(case.id, 0.0):
                continue
            try:
                shown += await self._show(case, channel, message)
            except discord.HTTPException as error:
                log.warning(
                    "card not shown", case=case.id, guild=case.guild, code=error.code, status=error.status
                )
                self._put_off(case.id, LATER)
        return shown

    async def _show(self, case: Case, channel: str | None, message: str | None) -> bool:
        """Post or edit one card."""
        store = self.client.app.store
        settings = await self.client.book.read(case.guild)
        target = settings.review_channel
        if target is None:
            await store.queue.card_posted(case.id, case.guild, case.version, None, None)
            return False
        room = self.client.get_channel(int(target))
        if not isinstance(room, discord.TextChannel | discord.Thread):
            self._put_off(case.id, LATER)
            return False
        allowed = room.permissions_for(room.guild.me)
        if not (allowed.view_channel and allowed.send_messages):
            log.warning("may not write to the review channel", guild=case.guild)
            self._put_off(case.id, LATER)
            return False
        standing = message if channel == target else None
        called = None if standing else _called(case, settings)
        view = await self._view(case, settings.language or room.guild.preferred_locale.value, called)
        posted = await self._place(room, view, case, standing, called)
        await store.queue.card_posted(case.id, case.guild, case.version, target, posted)
        self._put_off(case.id, PACE)
        return True

    async def _view(self, case: Case, locale: str, called: str | None) -> ui.LayoutView:
        """The card of a case; `called` is the moderator that it pings."""
        cases = self.client.app.store.cases
        items, place = await asyncio.gather(
            cases.evidence(case.id, case.guild), cases.place(case.id, case.guild)
        )
        console = self.client.app.settings.web_public_url
        return fit_card(case_card(case, items, place, words(locale), console=console, called=called))

    async def _place(
        self,
        room: discord.TextChannel | discord.Thread,
        view: ui.LayoutView,
        case: Case,
        message: str | None,
        called: str | None,
    ) -> str:
        """Edit the card where it stands; post it where there is none, or where Discord will not have it edited. Returns its message."""
        if message is not None:
            try:
                await persist(lambda: room.get_partial_message(int(message)).edit(view=view))
            except discord.NotFound:
                log.info("card was deleted", case=case.id)
            except discord.HTTPException as error:
                if error.code != TOO_OLD:
                    raise
            else:
                return message
        nonce = f"case{case.id}" if message is None else f"{case.id}.{case.version % 1000}"
        mentions = pinging(users=[called] if called else [])
        return str((await persist(lambda: room.send(view=view, nonce=nonce, allowed_mentions=mentions))).id)

    def _put_off(self, case: str, seconds: float) -> None:
        """Leave a card alone for a while, and come back by itself."""
        self._not_before[case] = time.monotonic() + seconds
        if len(self._not_before) > 2000:
            now = time.monotonic()
            self._not_before = {key: at for key, at in self._not_before.items() if at > now}


def _called(case: Case, settings: GuildSettings) -> str | None:
    """Whom a new card pings: the moderator on duty, for what should not wait."""
    waits = case.status is Status.OPEN and case.severity >= Tier.URGENT
    return on_duty(settings, datetime.now(UTC)) if waits else None


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Cards(client))
