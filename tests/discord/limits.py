"""What Discord refuses: bodies that its published OpenAPI document does not allow, and the limits that stand in its documentation."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

OPENAPI = Path(__file__).parents[3] / "shared" / "data" / "discord" / "openapi.json"
V2 = 1 << 15


class Schema:
    """Checks request bodies against the document; says why it does not where the document is absent."""

    def __init__(self) -> None:
        self.reason = "" if OPENAPI.is_file() else f"no OpenAPI document at {OPENAPI}"
        self._document = json.loads(OPENAPI.read_text("utf-8")) if not self.reason else {"paths": {}}
        self._paths = [
            (re.compile(re.sub(r"\\\{[^}]+\\\}", r"[^/]+", re.escape(path)) + r"\Z"), path)
            for path in self._document["paths"]
        ]

    def faults(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with a request; an unknown path is wrong too."""
        if self.reason:
            return []
        template = next(
            (
                one
                for pattern, one in sorted(self._paths, key=lambda p: p[1].count("{"))
                if pattern.match(path)
            ),
            None,
        )
        if template is None or method.lower() not in self._document["paths"][template]:
            return [f"{method} {path} is not in the document"]
        if body is None:
            return []
        wanted = self._document["paths"][template][method.lower()].get("requestBody", {}).get("content", {})
        schema = wanted.get("application/json", {}).get("schema")
        if schema is None:
            return []
        errors = self._validator(json.dumps(schema, sort_keys=True)).iter_errors(body)
        return [
            f"{method} {template}: {'/'.join(map(str, one.absolute_path))}: {one.message[:300]}"
            for one in errors
        ]

    @cache  # noqa: B019 - one object a session
    def _validator(self, schema: str) -> Any:
        import jsonschema

        return jsonschema.Draft202012Validator(
            {**json.loads(schema), "components": self._document["components"]}
        )


def walk(components: Any) -> Any:
    """All components at any depth."""
    for one in components or ():
        yield one
        yield from walk(one.get("components"))
        if one.get("accessory"):
            yield one["accessory"]
        if one.get("component"):
            yield from walk([one["component"]])


def message_faults(body: dict[str, Any], files: list[str]) -> list[str]:
    """What is wrong with a message by the documented limits."""
    faults: list[str] = []
    parts = list(walk(body.get("components")))
    flags = body.get("flags") or 0
    if flags & V2:
        if body.get("content") or body.get("embeds"):
            faults.append("content or embeds beside components v2")
        if len(parts) > 40:
            faults.append(f"{len(parts)} components")
        if sum(len(one.get("content", "")) for one in parts if one["type"] == 10) > 4000:
            faults.append("more than 4000 characters")
        shown = json.dumps(body.get("components"))
        faults += [
            f"{name} is attached and not shown" for name in files if f"attachment://{name}" not in shown
        ]
    elif any(one["type"] in (9, 10, 11, 12, 13, 14, 17) for one in parts):
        faults.append("components v2 without the flag")
    elif not (body.get("content") or body.get("embeds") or body.get("components") or files):
        faults.append("empty message")
    if len(body.get("content") or "") > 2000:
        faults.append("content over 2000")
    ids = [one["custom_id"] for one in parts if "custom_id" in one]
    faults += [f"custom id twice: {one}" for one in ids if ids.count(one) > 1]
    faults += [f"custom id too long: {one}" for one in ids if not 1 <= len(one) <= 100]
    for one in parts:
        if one["type"] == 2 and not (one.get("label") or one.get("emoji")):
            faults.append("button without label")
        if one["type"] == 2 and len(one.get("label") or "") > 80:
            faults.append("label over 80")
        if one["type"] == 1 and not 1 <= len(one["components"]) <= 5:
            faults.append("row of other than 1 to 5")
        if one["type"] == 10 and not one["content"]:
            faults.append("empty text")
        for item in one.get("items", ()):
            if len(item.get("description") or "") > 1024:
                faults.append("alt text over 1024")
    if "allowed_mentions" not in body or body["allowed_mentions"].get("parse"):
        faults.append("mentions are parsed")
    if len(str(body.get("nonce") or "")) > 25:
        faults.append("nonce over 25")
    return faults


def modal_faults(data: dict[str, Any]) -> list[str]:
    """What is wrong with a modal."""
    faults = [] if len(data["title"]) <= 45 else ["title over 45"]
    if not 1 <= len(data["components"]) <= 5:
        faults.append("other than 1 to 5 fields")
    for one in data["components"]:
        if one["type"] == 18 and (len(one["label"]) > 45 or len(one.get("description") or "") > 100):
            faults.append(f"label too long: {one['label']}")
        inner = one.get("component") or {}
        if inner.get("type") == 21 and not 2 <= len(inner["options"]) <= 10:
            faults.append("radio group of other than 2 to 10")
    return faults
