"""A loopback server that speaks OpenAI's chat API."""

from __future__ import annotations

from typing import Any

from tests.doubles.endpoint import Endpoint, Script


class OpenAI(Endpoint):
    """Point SPOTTER_CHAT_URL at `url`."""

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def error(self, script: Script) -> dict[str, Any]:
        return {"error": {"message": "scripted", "type": "scripted", "code": None, "param": None}}

    def answer(self, script: Script, text: str, body: dict[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": script.refusal}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": body.get("model", "scripted"),
            "choices": [{"index": 0, "message": message, "finish_reason": script.finish}],
            "usage": {
                "prompt_tokens": 900,
                "completion_tokens": len(text) // 4,
                "total_tokens": 900 + len(text) // 4,
            },
        }
