"""What servers have set for themselves, and forgetting a server that is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.guild import GuildSettings
from bot.store import chain, codec
from bot.store.models import Audit, Case, Chain, Delivery, Evidence, Exchange, Guild, Skip, Sticky, Vote

if TYPE_CHECKING:
    from bot.store.database import Database


class Guilds:
    """Settings of servers."""

    def __init__(self, database: Database) -> None:
        """Read through to `database`, remembering what was read last for as long as its version stands."""
        self._database = database

    async def settings(self, guild: str | None) -> GuildSettings:
        """A server's settings; the defaults where it has set none."""
        async with self._database.read() as connection:
            return await self.read(connection, guild or "")

    async def read(self, connection: AsyncConnection, guild: str) -> GuildSettings:
        """The same, inside a transaction."""
        text = (
            await connection.execute(select(Guild.settings).where(Guild.guild == guild))
        ).scalar_one_or_none()
        return codec.SETTINGS.validate_json(text) if text else GuildSettings()

    async def save(self, guild: str | None, settings: GuildSettings, actor: str) -> None:
        """Keep a server's settings and put the change into its audit."""
        now, guild_id = datetime.now(UTC), guild or ""
        text = codec.SETTINGS.dump_json(settings).decode()
        row = {"guild": guild_id, "settings": text, "version": 1, "updated_at": now}
        insert = self._database.insert(Guild)
        changed = {
            "settings": insert.excluded.settings,
            "updated_at": insert.excluded.updated_at,
            "version": Guild.version + 1,
        }
        async with self._database.write() as connection:
            await connection.execute(
                insert.on_conflict_do_update(index_elements=["guild"], set_=changed), row
            )
            await chain.append(connection, self._database, guild_id, actor, "configured", now)

    async def forget(self, guild: str) -> None:
        """Delete everything of a server that Spotter has left. Refuses "" (the terminal and direct messages)."""
        if not guild:
            raise ValueError("only a server can be forgotten")
        async with self._database.write() as connection:
            for table in (Guild, Exchange, Sticky, Case, Evidence, Audit, Chain, Delivery, Vote, Skip):
                await connection.execute(delete(table).where(table.guild == guild))
