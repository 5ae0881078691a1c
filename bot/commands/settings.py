"""Settings for a command, with logging set up to match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import config, logs

if TYPE_CHECKING:
    from bot.config import Settings


def settings(*, quiet: bool = False, **overrides: Any) -> Settings:
    """The settings; `quiet` shows warnings and errors only, for commands that a person reads. Raises `bot.config.ConfigError`."""
    loaded = config.load(**overrides)
    level = "error" if quiet and loaded.log_level == "info" else loaded.log_level
    logs.configure(level, loaded.log_format)
    return loaded
