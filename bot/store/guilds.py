"""What servers have set for themselves, and forgetting a server that is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.guild import GuildSettings
from bot.store import chain, codec
from bot.store.digests import reschedule
from bot.store.models import (
    Audit,
    Case,
    Chain,
    DailyDigest,
    Delivery,
    Evidence,
    Exchange,
    Guild,
    Skip,
    Spending,
    Sticky,
    Vote,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.database import Database


KEPT = (Guild, Exchange, Sticky, Case, Evidence, Audit, Chain, Delivery, Vote, Skip, Spending, DailyDigest)
"""Every table with a server's rows."""


class Guilds:
    """Settings of servers."""

    def __init__(self, database: Database) -> None:
        """Read from and write to `database`."""
        self._database = database

    async def settings(self, guild: str | None) -> GuildSettings:
        """A server's settings; the defaults where it has set none."""
        return await self._database.read(lambda connection: self.read(connection, guild or ""))

    def read(self, connection: Connection, guild: str) -> GuildSettings:
        """The same, inside a transaction."""
        text = connection.execute(select(Guild.settings).where(Guild.guild == guild)).scalar_one_or_none()
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

        def work(connection: Connection) -> None:
            connection.execute(insert.on_conflict_do_update(index_elements=["guild"], set_=changed), row)
            chain.append(connection, self._database, guild_id, actor, "configured", now)
            reschedule(connection, guild_id, settings, now)

        await self._database.write(work)

    async def kept(self) -> set[str]:
        """Every server of which anything is kept."""

        def work(connection: Connection) -> set[str]:
            found = (connection.execute(select(table.guild).distinct()).scalars() for table in KEPT)
            return {guild for guilds in found for guild in guilds if guild}

        return await self._database.read(work)

    async def forget(self, guild: str) -> None:
        """Delete everything of a server that Spotter has left. Refuses "" (the terminal and direct messages)."""
        if not guild:
            raise ValueError("only a server can be forgotten")

        def work(connection: Connection) -> None:
            for table in KEPT:
                connection.execute(delete(table).where(table.guild == guild))

        await self._database.write(work)
