"""A loopback server that speaks Ollama's chat API (one JSON line for each piece)."""

from __future__ import annotations

from typing import Any

from tests.doubles.endpoint import Endpoint, Script


class Ollama(Endpoint):
    """Point SPOTTER_CHAT_URL at `url`."""

    kind = "application/x-ndjson"

    @property
    def url(self) -> str:
        return self.address

    def error(self, script: Script) -> dict[str, Any]:
        return {"error": "scripted"}

    def answer(self, script: Script, text: str, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "model": body.get("model", "scripted"),
            "created_at": "2026-01-01T00:00:00Z",
            "message": {"role": "assistant", "content": text},
            "done": True,
            "done_reason": script.finish,
            "prompt_eval_count": 900,
            "eval_count": len(text) // 4,
        }
