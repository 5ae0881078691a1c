"""What Discord says to the token: for `spotter doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.ui.setup_card import NEEDED
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.config import Settings

SESSIONS_LOW = 50


async def examine(settings: Settings) -> tuple[str, str, str]:
    """State ("ok", "warn", "fail"), what was found, and how to mend it: address, token, application, gateway, servers."""
    headers = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    limit = aiohttp.ClientTimeout(total=15)
    async with aiohttp.ClientSession(headers=headers, timeout=limit) as session:
        try:
            status, me = await _get(session, f"{settings.discord_api_url}/users/@me")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return (
                "fail",
                f"{settings.discord_api_url} cannot be reached ({type(error).__name__})",
                "check the network and SPOTTER_DISCORD_API_URL",
            )
        if status == 401:
            return (
                "fail",
                "Discord refuses the token",
                "developer portal, Bot, Reset Token; then set SPOTTER_DISCORD_TOKEN",
            )
        if status != 200:
            return "fail", f"Discord answers {status}", "try again in a minute; see https://discordstatus.com"
        _, application = await _get(session, f"{settings.discord_api_url}/applications/@me")
        _, gateway = await _get(session, f"{settings.discord_api_url}/gateway/bot")
        _, servers = await _get(session, f"{settings.discord_api_url}/users/@me/guilds")
        _, commands = await _get(
            session, f"{settings.discord_api_url}/applications/{_of(application, 'id')}/commands"
        )
    return _told(me, application, gateway, servers, commands)


async def _get(session: aiohttp.ClientSession, url: str) -> tuple[int, Any]:
    """Status and body of one look."""
    async with session.get(url) as response:
        if "json" not in response.headers.get("content-type", ""):
            return response.status, None
        return response.status, await response.json(content_type=None)


def _of(found: Any, key: str) -> Any:
    """A field of an answer that may be anything."""
    return found.get(key) if isinstance(found, dict) else None


def _lacking(servers: Any) -> list[str]:
    """Permissions that the bot lacks on at least one server, by Discord's names."""
    said = words("en")
    granted = [
        discord.Permissions(int(one.get("permissions", 0))) for one in servers or () if "permissions" in one
    ]
    return [
        said(f"permission.{name}")
        for name in NEEDED
        if any(not (one.administrator or getattr(one, name)) for one in granted)
    ]


def _told(me: Any, application: Any, gateway: Any, servers: Any, commands: Any) -> tuple[str, str, str]:
    """Put the findings together: the first thing to mend decides."""
    name = _of(me, "username") or "the bot"
    number = len(servers) if isinstance(servers, list) else 0
    registered = len(commands) if isinstance(commands, list) else 0
    found = f"{name}, on {number} server{'' if number == 1 else 's'}, {registered} commands registered"
    left = _of(_of(gateway, "session_start_limit"), "remaining")
    if not _of(gateway, "url"):
        return "fail", f"{found}; no gateway", "try again in a minute; see https://discordstatus.com"
    if isinstance(left, int) and left < SESSIONS_LOW:
        return "warn", f"{found}; only {left} logins left today", "find out what restarts the bot so often"
    if not number:
        invite = f"https://discord.com/oauth2/authorize?client_id={_of(application, 'id')}&scope=bot+applications.commands&permissions=309237763072"
        return "warn", f"{found}", f"invite it: {invite}"
    poor = _lacking(servers)
    if poor:
        return (
            "warn",
            f"{found}; missing on a server: {', '.join(poor)}",
            "give Spotter's role these permissions; /setup there names the rest",
        )
    if not registered:
        return "warn", found, "start it once (spotter run): it registers its commands"
    return "ok", f"{found}; no privileged intent is needed", ""
