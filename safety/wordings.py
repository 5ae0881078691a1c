"""The referral texts of a language, as written in `safety/texts/*.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "es", "pt", "de", "fr")
"""Languages with texts of their own; everybody else reads English (rule X20)."""


class Texts:
    """The words of one language. Asking for a slot that is not there raises KeyError: a test asks for every one."""

    def __init__(self, language: str, data: dict[str, Any]) -> None:
        """`data` as read from the file."""
        self.language = language
        self._data = data

    def __call__(self, *path: str) -> str:
        """The words at `path`, with the emergency numbers put in."""
        found: Any = self._data
        for name in path:
            found = found[name]
        return str(found).strip().replace("{numbers}", str(self._data["numbers"]))

    def get(self, *path: str) -> str:
        """The words at `path`, or "" where this slot is left out on purpose."""
        found: Any = self._data
        for name in path:
            found = found.get(name, {}) if isinstance(found, dict) else {}
        return (
            str(found).strip().replace("{numbers}", str(self._data["numbers"]))
            if isinstance(found, str)
            else ""
        )

    def names(self, *path: str) -> tuple[str, ...]:
        """The names of the slots under `path`."""
        found: Any = self._data
        for name in path:
            found = found[name]
        return tuple(found)


@cache
def texts(language: str) -> Texts:
    """The texts of `language` ("es", "es-419", "pt-BR" ...), English where there are none."""
    code = language[:2].lower() if language else "en"
    code = code if code in LANGUAGES else "en"
    return Texts(code, tomllib.loads((files("safety") / "texts" / f"{code}.toml").read_text("utf-8")))
