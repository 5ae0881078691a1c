"""`spotter audit verify`."""

from __future__ import annotations

import asyncio

from bot.commands.settings import settings
from bot.terminal import console


def verify() -> int:
    """Check every chain; returns 0 when all are whole, 1 otherwise."""
    return asyncio.run(_verify())


async def _verify() -> int:
    from bot.app import open_store

    store, out = await open_store(settings(quiet=True)), console()
    try:
        verdicts = await store.verify()
    finally:
        await store.close()
    for verdict in verdicts:
        where = f"server {verdict.guild}" if verdict.guild else "terminal and direct messages"
        out.print(
            f"{where}: {verdict.links} entries, {'BROKEN: ' + verdict.fault if verdict.fault else 'whole'}"
        )
    if not verdicts:
        out.print("No audit entries yet.")
    return 1 if any(verdict.fault for verdict in verdicts) else 0
