"""Resuming after more than one failure.

discord.py resumes at the first try only; if that fails too, it begins a new session, and what people wrote in between is never delivered.
"""

from __future__ import annotations

import discord.shard
from discord.gateway import ReconnectWebSocket


class Shard(discord.shard.Shard):
    """A shard that resumes its session for as long as it has one; the gateway says when it has expired."""

    async def reconnect(self) -> None:
        """Connect again, with the session where there is one."""
        if self.ws.session_id is None:
            await super().reconnect()
        else:
            await self.reidentify(ReconnectWebSocket(self.id, resume=True))


def keep_sessions() -> None:
    """Have every client of this process use such shards."""
    vars(discord.shard)["Shard"] = Shard
