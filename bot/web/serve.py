"""Opens the store and serves the console."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Settings
    from bot.store.store import Store
    from bot.web.desk import Desk

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(settings: Settings, *, practice: bool = False) -> None:
    """Serve until interrupted. Raises `ConfigError`, `bot.store.database.StoreError`."""
    asyncio.run(_practise(settings) if practice else _serve(settings))


def check(settings: Settings) -> str:
    """The origin under which moderators reach the console. Raises `ConfigError` naming everything that is missing."""
    wanted = {
        "SPOTTER_WEB_PUBLIC_URL": settings.web_public_url,
        "SPOTTER_WEB_CLIENT_ID": settings.web_client_id,
        "SPOTTER_WEB_CLIENT_SECRET": settings.web_client_secret.get_secret_value(),
        "SPOTTER_DISCORD_TOKEN": settings.discord_token.get_secret_value(),
    }
    missing = [name for name, value in wanted.items() if not value]
    if missing:
        raise ConfigError(
            f"the console's sign-in needs {', '.join(missing)} (see deploy/env.example); `spotter web --practice` needs nothing"
        )
    parts = urlsplit(settings.web_public_url)
    if parts.path or parts.query:
        raise ConfigError(
            "SPOTTER_WEB_PUBLIC_URL: must be scheme and host only, e.g. https://spotter.example.org"
        )
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ConfigError("SPOTTER_WEB_PUBLIC_URL: must begin with https:// (http is for this machine only)")
    return f"{parts.scheme}://{parts.netloc}"


@asynccontextmanager
async def desk_of(settings: Settings, store: Store) -> AsyncIterator[Desk]:
    """The console's state for `settings`, with Discord behind it. Raises `ConfigError`."""
    from bot.web.desk import Desk
    from bot.web.members import DiscordAuthority
    from bot.web.sessions import Cookies
    from bot.web.signin import SignIn

    origin = check(settings)
    authority = DiscordAuthority(
        settings.discord_api_url, settings.discord_token.get_secret_value(), store.guilds
    )
    try:
        from bot.store.console import Console

        yield Desk(
            store, authority, Cookies(store.sessions, secure=origin.startswith("https://")), origin,
            sign_in=SignIn(settings, authority, Console(store.database)),
        )  # fmt: skip
    finally:
        await authority.close()


async def _serve(settings: Settings) -> None:
    """Serve the real store."""
    from bot.app import open_store

    check(settings)
    door = bound(settings.web_host, settings.web_port)
    store = await open_store(settings)
    try:
        async with desk_of(settings, store) as desk:
            await listen(desk, settings, door)
    finally:
        await store.close()


async def _practise(settings: Settings) -> None:
    """Serve the practice queue, on this machine only."""
    from bot.practice import opened
    from bot.web.practising import practice_desk

    door = bound("127.0.0.1", settings.web_port)
    origin = f"http://127.0.0.1:{door.getsockname()[1]}"
    async with opened() as practice:
        print(f"Practice queue at {origin} (made-up messages, nothing is kept). Ctrl+C ends it.", flush=True)  # noqa: T201
        await listen(practice_desk(practice, origin), practice.settings, door)


def bound(host: str, port: int) -> socket.socket:
    """A socket at which the console listens. Raises `ConfigError` when somebody else does already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(128)  # who comes before the console is ready waits at the door
    except OSError as error:
        door.close()
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(
            f"SPOTTER_WEB_PORT: cannot listen on {host}:{port} ({reason}); choose another with --port"
        ) from error
    return door


async def listen(desk: Desk, settings: Settings, door: socket.socket) -> None:
    """Answer requests at `door` until the process is told to stop, by Ctrl+C or SIGTERM."""
    import hashlib

    import uvicorn

    from bot.web.build import build

    key = hashlib.sha256(b"spotter sign-in " + settings.keys()[0].encode()).hexdigest()
    config = uvicorn.Config(
        build(desk, key), log_config=None, access_log=False, server_header=False, date_header=True, lifespan="on",
        timeout_graceful_shutdown=2, forwarded_allow_ips=settings.web_proxy,
    )  # fmt: skip
    # uvicorn sends itself the signal again when it is done; without a handler that would end the process before the store is closed
    signal.signal(signal.SIGTERM, _stop)
    with door:
        await uvicorn.Server(config).serve(sockets=[door])


def _stop(_number: int, _frame: object) -> None:
    """End the process in good order."""
    raise SystemExit(0)
