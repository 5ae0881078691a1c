"""The moderators' console: cases from claim to decision in a browser. Starlette, Jinja2, htmx; the only code that knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings


def run(settings: Settings, *, practice: bool = False) -> None:
    """Serve the console until interrupted; `practice`: a seeded queue in a temporary store, on this machine only, without Discord.

    Raises `bot.config.ConfigError` naming what is missing for the sign-in, `bot.store.database.StoreError`.
    """
    from bot.web.serve import serve

    serve(settings, practice=practice)
