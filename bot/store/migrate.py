"""Bring the schema up to date with Alembic. The migrations are part of the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK = 0x53504F54
"""Advisory lock under which PostgreSQL is migrated: two processes that start at once take turns."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, pointing into the package."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Migrate up to `revision`, in one transaction."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade, revision)
        await connection.commit()


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Migrate down to `revision` (for a rollback of a release)."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.run_sync(_downgrade, revision)
        await connection.commit()


def _upgrade(connection: Connection, revision: str) -> None:
    """Alembic's own upgrade, on an open connection."""
    from alembic import command

    command.upgrade(config(connection), revision)


def _downgrade(connection: Connection, revision: str) -> None:
    """Alembic's own downgrade, on an open connection."""
    from alembic import command

    command.downgrade(config(connection), revision)
