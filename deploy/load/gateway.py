"""The gateway of the made-up Discord: sessions by shard, turns to identify, events that are kept for a resume."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectionError, WSMsgType, web

from deploy.load.world import ME, TOKEN

if TYPE_CHECKING:
    from deploy.load.world import World

KEPT = 2000
"""Events a session keeps for a resume."""
TURN = 5.0
"""Seconds between two identifications of one `max_concurrency` bucket."""
PRIVILEGED = 1 << 15 | 1 << 8 | 1 << 1


@dataclass(slots=True)
class Session:
    """One shard's session."""

    id: str
    shard: int
    socket: web.WebSocketResponse | None
    seq: int = 0
    log: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))

    async def send(self, event: str, data: Any) -> bool:
        """Dispatch an event; says whether somebody was there to take it."""
        self.seq += 1
        text = json.dumps({"op": 0, "s": self.seq, "t": event, "d": data})
        self.log.append((self.seq, text))
        if self.socket is None or self.socket.closed:
            return False
        try:
            await self.socket.send_str(text)
        except (ConnectionError, ClientConnectionError):
            self.socket = None
            return False
        return True


class Gateway:
    """All sessions."""

    def __init__(self, world: World, *, shards: int, max_concurrency: int) -> None:
        """Serve `shards` shards, `max_concurrency` of which may identify at once."""
        self.world = world
        self.shards = shards
        self.max_concurrency = max_concurrency
        self.url = ""
        self.sessions: dict[int, Session] = {}
        self.identified: list[tuple[float, int]] = []
        """(time, shard) of each identification."""
        self.resumed = 0
        self.violations: list[str] = []
        self._turns: dict[int, float] = {}

    async def dispatch(self, guild: int, event: str, data: Any) -> bool:
        """Send an event of a server to its shard; says whether somebody was there."""
        session = self.sessions.get((guild >> 22) % self.shards)
        return session is not None and await session.send(event, data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection."""
        socket = web.WebSocketResponse(autoping=True, max_msg_size=0)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 20000}}))
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            payload = json.loads(frame.data)
            if payload["op"] == 1:
                await socket.send_str(json.dumps({"op": 11}))
            elif payload["op"] == 2:
                await self._identify(socket, payload["d"])
            elif payload["op"] == 6:
                await self._resume(socket, payload["d"])
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        return socket

    async def close(self) -> None:
        """End every connection."""
        for session in list(self.sessions.values()):
            if session.socket is not None:
                await session.socket.close()

    async def _identify(self, socket: web.WebSocketResponse, data: Any) -> None:
        """Begin a session, if it is this shard's turn."""
        shard, count = data.get("shard", [0, 1])
        if data["token"] != TOKEN or data["intents"] & PRIVILEGED or count != self.shards:
            self.violations.append(f"shard {shard} of {count}: token, intents or count refused")
            await socket.close(code=4004)
            return
        now, bucket = time.monotonic(), shard % self.max_concurrency
        if now - self._turns.get(bucket, -TURN) < TURN - 0.1:
            self.violations.append(f"shard {shard} identified before its bucket's turn")
            await socket.send_str(json.dumps({"op": 9, "d": False}))
            return
        self._turns[bucket] = now
        self.identified.append((now, shard))
        before = self.sessions.get(shard)
        if before is not None and before.socket is not None and not before.socket.closed:
            self.violations.append(f"shard {shard} has two processes")
        session = self.sessions[shard] = Session(f"session-{self.world.new_id()}", shard, socket)
        guilds = [guild for guild in self.world.guilds if (guild >> 22) % self.shards == shard]
        await session.send("READY", {
            "v": 10, "user": self.world.user(ME), "guilds": [{"id": str(guild), "unavailable": True} for guild in guilds],
            "session_id": session.id, "resume_gateway_url": self.url, "application": {"id": str(ME), "flags": 0}, "shard": [shard, count],
        })  # fmt: skip
        for guild in guilds:
            await session.send("GUILD_CREATE", self.world.guild(guild))

    async def _resume(self, socket: web.WebSocketResponse, data: Any) -> None:
        """Go on with a session, beginning with what was missed."""
        session = next((one for one in self.sessions.values() if one.id == data["session_id"]), None)
        if session is None:
            await socket.send_str(json.dumps({"op": 9, "d": False}))
            return
        self.resumed += 1
        session.socket = socket
        for seq, text in list(session.log):
            if seq > data["seq"]:
                await socket.send_str(text)
        await session.send("RESUMED", {"_trace": []})
