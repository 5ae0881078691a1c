"""Asks Discord's REST interface, as the bot, who is a member with which roles."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2 as httpx

from bot.web.authority import Grant, Unreachable, weigh

if TYPE_CHECKING:
    from bot.store.guilds import Guilds

REMEMBERED = 300.0
"""Seconds for which a server's roles are taken as known; members are asked for anew each time."""


class DiscordAuthority:
    """The `Authority` of a real server."""

    def __init__(self, api: str, token: str, guilds: Guilds) -> None:
        """Ask at `api` with the bot's `token`; `guilds` knows the moderators' roles."""
        self._client = httpx.AsyncClient(
            base_url=api, headers={"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (spotter, 1)"}, timeout=5.0
        )  # fmt: skip
        self._guilds = guilds
        self._servers: dict[str, tuple[float, dict[str, Any]]] = {}
        self._names: dict[str, str] = {}

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()

    async def grant(self, moderator: str, guild: str) -> Grant | None:
        """Ask for the member and weigh the roles."""
        if not (moderator.isdigit() and guild.isdigit()):
            return None
        member = await self._get(f"/guilds/{guild}/members/{moderator}")
        return await self.weighed(member, guild) if member else None

    async def weighed(self, member: dict[str, Any], guild: str) -> Grant | None:
        """What a member object is worth in `guild`."""
        server = await self._server(guild)
        if server is None:
            return None
        settings = await self._guilds.settings(guild)
        grant = weigh(member, server, settings.moderator_roles)
        if grant is not None:
            self._names[str((member.get("user") or {}).get("id"))] = grant.name
        return grant

    async def guild_name(self, guild: str) -> str:
        """The server's name."""
        server = await self._server(guild)
        return str(server["name"]) if server and server.get("name") else f"Server {guild}"

    def name(self, moderator: str) -> str:
        """The name under which this process met the moderator."""
        return self._names.get(moderator) or (
            f"moderator …{moderator[-4:]}" if moderator.isdigit() else moderator
        )

    async def _server(self, guild: str) -> dict[str, Any] | None:
        """A server with its roles; remembered for five minutes."""
        known = self._servers.get(guild)
        if known and time.monotonic() - known[0] < REMEMBERED:
            return known[1]
        server = await self._get(f"/guilds/{guild}")
        if server is not None:
            self._servers[guild] = (time.monotonic(), server)
        return server

    async def _get(self, path: str) -> dict[str, Any] | None:
        """What stands at `path`; None where Discord says no. Raises `Unreachable`."""
        try:
            answer = await self._client.get(path)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from error
        if answer.status_code in (401, 403, 404):
            return None
        if answer.status_code != 200:
            raise Unreachable(f"status {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found
