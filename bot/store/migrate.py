"""Bring the schema up to date with Alembic. The migrations are part of the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

    from bot.store.database import Database

_LOCK = 0x53504F54
"""Advisory lock under which PostgreSQL is migrated: two processes that start at once take turns."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, pointing into the package."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings


async def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up to `revision`, in one transaction."""

    def work(connection: Connection) -> None:
        from alembic import command

        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(config(connection), revision)

    await database.write(work)


async def downgrade(database: Database, revision: str) -> None:
    """Migrate down to `revision` (for a rollback of a release), in one transaction."""

    def work(connection: Connection) -> None:
        from alembic import command

        command.downgrade(config(connection), revision)

    await database.write(work)
