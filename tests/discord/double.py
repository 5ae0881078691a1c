"""A Discord on loopback: gateway v10 and REST, with the limits, deadlines and refusals that matter, and faults to order.

It knows one server with one owner, and whatever channels and people a test brings in. Everything that breaks a rule is collected in
`violations`; everything that the bot did is in `requests`.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web
from limits import V2, Schema, message_faults, modal_faults, walk

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.double.token"
ME, APP, GUILD, OWNER, ROLE = (
    100000000000000000,
    100000000000000000,
    200000000000000000,
    300000000000000000,
    210000000000000000,
)
EPOCH = 1420070400000
ALL = str((1 << 50) - 1)
KINDS = {"ephemeral": 64}


@dataclass
class Fault:
    """What to do to the next requests that match, instead of or after executing them."""

    method: str
    path: str
    kind: str  # "429", "429-bare", "500", "503", "lost", "reset"
    times: int = 1


@dataclass
class Pressed:
    """An interaction on its way: what the bot answered, and when."""

    id: int
    token: str
    began: float
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    kind: int = 0
    data: Any = None
    message: dict[str, Any] | None = None
    followups: list[dict[str, Any]] = field(default_factory=list)
    ack_s: float = 0.0
    answer_s: float = 0.0
    edits: int = 0

    @property
    def text(self) -> str:
        """All words of the answer."""
        shown = [self.message, *self.followups]
        return "\n".join(words(one) for one in shown if one)


def words(message: dict[str, Any]) -> str:
    """All words of a message."""
    found = [one["content"] for one in walk(message.get("components")) if one.get("type") == 10]
    return "\n".join(filter(None, [message.get("content"), *found]))


def custom_id(message: dict[str, Any], verb: str) -> str:
    """The custom id of the button that does `verb`."""
    return next(
        one["custom_id"]
        for one in walk(message["components"])
        if one.get("custom_id", "").startswith(f"spotter:{verb}")
    )


class Double:
    """The server. Use as an async context manager."""

    def __init__(self) -> None:
        self.schema = Schema()
        self.violations: list[str] = []
        self.requests: list[tuple[str, str, Any]] = []
        self.faults: list[Fault] = []
        self.messages: dict[int, dict[str, Any]] = {}
        self.commands: list[dict[str, Any]] = []
        self.syncs = 0
        self.identifies: list[float] = []
        self.resumes = 0
        self.pressed: dict[str, Pressed] = {}
        self.channels: dict[int, dict[str, Any]] = {}
        self.closed_codes: list[int | None] = []
        self.ready = asyncio.Event()
        self.charset = False
        self.refusals = 0
        self.granted = ALL
        self.twins: list[web.WebSocketResponse] = []
        """Earlier connections that get every event too: two processes for the same shard."""
        self.max_concurrency = 1
        self._serial = 0
        self._nonces: dict[tuple[int, str], dict[str, Any]] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._live: web.WebSocketResponse | None = None
        self._seq = 0
        self._log: list[dict[str, Any]] = []
        self._session = ""
        self._bucket: list[float] = []
        for number, name in enumerate(("training", "review")):
            self.add_channel(400000000000000000 + number, name)

    # -- life ------------------------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30_000_000)
        app.router.add_get("/gateway-socket/", self._gateway)
        app.router.add_get("/gateway-socket", self._gateway)
        app.router.add_route("*", "/api/v10/{tail:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in list(self._sockets):
            await socket.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address for SPOTTER_DISCORD_API_URL."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    def new_id(self) -> int:
        """A snowflake of now."""
        self._serial += 1
        return ((int(time.time() * 1000) - EPOCH) << 22) | (self._serial & 0xFFF)

    def add_channel(self, channel: int, name: str, kind: int = 0) -> None:
        """A channel in which the bot may do everything."""
        self.channels[channel] = {
            "id": str(channel), "type": kind, "name": name, "guild_id": str(GUILD), "position": len(self.channels),
            "permission_overwrites": [], "parent_id": None, "nsfw": False, "topic": None, "last_message_id": None, "rate_limit_per_user": 0,
        }  # fmt: skip

    # -- what people do --------------------------------------------------------------------------------------------------------------

    async def say(self, text: str, *, person: int = OWNER + 1, channel: int = 400000000000000000, reply: int | None = None,
                  dm: bool = False, again: int = 1) -> dict[str, Any]:  # fmt: skip
        """Somebody writes a message; the bot gets its words only where Discord would give them."""
        ident = self.new_id()
        replied = self.messages.get(reply) if reply else None
        mentioned = f"<@{ME}>" in text
        pings = mentioned or bool(
            replied and replied["author"]["id"] == str(ME) and not replied.get("interaction_metadata")
        )
        message = self._message(
            ident, 500000000000000000 if dm else channel, self._user(person), {"content": text}
        )
        if replied:
            message |= {
                "type": 19,
                "message_reference": {"message_id": str(reply), "channel_id": str(channel)},
                "referenced_message": replied,
            }
        message["mentions"] = [self._me()] if pings else []
        self.messages[ident] = dict(message)
        if not dm:
            self.channels[channel]["last_message_id"] = str(ident)
        event = dict(message)
        if not dm:
            event |= {"guild_id": str(GUILD), "member": self._member(person, user=False)}
            if not pings:
                event["content"] = ""
        for _ in range(again):
            await self.dispatch("MESSAGE_CREATE", event)
        return message

    async def slash(self, name: str, person: int = OWNER + 1, **options: Any) -> Pressed:
        """Somebody uses a command; "mod queue" names a subcommand."""
        path = name.split(" ")
        command = next(
            (one for one in self.commands if one["name"] == path[0] and one.get("type", 1) == 1), None
        )
        assert command is not None, f"{name} is not registered"
        given: list[dict[str, Any]] = [
            {"name": key, "type": _kind(value), "value": value} for key, value in options.items()
        ]
        if len(path) > 1:
            given = [{"name": path[1], "type": 1, "options": given}]
        return await self._interact(
            2, {"id": command["id"], "name": path[0], "type": 1, "options": given}, person
        )

    async def complete(self, name: str, option: str, typed: str, person: int = OWNER + 1) -> Pressed:
        """Somebody types into an option."""
        command = next(one for one in self.commands if one["name"] == name)
        options = [{"name": option, "type": 3, "value": typed, "focused": True}]
        return await self._interact(
            4, {"id": command["id"], "name": name, "type": 1, "options": options}, person
        )

    async def menu(self, name: str, message: dict[str, Any], person: int = OWNER + 1) -> Pressed:
        """Somebody uses a message's menu."""
        command = next(one for one in self.commands if one["name"] == name and one.get("type") == 3)
        data = {
            "id": command["id"],
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._interact(2, data, person)

    async def press(
        self, message: dict[str, Any], ident: str, person: int = OWNER + 1, *, again: int = 1
    ) -> Pressed:
        """Somebody presses a button."""
        return await self._interact(
            3, {"custom_id": ident, "component_type": 2}, person, message=message, again=again
        )

    async def submit(self, shown: Pressed, person: int = OWNER + 1, **values: str) -> Pressed:
        """Somebody fills a modal in."""
        assert shown.kind == 9, f"no modal but {shown.kind}"
        filled = []
        for label in shown.data["components"]:
            inner = label["component"]
            filled.append({"type": 18, "id": 1, "component": {"type": inner["type"], "id": 2, "custom_id": inner["custom_id"],
                                                              "value": values.get(inner["custom_id"], "")}})  # fmt: skip
        data = {"custom_id": shown.data["custom_id"], "components": filled}
        return await self._interact(5, data, person)

    async def _interact(
        self, kind: int, data: Any, person: int, *, message: dict[str, Any] | None = None, again: int = 1
    ) -> Pressed:
        ident = self.new_id()
        pressed = Pressed(ident, f"token-{ident}", time.monotonic())
        self.pressed[pressed.token] = pressed
        event = {
            "id": str(ident), "application_id": str(APP), "type": kind, "token": pressed.token, "version": 1, "guild_id": str(GUILD),
            "channel_id": "400000000000000000", "channel": self.channels[400000000000000000] | {"permissions": ALL}, "data": data,
            "member": self._member(person) | {"permissions": ALL if person == OWNER else "2048"}, "app_permissions": ALL, "locale": "en-US",
            "guild_locale": "en-US", "entitlements": [], "authorizing_integration_owners": {"0": str(GUILD)}, "context": 0,
            "attachment_size_limit": 10485760,
        }  # fmt: skip
        if message is not None:
            event["message"] = message
        for _ in range(again):
            await self.dispatch("INTERACTION_CREATE", event)
        return pressed

    async def until(self, test: Any, seconds: float = 10.0) -> Any:
        """Wait for something to become true."""
        end = time.monotonic() + seconds
        while not (found := test()):
            if time.monotonic() > end:
                raise AssertionError("it did not happen in time")
            await asyncio.sleep(0.01)
        return found

    def answers_to(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """The bot's replies to a message."""
        return [one for one in self.messages.values()
                if one["author"]["id"] == str(ME) and (one.get("message_reference") or {}).get("message_id") == message["id"]]  # fmt: skip

    def in_channel(self, channel: int) -> list[dict[str, Any]]:
        """The bot's messages in a channel."""
        return [
            one
            for one in self.messages.values()
            if one["channel_id"] == str(channel) and one["author"]["id"] == str(ME)
        ]

    # -- gateway ---------------------------------------------------------------------------------------------------------------------

    async def dispatch(self, event: str, data: Any) -> None:
        """Send an event, or keep it for a resume while nobody is connected."""
        self._seq += 1
        payload = {"op": 0, "s": self._seq, "t": event, "d": data}
        self._log.append(payload)
        for twin in self.twins:
            await twin.send_str(json.dumps(payload))
        if self._live is not None and not self._live.closed:
            try:
                await self._live.send_str(json.dumps(payload))
            except ConnectionError:
                self._live = None

    async def drop(self, code: int = 4000) -> None:
        """Close the connection."""
        live, self._live = self._live, None
        if live is not None:
            await live.close(code=code)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the client that its session is invalid."""
        live, self._live = self._live, None
        if live is not None:
            if not resumable:
                self._session = ""
            self.ready.clear()
            await live.send_str(json.dumps({"op": 9, "d": resumable}))

    async def ask_to_reconnect(self) -> None:
        """Send op 7."""
        live, self._live = self._live, None
        if live is not None:
            await live.send_str(json.dumps({"op": 7, "d": None}))

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        if self.refusals:
            self.refusals -= 1
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.violations.append(f"gateway query {request.query_string}")
        self._sockets.add(socket)
        await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 5000}}))
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            await self._received(socket, json.loads(frame.data))
        self.closed_codes.append(socket.close_code)
        self._sockets.discard(socket)
        if self._live is socket:
            self._live = None
        return socket

    async def _received(self, socket: web.WebSocketResponse, payload: dict[str, Any]) -> None:
        op, data = payload["op"], payload["d"]
        if op == 1:
            await socket.send_str(json.dumps({"op": 11}))
        elif op == 2:
            await self._identify(socket, data)
        elif op == 6:
            await self._resume(socket, data)

    async def _identify(self, socket: web.WebSocketResponse, data: Any) -> None:
        self.identifies.append(time.monotonic())
        if data["intents"] & (1 << 15 | 1 << 8 | 1 << 1):
            self.violations.append("privileged intents")
            await socket.close(code=4014)
            return
        if data["token"] != TOKEN:
            await socket.close(code=4004)
            return
        if self._live is not None and not self._live.closed:
            self.twins.append(self._live)
        self._seq, self._log, self._session, self._live = 0, [], f"session-{self.new_id()}", socket
        await self._to(socket, "READY", {
            "v": 10, "user": self._me(), "guilds": [{"id": str(GUILD), "unavailable": True}], "session_id": self._session,
            "resume_gateway_url": self._ws, "application": {"id": str(APP), "flags": 0}, "shard": data.get("shard", [0, 1]),
        })  # fmt: skip
        await self._to(socket, "GUILD_CREATE", self._guild())
        self.ready.set()

    async def _to(self, socket: web.WebSocketResponse, event: str, data: Any) -> None:
        self._seq += 1
        await socket.send_str(json.dumps({"op": 0, "s": self._seq, "t": event, "d": data}))

    async def _resume(self, socket: web.WebSocketResponse, data: Any) -> None:
        if data["session_id"] != self._session:
            await socket.send_str(json.dumps({"op": 9, "d": False}))
            return
        self.resumes += 1
        self._live = socket
        for missed in [one for one in self._log if one["s"] > data["seq"]]:
            await socket.send_str(json.dumps(missed))
        await self.dispatch("RESUMED", {"_trace": []})

    @property
    def _ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway-socket/"

    # -- REST ------------------------------------------------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path, method = "/" + request.match_info["tail"], request.method
        body, files = await _body(request)
        self.requests.append((method, path, body))
        fault = next(
            (
                one
                for one in self.faults
                if one.times > 0 and one.method == method and re.search(one.path, path)
            ),
            None,
        )
        if fault is not None:
            fault.times -= 1
            if fault.kind != "lost":
                return self._fail(request, fault.kind)
        if (
            not path.startswith(("/interactions", "/webhooks"))
            and request.headers.get("Authorization") != f"Bot {TOKEN}"
        ):
            return self._json({"message": "401: Unauthorized", "code": 0}, 401)
        now = time.monotonic()
        self._bucket = [one for one in self._bucket if now - one < 1] + (
            [] if path.startswith(("/interactions", "/webhooks")) else [now]
        )
        if len(self._bucket) > 50:
            self.violations.append("more than 50 requests a second")
        self.violations += self.schema.faults(method, path, body)
        status, answer = await self._route(method, path, body or {}, files, request)
        if fault is not None and fault.kind == "lost":
            assert request.transport is not None
            request.transport.abort()
        return self._json(answer, status)

    def _fail(self, request: web.Request, kind: str) -> web.Response:
        if kind == "reset":
            assert request.transport is not None
            request.transport.abort()
        if kind == "429":
            headers = {"Via": "1.1 google", "Retry-After": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "5",
                       "X-RateLimit-Reset-After": "0.3", "X-RateLimit-Reset": str(time.time() + 0.3), "X-RateLimit-Bucket": "b"}  # fmt: skip
            return self._json(
                {"message": "You are being rate limited.", "retry_after": 0.3, "global": False}, 429, headers
            )
        if kind == "429-bare":
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "1"})
        return web.Response(status=int(kind) if kind.isdigit() else 500, text="upstream error")

    def _json(self, answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
        if answer is None:
            return web.Response(status=204, headers=headers)
        kind = "application/json; charset=utf-8" if self.charset else "application/json"
        return web.Response(
            body=json.dumps(answer).encode(), status=status, headers={"Content-Type": kind, **(headers or {})}
        )

    async def _route(
        self, method: str, path: str, body: Any, files: list[str], request: web.Request
    ) -> tuple[int, Any]:
        for wanted, pattern, handler in self._routes():
            match = re.fullmatch(pattern, path)
            if wanted == method and match:
                return await handler(*match.groups(), body=body, files=files, query=request.query)
        self.violations.append(f"unexpected {method} {path}")
        return 404, {"message": "404: Not Found", "code": 0}

    def _routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", r"/gateway(?:/bot)?", self._where), ("GET", r"/users/@me", self._whoami), ("GET", r"/oauth2/applications/@me", self._application),
            ("GET", r"/applications/@me", self._application), ("GET", r"/users/@me/guilds", self._guilds),
            ("GET", r"/applications/\d+/commands", self._get_commands), ("PUT", r"/applications/\d+/commands", self._put_commands),
            ("POST", r"/interactions/(\d+)/([^/]+)/callback", self._callback),
            ("PATCH", r"/webhooks/\d+/([^/]+)/messages/@original", self._edit_answer),
            ("GET", r"/webhooks/\d+/([^/]+)/messages/@original", self._get_answer), ("POST", r"/webhooks/\d+/([^/]+)", self._follow_up),
            ("POST", r"/channels/(\d+)/messages", self._send), ("PATCH", r"/channels/(\d+)/messages/(\d+)", self._edit),
            ("GET", r"/channels/(\d+)/messages", self._history), ("POST", r"/channels/(\d+)/typing", self._typing),
            ("GET", r"/guilds/\d+/audit-logs", self._audit),
            ("POST", r"/channels/(\d+)/messages/(\d+)/threads", self._thread),
        ]  # fmt: skip

    async def _where(self, **_: Any) -> tuple[int, Any]:
        start = {
            "total": 1000,
            "remaining": 999,
            "reset_after": 1000,
            "max_concurrency": self.max_concurrency,
        }
        return 200, {"url": self._ws, "shards": 1, "session_start_limit": start}

    async def _whoami(self, **_: Any) -> tuple[int, Any]:
        return 200, self._me()

    async def _application(self, **_: Any) -> tuple[int, Any]:
        return 200, {"id": str(APP), "name": "Spotter", "icon": None, "description": "", "bot_public": True, "bot_require_code_grant": False,
                     "verify_key": "0" * 64, "flags": 0, "summary": "", "team": None, "hook": True, "owner": self._user(OWNER)}  # fmt: skip

    async def _guilds(self, **_: Any) -> tuple[int, Any]:
        return 200, [{"id": str(GUILD), "name": "Gym", "permissions": self.granted}]

    async def _get_commands(self, **_: Any) -> tuple[int, Any]:
        return 200, self.commands

    async def _put_commands(self, *, body: Any, **_: Any) -> tuple[int, Any]:
        self.syncs += 1
        for one in body:
            if len(one["name"]) > 32 or len(one.get("description") or "") > 100:
                self.violations.append(f"command {one['name']} too long")
        self.commands = [one | {"id": str(600000000000000000 + n), "application_id": str(APP), "version": "1", "type": one.get("type", 1),
                                "description": one.get("description", ""), "options": one.get("options", [])} for n, one in enumerate(body)]  # fmt: skip
        return 200, self.commands

    async def _callback(
        self, _ident: str, token: str, *, body: Any, files: list[str], query: Any
    ) -> tuple[int, Any]:
        pressed = self.pressed.get(token)
        if pressed is None:
            return 404, {"message": "Unknown interaction", "code": 10062}
        if pressed.acked.is_set():
            return 400, {"message": "Interaction has already been acknowledged.", "code": 40060}
        pressed.ack_s = time.monotonic() - pressed.began
        if pressed.ack_s > 3:
            self.violations.append(f"acknowledged after {pressed.ack_s:.1f} s")
            return 404, {"message": "Unknown interaction", "code": 10062}
        pressed.kind, pressed.data = body["type"], body.get("data") or {}
        if body["type"] == 5 and set(pressed.data) - {"flags"}:
            self.violations.append("a deferral with more than flags")
        if body["type"] == 4:
            self.violations += message_faults({"allowed_mentions": {}} | pressed.data, files)
            pressed.message = self._message(self.new_id(), 400000000000000000, self._me(), pressed.data)
        if body["type"] == 9:
            self.violations += modal_faults(pressed.data)
        pressed.acked.set()
        if body["type"] in (4, 8, 9):
            pressed.answer_s = pressed.ack_s
            pressed.answered.set()
        if query.get("with_response") not in ("1", "true", "True"):
            return 204, None
        about = {"id": str(pressed.id), "type": 2, "response_message_id": None, "response_message_loading": body["type"] == 5,
                 "response_message_ephemeral": bool(pressed.data.get("flags", 0) & 64)}  # fmt: skip
        resource = {"type": body["type"]} | ({"message": pressed.message} if body["type"] == 4 else {})
        return 200, {"interaction": about, "resource": resource}

    async def _get_answer(self, token: str, **_: Any) -> tuple[int, Any]:
        pressed = self.pressed.get(token)
        if pressed is None or not pressed.acked.is_set():
            return 404, {"message": "Unknown Webhook", "code": 10015}
        thinking = self._message(self.new_id(), 400000000000000000, self._me(), {})
        return 200, pressed.message or thinking | {"flags": 128 | (pressed.data or {}).get("flags", 0)}

    async def _edit_answer(self, token: str, *, body: Any, files: list[str], **_: Any) -> tuple[int, Any]:
        pressed = self.pressed.get(token)
        if pressed is None or not pressed.acked.is_set():
            return 404, {"message": "Unknown Webhook", "code": 10015}
        self.violations += message_faults({"allowed_mentions": {}} | body, files)
        if body.get("attachments"):
            self.violations += (
                [] if len(body["attachments"]) == len(files) else ["attachments without their files"]
            )
        old = pressed.message or self._message(self.new_id(), 400000000000000000, self._me(), {})
        pressed.message = self._message(int(old["id"]), 400000000000000000, self._me(), body)
        pressed.message["flags"] |= (pressed.data or {}).get("flags", 0)
        pressed.message["interaction_metadata"] = {
            "id": str(pressed.id),
            "type": 2,
            "user": self._user(OWNER),
            "authorizing_integration_owners": {},
        }
        pressed.message["attachments"] = [
            {"id": str(n), "filename": name, "size": 1, "url": "http://x", "proxy_url": "http://x"}
            for n, name in enumerate(files)
        ]
        self.messages[int(pressed.message["id"])] = pressed.message
        pressed.edits += 1
        pressed.answer_s = time.monotonic() - pressed.began
        pressed.answered.set()
        return 200, pressed.message

    async def _follow_up(self, token: str, *, body: Any, files: list[str], **_: Any) -> tuple[int, Any]:
        pressed = self.pressed.get(token)
        if pressed is None or not pressed.acked.is_set():
            return 404, {"message": "Unknown Webhook", "code": 10015}
        self.violations += message_faults({"allowed_mentions": {}} | body, files)
        message = self._message(self.new_id(), 400000000000000000, self._me(), body)
        pressed.followups.append(message)
        pressed.answer_s = time.monotonic() - pressed.began
        pressed.answered.set()
        return 200, message

    async def _send(self, channel: str, *, body: Any, files: list[str], **_: Any) -> tuple[int, Any]:
        if int(channel) not in self.channels and channel != "500000000000000000":
            return 404, {"message": "Unknown Channel", "code": 10003}
        self.violations += message_faults(body, files)
        key = (int(channel), str(body.get("nonce")))
        if body.get("enforce_nonce") and key in self._nonces:
            return 200, self._nonces[key]
        message = self._message(self.new_id(), int(channel), self._me(), body)
        if body.get("message_reference"):
            message |= {"type": 19, "message_reference": body["message_reference"]}
        self.messages[int(message["id"])] = message
        if body.get("enforce_nonce"):
            self._nonces[key] = message
        return 200, message

    async def _edit(
        self, channel: str, message: str, *, body: Any, files: list[str], **_: Any
    ) -> tuple[int, Any]:
        if int(message) not in self.messages:
            return 404, {"message": "Unknown Message", "code": 10008}
        self.violations += message_faults({"allowed_mentions": {}} | body, files)
        changed = self._message(int(message), int(channel), self._me(), body)
        self.messages[int(message)] = changed
        return 200, changed

    async def _history(self, channel: str, *, query: Any, **_: Any) -> tuple[int, Any]:
        after = int(query.get("after", 0))
        found = [
            one for one in self.messages.values() if one["channel_id"] == channel and int(one["id"]) > after
        ]
        return 200, sorted(found, key=lambda one: -int(one["id"]))

    async def _typing(self, _channel: str, **_: Any) -> tuple[int, Any]:
        return 204, None

    async def _audit(self, **_: Any) -> tuple[int, Any]:
        return 200, {"audit_log_entries": [], "users": [], "integrations": [], "webhooks": [], "application_commands": [], "threads": [],
                     "auto_moderation_rules": [], "guild_scheduled_events": []}  # fmt: skip

    async def _thread(self, channel: str, message: str, *, body: Any, **_: Any) -> tuple[int, Any]:
        self.add_channel(int(message), body["name"], 11)
        self.channels[int(message)] |= {
            "parent_id": channel, "owner_id": str(ME), "message_count": 0, "member_count": 1,
            "thread_metadata": {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": "2026-01-01T00:00:00+00:00", "locked": False},
        }  # fmt: skip
        return 201, self.channels[int(message)]

    # -- objects ---------------------------------------------------------------------------------------------------------------------

    def _user(self, person: int) -> dict[str, Any]:
        return {
            "id": str(person),
            "username": f"person{person % 1000}",
            "discriminator": "0",
            "avatar": None,
            "global_name": None,
            "bot": False,
        }

    def _me(self) -> dict[str, Any]:
        return self._user(ME) | {"username": "Spotter", "bot": True}

    def _member(self, person: int, *, user: bool = True) -> dict[str, Any]:
        member = {
            "roles": [],
            "joined_at": "2020-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "nick": None,
            "flags": 0,
            "avatar": None,
        }
        return member | ({"user": self._user(person)} if user else {})

    def _guild(self) -> dict[str, Any]:
        role = {"id": str(GUILD), "name": "@everyone", "permissions": "2048", "position": 0, "color": 0, "hoist": False, "managed": False,
                "mentionable": False, "flags": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}  # fmt: skip
        own = role | {
            "id": str(ROLE),
            "name": "Spotter",
            "permissions": ALL,
            "position": 1,
            "managed": True,
            "tags": {"bot_id": str(ME)},
        }
        me = self._member(ME) | {"roles": [str(ROLE)], "user": self._me()}
        return {
            "id": str(GUILD), "name": "Gym", "owner_id": str(OWNER), "roles": [role, own], "emojis": [], "stickers": [], "features": [],
            "member_count": 60, "members": [me], "channels": [one for one in self.channels.values() if one["type"] == 0], "threads": [],
            "presences": [], "voice_states": [], "large": False, "unavailable": False, "joined_at": "2020-01-01T00:00:00+00:00", "icon": None,
            "splash": None, "discovery_splash": None, "afk_channel_id": None, "afk_timeout": 300, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "application_id": None, "system_channel_id": None,
            "system_channel_flags": 0, "rules_channel_id": None, "vanity_url_code": None, "description": None, "banner": None,
            "premium_tier": 0, "preferred_locale": "en-US", "public_updates_channel_id": None, "nsfw_level": 0, "stage_instances": [],
            "guild_scheduled_events": [], "soundboard_sounds": [], "premium_progress_bar_enabled": False, "safety_alerts_channel_id": None,
        }  # fmt: skip

    def _message(self, ident: int, channel: int, author: dict[str, Any], body: Any) -> dict[str, Any]:
        flags = body.get("flags") or 0
        components = body.get("components") or []
        for number, one in enumerate(walk(components), 1):
            one.setdefault("id", number)
        if any(one["type"] == 17 for one in components):
            flags |= V2
        return {
            "id": str(ident), "channel_id": str(channel), "author": author, "content": body.get("content") or "", "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": [], "pinned": False, "type": 0, "components": components, "flags": flags, "nonce": body.get("nonce"),
        }  # fmt: skip


async def _body(request: web.Request) -> tuple[Any, list[str]]:
    """The JSON of a request, and the names of its files."""
    if request.content_type == "multipart/form-data":
        body, files = None, []
        async for part in await request.multipart():
            if part.name == "payload_json":
                body = json.loads(await part.text())
            else:
                files.append(part.filename or "")
                await part.read()
        return body, files
    return (await request.json() if request.can_read_body else None), []


def _kind(value: Any) -> int:
    return 5 if isinstance(value, bool) else 4 if isinstance(value, int) else 3
