"""What probes and Prometheus ask of the bot process: `/healthz`, `/readyz`, `/metrics`, from a thread of its own.

The thread answers also when the event loop hangs, which is what `/healthz` is there to find. Both answers are looked up when asked, never
remembered.
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import CancelledError
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from bot import metrics
from bot.logs import logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from bot.app import App

log = logger("health")

READY = Gauge(
    "spotter_ready",
    "Whether a part that answers need is there, as last asked by /readyz or /metrics.",
    ["part"],
)
SHARDS = Gauge("spotter_shards", "Shards of this process, by whether they are connected.", ["state"])
LATENCY = Gauge("spotter_gateway_latency_seconds", "Slowest heartbeat of this process's shards.")

PATIENCE = 5.0
"""Seconds that the event loop may take for an answer: a probe that waits longer counts as failed anyway."""


class Shard(Protocol):
    """What a connection to the gateway tells of itself."""

    @property
    def latency(self) -> float:
        """Seconds of the last heartbeat; infinite or not a number before the first."""
        ...

    def is_closed(self) -> bool:
        """Whether it is not connected."""
        ...


class Client(Protocol):
    """What a Discord client tells of itself."""

    @property
    def shards(self) -> Mapping[int, Any]:
        """The shards of this process (each a `Shard`)."""
        ...

    @property
    def shard_ids(self) -> Any:
        """The shards it should have; None: all."""
        ...

    def is_ready(self) -> bool:
        """Whether everything was received that comes at the start."""
        ...


@dataclass(slots=True)
class _Watched:
    """What there is to look at, and the event loop it lives on."""

    loop: asyncio.AbstractEventLoop
    app: App
    client: Client


class Health:
    """The health of one process. `serve` at once, `watch` when everything stands, `forget` when it stops."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        """Begin as a process that is starting: alive, not ready."""
        self._patience = patience
        self._watched: _Watched | None = None
        self._server: ThreadingHTTPServer | None = None

    def serve(self, host: str, port: int) -> int:
        """Answer on `host`:`port` from now on; returns the port (of use where 0 was given). Raises `OSError` when it is taken."""
        health = self

        class Handler(_Handler):
            """Asks this process's health."""

            asked = health

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="spotter-health", daemon=True).start()
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Answer no longer."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def watch(self, app: App, client: Client) -> None:
        """Look at these from now on. Call it on their event loop."""
        self._watched = _Watched(asyncio.get_running_loop(), app, client)

    def forget(self) -> None:
        """No longer ready: the process is stopping."""
        self._watched = None

    def alive(self) -> bool:
        """Whether the event loop turns. A process that is still starting, or is stopping, counts as alive."""
        watched = self._watched
        return watched is None or self._on(watched.loop, _turn()) is True

    def ready(self) -> dict[str, bool]:
        """Part -> whether it is there. Everything False while starting and stopping."""
        watched, parts = self._watched, dict.fromkeys(("index", "store", "gateway"), False)
        if watched is not None:
            parts |= self._on(watched.loop, _parts(watched)) or {}
        for part, there in parts.items():
            READY.labels(part).set(there)
        return parts

    def figures(self) -> bytes:
        """Everything for Prometheus, with what has to be looked up looked up now."""
        self.ready()
        watched = self._watched
        if watched is not None:
            self._on(watched.loop, _measure(watched))
        return generate_latest()

    def _on(self, loop: asyncio.AbstractEventLoop, asking: Coroutine[Any, Any, Any]) -> Any:
        """What `asking` returns on the event loop; None if it does not answer in time."""
        if loop.is_closed():
            asking.close()
            return None
        waiting = asyncio.run_coroutine_threadsafe(asking, loop)
        try:
            return waiting.result(self._patience)
        except (TimeoutError, CancelledError):
            waiting.cancel()
            return None


async def _turn() -> bool:
    """One turn of the event loop."""
    return True


async def _parts(watched: _Watched) -> dict[str, bool]:
    """Look at each part."""
    return {
        "index": await _holds(lambda: asyncio.to_thread(lambda: watched.app.index.snapshot() is not None)),
        "store": await _holds(lambda: _reached(watched)),
        "gateway": connected(watched.client),
    }


async def _reached(watched: _Watched) -> bool:
    """Whether the store answers within its time."""
    async with asyncio.timeout(min(watched.app.settings.store_seconds, PATIENCE / 2)):
        await watched.app.store.ping()
    return True


async def _holds(check: Callable[[], Awaitable[bool]]) -> bool:
    """The outcome of a check; whatever it runs into means no."""
    try:
        return await check()
    except Exception as error:  # edge: a probe, whichever way the part fails
        log.warning("part does not answer", exc_info=error)
        return False


def connected(client: Client) -> bool:
    """Whether every shard of this process is connected and heard from; tells the gauges."""
    shards: list[Shard] = list(client.shards.values())
    up = [shard for shard in shards if not shard.is_closed()]
    beats = [shard.latency for shard in up if shard.latency < float("inf")]
    SHARDS.labels("connected").set(len(up))
    SHARDS.labels("away").set(max(len(client.shard_ids or shards), len(shards)) - len(up))
    LATENCY.set(max(beats, default=0.0))
    return bool(up) and len(up) == len(shards) and client.is_ready()


async def _measure(watched: _Watched) -> None:
    """Have the queue's gauges show what waits now."""

    async def counted() -> bool:
        found = await watched.app.store.queue.overview()
        metrics.queue(found.by_severity, found.oldest_seconds, found.overdue)
        return True

    await _holds(counted)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request. Nothing is logged: probes come every few seconds."""

    asked: Health
    server_version = "spotter"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        """`/healthz`, `/readyz`, `/metrics`."""
        path = self.path.partition("?")[0]
        if path == "/healthz":
            alive = self.asked.alive()
            self._say(200 if alive else 503, b"ok\n" if alive else b"the event loop does not answer\n")
        elif path == "/readyz":
            parts = self.asked.ready()
            self._say(
                200 if all(parts.values()) else 503, json.dumps(parts).encode() + b"\n", "application/json"
            )
        elif path == "/metrics":
            self._say(200, self.asked.figures(), CONTENT_TYPE_LATEST)
        else:
            self._say(404, b"/healthz, /readyz or /metrics\n")

    do_HEAD = do_GET  # noqa: N815 - the library's name for the method

    def _say(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's signature
        """Say nothing."""


HEALTH = Health()
"""This process's health."""
