"""`spotter migrate`: the database's schema, and the rotation of the key."""

from __future__ import annotations

import asyncio

from bot.commands.settings import settings
from bot.terminal import console


def migrate(to: str, *, reseal: bool) -> None:
    """Bring the schema to a revision; with `reseal` encrypt everything anew under the first key."""
    asyncio.run(_migrate(to, reseal=reseal))


async def _migrate(to: str, *, reseal: bool) -> None:
    from bot.app import open_store
    from bot.store.migrate import downgrade

    out = console()
    store = await open_store(settings(quiet=True), migrate=True)
    try:
        if to not in ("head", await store.database.version()):
            await downgrade(store.database, to)
        out.print(f"The database is at schema {await store.database.version() or 'none'}.")
        if reseal:
            out.print(f"Sealed {await store.reseal()} values under the first key; the old keys can go.")
    finally:
        await store.close()
