"""The made-up Discord as a whole: gateway and REST on one loopback port."""

from __future__ import annotations

from typing import Self

from aiohttp import web

from deploy.load.crowd import Crowd
from deploy.load.gateway import Gateway
from deploy.load.rest import Rest
from deploy.load.world import World


class Discord:
    """Servers, gateway, REST and people. Use as an async context manager."""

    def __init__(
        self, *, guilds: int = 50, people: int = 500, shards: int = 4, max_concurrency: int = 1
    ) -> None:
        """`guilds` servers spread over `shards` shards."""
        self.world = World(guilds, people)
        self.gateway = Gateway(self.world, shards=shards, max_concurrency=max_concurrency)
        self.crowd = Crowd(self.world, self.gateway)
        self.rest = Rest(self.world, self.gateway, self.crowd)
        self.port = 0

    async def __aenter__(self) -> Self:
        """Listen."""
        app = web.Application(client_max_size=30_000_000)
        app.router.add_get("/gateway-socket/", self.gateway.serve)
        app.router.add_get("/gateway-socket", self.gateway.serve)
        app.router.add_route("*", "/api/v10/{tail:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway-socket/"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.gateway.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address for SPOTTER_DISCORD_API_URL."""
        return f"http://127.0.0.1:{self.port}/api/v10"
