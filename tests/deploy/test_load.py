"""Real processes under load: the soak of `deploy.load` in small, and many shards at once."""

from __future__ import annotations

import asyncio
import shutil
import time

import pytest
from where import ROOT

from deploy.load.double import Discord
from deploy.load.machines import Missing, Spotter, free_port
from deploy.load.soak import Plan, Soak

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]
SMALL = Plan(
    questions=200,
    people=80,
    guilds=8,
    rate=20.0,
    faults=("bot-0", "database"),
    hasten=True,
    max_concurrency=4,
)


@pytest.fixture
def filled():
    """A data folder with the model in it, where one stands already; it is made otherwise."""
    kept = ROOT / ".spotter"
    return kept if (kept / "models").is_dir() else None


async def test_a_killed_bot_and_a_database_that_restarts_lose_nothing(tmp_path, filled):
    try:
        outcome = await Soak(SMALL, tmp_path, filled=filled, tell=print).run()
    except Missing as missing:
        pytest.skip(str(missing))
    print(outcome)
    # half a minute says nothing about memory: the full soak does
    assert [one for one in outcome.findings if not one.holds and one.what != "memory flat"] == []
    assert outcome.whole.questions == SMALL.questions


async def test_sixteen_shards_are_ready_within_ten_seconds(tmp_path, filled):
    """From the first word with Discord to /readyz; loading the model comes before and is the same for any number of shards."""
    data = tmp_path / "data"
    if filled is not None:
        shutil.copytree(filled / "models", data / "models")
    port = free_port()
    async with Discord(guilds=64, people=1, shards=16, max_concurrency=16) as discord:
        bot = Spotter("bot", "run", port, "/readyz", tmp_path / "bot.log", data_dir=data, metrics_port=port, discord_api_url=discord.url, shard_count=16)  # fmt: skip
        bot.start()
        try:
            async with asyncio.timeout(200):
                while not discord.rest.requests:  # noqa: ASYNC110 - another process begins
                    await asyncio.sleep(0.02)
            began = time.monotonic()
            await bot.up(60)
            took = time.monotonic() - began
        finally:
            status = await bot.stop()
        print(f"16 shards ready after {took:.1f} s")
        assert sorted(shard for _, shard in discord.gateway.identified) == list(range(16))
        assert discord.gateway.violations == []
        assert status == 0
        assert took < 10
