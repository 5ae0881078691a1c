"""What a moderator has chosen for this browser: theme, covered text, shortcuts, saved views. In a cookie; nothing secret in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE = "spotter-looks"
THEMES = ("auto", "light", "dark")
COVERS = ("crisis", "always", "never")
VIEWS = 8
"""Saved views at most."""
KEYS = {
    "next": "j", "previous": "k", "open": "Enter", "claim": "c", "note": "n", "escalate": "e", "skip": "s", "release": "r", "undo": "u",
    "extend": "x", "search": "/", "back": "Escape", "help": "?",
}  # fmt: skip
"""Action -> key, as delivered. 1 to 5, g then a letter, and Ctrl+Enter are fixed."""
FIXED = ("open", "back")
"""Actions whose key is not a character and stays."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The choices."""

    theme: str = "auto"
    cover: str = "crisis"
    """Whose text is covered until it is asked for: of CRISIS cases, of all, of none."""
    shortcuts: bool = True
    keys: dict[str, str] = field(default_factory=dict)
    """Action -> key where it differs from `KEYS`."""
    views: dict[str, str] = field(default_factory=dict)
    """Name -> query of the queue."""

    @property
    def bindings(self) -> dict[str, str]:
        """Every action with its key."""
        return {**KEYS, **self.keys}


def read(request: Request) -> Looks:
    """The choices in a request's cookie; whatever does not make sense is left at its default."""
    try:
        found = json.loads(unquote(request.cookies.get(COOKIE, "")))
    except ValueError:
        return Looks()
    return checked(found) if isinstance(found, dict) else Looks()


def write(response: Response, looks: Looks, *, secure: bool) -> None:
    """Keep the choices for a year."""
    value = quote(json.dumps(asdict(looks), separators=(",", ":")), safe="")
    response.set_cookie(
        COOKIE, value, max_age=31_536_000, path="/", secure=secure, httponly=True, samesite="lax"
    )


def checked(found: dict[str, Any]) -> Looks:
    """Choices that make sense, out of anything."""
    theme, cover = str(found.get("theme")), str(found.get("cover"))
    return Looks(
        theme=theme if theme in THEMES else "auto",
        cover=cover if cover in COVERS else "crisis",
        shortcuts=found.get("shortcuts") is not False,
        keys=_keys(found.get("keys")),
        views=_views(found.get("views")),
    )


def _keys(found: Any) -> dict[str, str]:
    """Remapped keys: one printable character each, none twice, digits and g left to their fixed meaning."""
    if not isinstance(found, dict):
        return {}
    chosen = {
        action: key
        for action, key in found.items()
        if action in KEYS and action not in FIXED and isinstance(key, str) and key != KEYS[action]
        and len(key) == 1 and key.isprintable() and not key.isspace() and not key.isdigit() and key != "g"
    }  # fmt: skip
    bound = list({**KEYS, **chosen}.values())
    return chosen if len(set(bound)) == len(bound) else {}


def _views(found: Any) -> dict[str, str]:
    """Saved views, their queries put together anew."""
    if not isinstance(found, dict):
        return {}
    named = {str(name)[:30]: urlencode(parse_qsl(str(query)[:200])) for name, query in found.items() if name}
    return dict(list(named.items())[-VIEWS:])
