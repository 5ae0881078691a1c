"""The REST side of the made-up Discord: as much as answering questions and posting review cards takes, with the global rate limit."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import web

from deploy.load.world import ME, OWNER, TOKEN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from deploy.load.crowd import Crowd
    from deploy.load.gateway import Gateway
    from deploy.load.world import World

LIMIT = 50
"""Requests a second for the bot as a whole; those about interactions do not count."""
LOADING = 1 << 7
"""Flag of an answer that still says "thinking"."""
ACK = 3.0
"""Seconds in which an interaction must be acknowledged."""
UNKNOWN: tuple[int, Any] = (404, {"message": "Unknown", "code": 10008})


class Rest:
    """Answers requests under `/api/v10`."""

    def __init__(self, world: World, gateway: Gateway, crowd: Crowd) -> None:
        """Serve `world`; what answers somebody's question is told to `crowd`."""
        self.world, self.gateway, self.crowd = world, gateway, crowd
        self.commands: list[dict[str, Any]] = []
        self.requests = 0
        self.refused = 0
        """Requests that came too fast."""
        self.unknown: list[str] = []
        self.nonces: dict[tuple[int, str], dict[str, Any]] = {}
        self._lately: deque[float] = deque()
        application = {"id": str(ME), "name": "Spotter", "icon": None, "description": "", "bot_public": True, "bot_require_code_grant": False,
                       "verify_key": "0" * 64, "flags": 0, "summary": "", "team": None, "hook": True, "owner": world.user(OWNER)}  # fmt: skip
        table: list[tuple[str, str, Callable[..., Awaitable[tuple[int, Any]]]]] = [
            ("POST", r"/interactions/(\d+)/([^/]+)/callback", self._callback),
            ("PATCH", r"/webhooks/\d+/([^/]+)/messages/@original", self._edit_answer),
            ("GET", r"/webhooks/\d+/([^/]+)/messages/@original", self._answer),
            ("POST", r"/webhooks/\d+/([^/]+)", self._follow_up),
            ("POST", r"/channels/(\d+)/typing", self._nothing),
            ("POST", r"/channels/(\d+)/messages", self._send),
            ("GET", r"/channels/(\d+)/messages", self._history),
            ("GET", r"/channels/(\d+)/messages/(\d+)", self._message),
            ("PATCH", r"/channels/(\d+)/messages/(\d+)", self._edit),
            ("GET", r"/gateway(?:/bot)?", self._where),
            ("GET", r"/users/@me", lambda **_: _now(world.user(ME))),
            ("GET", r"/(?:oauth2/)?applications/@me", lambda **_: _now(application)),
            ("GET", r"/applications/\d+/commands", lambda **_: _now(self.commands)),
            ("PUT", r"/applications/\d+/commands", self._register),
            ("GET", r"/guilds/(\d+)", lambda guild, **_: _now(world.guild(int(guild)))),
            ("GET", r"/guilds/\d+/members/(\d+)", lambda person, **_: _now(world.member(int(person)))),
        ]
        self._routes = [(method, re.compile(pattern), handler) for method, pattern, handler in table]

    async def serve(self, request: web.Request) -> web.Response:
        """One request."""
        path, method = "/" + request.match_info["tail"], request.method
        self.requests += 1
        if not path.startswith(("/interactions", "/webhooks")):
            if request.headers.get("Authorization") != f"Bot {TOKEN}":
                return _json({"message": "401: Unauthorized", "code": 0}, 401)
            if wait := self._too_fast():
                headers = {"Via": "1.1 google", "Retry-After": f"{wait:.3f}", "X-RateLimit-Global": "true"}
                return _json(
                    {"message": "You are being rate limited.", "retry_after": wait, "global": True},
                    429,
                    headers,
                )
        body = await _body(request)
        for wanted, pattern, handler in self._routes:
            match = pattern.fullmatch(path) if wanted == method else None
            if match:
                status, answer = await handler(*match.groups(), body=body, query=request.query)
                return web.Response(status=204) if answer is None else _json(answer, status)
        self.unknown.append(f"{method} {path}")
        return _json(UNKNOWN[1], 404)

    def _too_fast(self) -> float:
        """Seconds to wait before the next request; 0.0: go ahead."""
        now = time.monotonic()
        while self._lately and now - self._lately[0] >= 1:
            self._lately.popleft()
        if len(self._lately) >= LIMIT:
            self.refused += 1
            return max(0.05, 1 - (now - self._lately[0]))
        self._lately.append(now)
        return 0.0

    async def _callback(self, _ident: str, token: str, *, body: Any, query: Any) -> tuple[int, Any]:
        asked = self.crowd.pressed.get(token)
        if asked is None or time.monotonic() - asked.sent > ACK:
            return 404, {"message": "Unknown interaction", "code": 10062}
        if asked.acked:
            return 400, {"message": "Interaction has already been acknowledged.", "code": 40060}
        asked.acked, asked.flags = True, (body.get("data") or {}).get("flags", 0)
        if body["type"] == 4:
            self._show(token, body["data"])
        if query.get("with_response") not in ("1", "true", "True"):
            return 204, None
        loading = body["type"] == 5
        about = {"id": str(asked.event), "type": 2, "response_message_id": None, "response_message_loading": loading,
                 "response_message_ephemeral": bool(asked.flags & 64)}  # fmt: skip
        return 200, {"interaction": about, "resource": {"type": body["type"]}}

    def _show(self, token: str, body: Any) -> dict[str, Any]:
        """Make `body` the answer to an interaction."""
        asked = self.crowd.pressed[token]
        message = self.world.message(asked.answer_id or self.world.new_id(), asked.channel, ME, body)
        message["flags"] |= asked.flags
        asked.answer_id, asked.answer = int(message["id"]), message
        self.crowd.shown(asked, message)
        return message

    async def _edit_answer(self, token: str, *, body: Any, **_: Any) -> tuple[int, Any]:
        asked = self.crowd.pressed.get(token)
        if asked is None or not asked.acked:
            return 404, {"message": "Unknown Webhook", "code": 10015}
        return 200, self._show(token, body)

    async def _answer(self, token: str, **_: Any) -> tuple[int, Any]:
        asked = self.crowd.pressed.get(token)
        if asked is None or not asked.acked:
            return 404, {"message": "Unknown Webhook", "code": 10015}
        if asked.answer is not None:
            return 200, asked.answer
        thinking = self.world.message(self.world.new_id(), asked.channel, ME, {})
        return 200, thinking | {"flags": asked.flags | LOADING}

    async def _follow_up(self, token: str, *, body: Any, **_: Any) -> tuple[int, Any]:
        asked = self.crowd.pressed.get(token)
        if asked is None or not asked.acked:
            return 404, {"message": "Unknown Webhook", "code": 10015}
        message = self.world.message(self.world.new_id(), asked.channel, ME, body)
        if not asked.answers:
            self.crowd.shown(asked, message)
        return 200, message

    async def _send(self, channel: str, *, body: Any, **_: Any) -> tuple[int, Any]:
        room = self.world.rooms.get(int(channel))
        if room is None:
            return UNKNOWN
        key = (room.id, str(body.get("nonce")))
        if body.get("enforce_nonce") and key in self.nonces:
            return 200, self.nonces[key]
        message = self.world.message(self.world.new_id(), room.id, ME, body)
        room.messages.append(message)
        if body.get("enforce_nonce"):
            self.nonces[key] = message
        self.crowd.said(message)
        return 200, message

    async def _edit(self, channel: str, message: str, *, body: Any, **_: Any) -> tuple[int, Any]:
        room = self.world.rooms.get(int(channel))
        for number, one in enumerate(room.messages if room else ()):
            if one["id"] == message and room is not None:
                room.messages[number] = self.world.message(int(message), room.id, ME, body)
                return 200, room.messages[number]
        return UNKNOWN

    async def _message(self, channel: str, message: str, **_: Any) -> tuple[int, Any]:
        room = self.world.rooms.get(int(channel))
        return next(((200, one) for one in (room.messages if room else ()) if one["id"] == message), UNKNOWN)

    async def _history(self, channel: str, *, query: Any, **_: Any) -> tuple[int, Any]:
        """Messages after one, newest of the first hundred first, as Discord has it."""
        room = self.world.rooms.get(int(channel))
        after, limit = int(query.get("after", 0)), int(query.get("limit", 50))
        found = [one for one in (room.messages if room else ()) if int(one["id"]) > after]
        return 200, found[:limit][::-1]

    async def _where(self, **_: Any) -> tuple[int, Any]:
        start = {
            "total": 1000,
            "remaining": 999,
            "reset_after": 1000,
            "max_concurrency": self.gateway.max_concurrency,
        }
        return 200, {"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": start}

    async def _register(self, *, body: Any, **_: Any) -> tuple[int, Any]:
        own = {"application_id": str(ME), "version": "1"}
        self.commands = [
            {"type": 1, "description": "", "options": []} | one | own | {"id": str(600 + n)}
            for n, one in enumerate(body)
        ]
        return 200, self.commands

    async def _nothing(self, *_: Any, **__: Any) -> tuple[int, Any]:
        return 204, None


async def _now(answer: Any) -> tuple[int, Any]:
    """An answer that is there already."""
    return 200, answer


async def _body(request: web.Request) -> Any:
    """The JSON of a request; what is attached is read and dropped."""
    if request.content_type != "multipart/form-data":
        return (await request.json() if request.can_read_body else None) or {}
    body: Any = {}
    async for part in await request.multipart():
        if getattr(part, "name", "") == "payload_json":
            body = json.loads(await part.text())  # type: ignore[union-attr]
        else:
            await part.read()  # type: ignore[union-attr]
    return body


def _json(answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(answer).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )
