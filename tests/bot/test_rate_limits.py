"""Refusals for being too fast are counted, by whose limit it was."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web

from bot import metrics
from bot.rate_limits import counting


@pytest.fixture
async def refusing():
    """A server that refuses as its path says."""

    async def refuse(request: web.Request) -> web.Response:
        headers = (
            {"X-RateLimit-Global": "true"}
            if request.path == "/global"
            else {"X-RateLimit-Scope": request.path[1:]}
        )
        return web.Response(status=200 if request.path == "/well" else 429, headers=headers)

    app = web.Application()
    app.router.add_get("/{tail}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_each_refusal_counts_for_its_scope_and_nothing_else_does(refusing):
    def counted(scope):
        return metrics.RATE_LIMITED.labels(scope)._value.get()

    before = {scope: counted(scope) for scope in ("global", "user", "shared", "other")}
    async with aiohttp.ClientSession(trace_configs=[counting()]) as session:
        for path in ("global", "user", "shared", "shared", "strange", "well"):
            async with session.get(f"{refusing}/{path}"):
                pass
    assert {scope: counted(scope) - number for scope, number in before.items()} == {
        "global": 1,
        "user": 1,
        "shared": 2,
        "other": 1,
    }
