"""Where Discord is. discord.py hard-codes REST and gateway; both move with one setting, for proxies and test doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.webhook import async_ as webhooks

if TYPE_CHECKING:
    import aiohttp

DISCORD = "https://discord.com/api/v10"


def point_to(api: str) -> None:
    """Send all REST requests of this process, webhooks' too, to `api`."""
    discord.http.Route.BASE = api
    if api != DISCORD:
        discord.http.json_or_text = json_or_text
        vars(webhooks)["json_or_text"] = json_or_text


def gateway(url: str) -> None:
    """Connect to the gateway at `url` wherever discord.py would take its own."""
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


async def json_or_text(response: aiohttp.ClientResponse) -> Any:
    """The body, read as JSON for any kind of JSON. discord.py knows `application/json` without parameters only; proxies add a charset."""
    text = await response.text(encoding="utf-8")
    kind = response.headers.get("content-type", "").split(";")[0].strip().casefold()
    return discord.utils._from_json(text) if kind == "application/json" else text  # noqa: SLF001 - its own, faster where orjson is there
