"""Fifty requests a second and no more."""

from __future__ import annotations

import asyncio
import random
import time

import aiohttp
import pytest
from aiohttp import web

from bot.ui.pacing import Pace


@pytest.fixture
async def server():
    """Notes when which request arrived; some are slow, `/broken` breaks off."""
    arrived: list[tuple[float, str]] = []
    slow = random.Random(3)

    async def answer(request):
        await asyncio.sleep(slow.random() * 0.1)
        arrived.append((time.monotonic(), request.path))
        if request.path == "/broken":
            request.transport.abort()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", arrived
    await runner.cleanup()


async def test_no_second_holds_more_than_the_rate_and_nothing_is_dropped(server):
    url, arrived = server
    async with aiohttp.ClientSession(trace_configs=[Pace(20).watching(aiohttp.TraceConfig())]) as session:

        async def get(path):
            async with session.get(url + path) as response:
                return response.status

        counted = [get("/channels/1/messages") for _ in range(50)]
        free = [get("/webhooks/1/token/messages/@original") for _ in range(50)]
        assert set(await asyncio.gather(*counted, *free)) == {200}
    paced = sorted(at for at, path in arrived if path.startswith("/channels"))
    assert len(paced) == 50
    assert max(sum(one <= other < one + 0.99 for other in paced) for one in paced) <= 20
    assert max(at for at, path in arrived if path.startswith("/webhooks")) < paced[20]


async def test_a_request_that_breaks_off_gives_its_place_back(server):
    url, _ = server
    pace = Pace(3)
    async with aiohttp.ClientSession(trace_configs=[pace.watching(aiohttp.TraceConfig())]) as session:
        for _ in range(3):
            with pytest.raises(aiohttp.ClientError):
                await session.post(url + "/broken")
    assert not pace.easy()
    await asyncio.wait_for(pace.begin(), 2)


async def test_what_can_be_left_out_has_room_only_while_it_is_quiet():
    now = 0.0
    pace = Pace(9, clock=lambda: now)
    for _ in range(3):
        assert pace.easy()
        await pace.begin()
    assert not pace.easy()
    for _ in range(3):
        pace.end()
    assert not pace.easy()
    now = 1.0
    assert pace.easy()
