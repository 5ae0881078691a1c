"""The words shown to people, by language: `bot/locales/*.toml`, English where a language lacks a line."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "locales"
LANGUAGES = ("en", "es-ES", "pt-BR", "de", "fr")
"""Names of the files, which are Discord's names of the languages ("en" stands for both of Discord's)."""


class Words:
    """The words of one language: `words("ask.empty")`, with values for the places in braces."""

    def __init__(self, language: str, table: dict[str, Any], fallback: Words | None = None) -> None:
        """Read from `table`, else from `fallback`."""
        self.language = language
        self._table = table
        self._fallback = fallback

    def __call__(self, key: str, **values: object) -> str:
        """The line `section.name`. Raises `KeyError` for a line that English lacks too."""
        line = self.look_up(key)
        if line is None:
            raise KeyError(key)
        return line.format(**values) if values else line

    def look_up(self, key: str) -> str | None:
        """The line, or None."""
        found: Any = self._table
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, str):
            return found
        return self._fallback.look_up(key) if self._fallback else None

    def command(self, *path: str) -> str | None:
        """A command's localised name or description in this language itself; None where it has none."""
        found: Any = self._table.get("commands")
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found if isinstance(found, str) else None


def language_of(locale: object) -> str:
    """Our language for one of Discord's: "es-419" is "es-ES", anything unknown is "en"."""
    short = str(locale or "en").split("-")[0].casefold()
    return next((name for name in LANGUAGES if name.split("-")[0] == short), "en")


def words(locale: object = "en") -> Words:
    """The words for a locale of Discord's or of ours."""
    return _load(language_of(locale))


@cache
def _load(language: str) -> Words:
    """Read a language's file once."""
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return Words(language, table, None if language == "en" else _load("en"))
