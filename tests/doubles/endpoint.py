"""A small HTTP server on loopback that answers as it is scripted, in a thread of its own."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """What one request gets. `text` may be a function of the request's body."""

    text: Any = ""
    status: int = 200
    delay: float = 0.0
    finish: str = "stop"
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """Sent instead of a well-formed body."""
    drop: bool = False
    """Close the connection without a word."""
    flood: bytes = b""
    """Sent again and again, as fast as it goes, for ever."""
    drip: float = 0.0
    """Send one byte every so many seconds, for ever."""


class Endpoint:
    """Base of the doubles. `scripts` are used one after the other, the last one for good; `bodies` are what was received."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = list(scripts) or [Script()]
        self.bodies: list[dict[str, Any]] = []
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                body = json.loads(self.rfile.read(length) or b"{}")
                outer.bodies.append(body)
                script = outer.scripts[0] if len(outer.scripts) == 1 else outer.scripts.pop(0)
                outer.play(self, script, body)

            def log_message(self, *_: Any) -> None:
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                return  # clients that gave up waiting are part of the script

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def play(self, handler: BaseHTTPRequestHandler, script: Script, body: dict[str, Any]) -> None:
        """Do what the script says."""
        if script.delay:
            self.closing.wait(script.delay)
        if script.drop:
            handler.close_connection = True
            handler.connection.close()
            return
        if script.drip:
            self._drip(handler, script.drip)
            return
        if script.flood:
            self._flood(handler, script.flood)
            return
        if script.raw is not None:
            data = script.raw
        elif script.status >= 400:
            data = json.dumps(self.error(script)).encode()
        else:
            text = script.text(body) if callable(script.text) else script.text
            data = json.dumps(self.answer(script, text, body)).encode()
        handler.send_response(script.status)
        for name, value in ({"content-type": self.kind} | script.headers).items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def _drip(self, handler: BaseHTTPRequestHandler, pause: float) -> None:
        handler.send_response(200)
        handler.send_header("content-type", self.kind)
        handler.send_header("content-length", "1000000")
        handler.end_headers()
        until = time.monotonic() + 20
        while not self.closing.wait(pause) and time.monotonic() < until:
            handler.wfile.write(b" ")
            handler.wfile.flush()

    def _flood(self, handler: BaseHTTPRequestHandler, piece: bytes) -> None:
        handler.send_response(200)
        handler.send_header("content-type", self.kind)
        handler.end_headers()
        handler.close_connection = True
        until = time.monotonic() + 20
        while not self.closing.is_set() and time.monotonic() < until:
            handler.wfile.write(piece)

    kind = "application/json"

    def error(self, script: Script) -> dict[str, Any]:
        raise NotImplementedError

    def answer(self, script: Script, text: str, body: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError
