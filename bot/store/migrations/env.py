"""Alembic's environment: runs on the connection that `bot.store.migrate` opened."""

from __future__ import annotations

from alembic import context

from bot.store.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, transactional_ddl=False
)
context.run_migrations()
