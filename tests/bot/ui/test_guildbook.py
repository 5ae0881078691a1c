"""Settings for answering by, whatever the store does."""

from __future__ import annotations

import asyncio

import pytest

from bot.guild import GuildSettings
from bot.ui import guildbook
from bot.ui.guildbook import FRESH, GuildBook


class Guilds:
    """A store of settings that can fail or hang."""

    def __init__(self):
        self.kept, self.error, self.seconds, self.asked = GuildSettings(quiet_channels=("7",)), None, 0.0, 0

    async def settings(self, _guild):
        self.asked += 1
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        return self.kept


@pytest.fixture
def guilds():
    return Guilds()


async def test_a_store_that_fails_leaves_the_known_settings_standing(guilds):
    now = 0.0
    book = GuildBook(guilds, clock=lambda: now)
    await book.read("1")
    now, guilds.error = FRESH + 1, ConnectionError()
    assert (await book.at_hand("1")).quiet_channels == ("7",)
    assert await book.at_hand("2") == GuildSettings()
    with pytest.raises(ConnectionError):
        await book.read("2")  # what is changed and saved must be what stands


async def test_it_is_not_asked_again_for_every_answer(guilds):
    now = 0.0
    book = GuildBook(guilds, clock=lambda: now)
    await book.read("1")
    now, guilds.error = FRESH + 1, ConnectionError()
    for _ in range(5):
        await book.at_hand("1")
    assert guilds.asked == 2
    now, guilds.error = FRESH + 10, None
    guilds.kept = GuildSettings(quiet_channels=("8",))
    assert (await book.at_hand("1")).quiet_channels == ("8",)


async def test_a_store_that_hangs_keeps_nobody_waiting(guilds, monkeypatch):
    monkeypatch.setattr(guildbook, "PATIENCE", 0.05)
    guilds.seconds = 30.0
    assert await asyncio.wait_for(GuildBook(guilds).at_hand("1"), 2) == GuildSettings()
