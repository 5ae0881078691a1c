"""The connection to the database: SQLite or PostgreSQL, one transaction at a time, keys in hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.models import HEAD, Keystore
from bot.store.sealing import Keyring, Pepper


class StoreError(RuntimeError):
    """The database cannot be used. The message says what to do."""


class Database:
    """An open database. Make one with `Database.open`, close it with `close`."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring) -> None:
        """Use `open` instead."""
        self.engine = engine
        self.keyring = keyring
        self.sqlite = engine.dialect.name == "sqlite"
        self._pepper: Pepper | None = None
        # SQLite has one writer: waiting here is fair and at once, waiting in the library is a sleep
        self._writer = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, keys: Sequence[str], *, migrate: bool | None = None) -> Database:
        """Connect, bring the schema up to date, read the pepper.

        `migrate` None: a SQLite file is migrated by itself, a PostgreSQL database by `spotter migrate` only. Raises `StoreError`.
        """
        database = cls(_engine(url), Keyring(keys))
        try:
            await database._prepare(migrate=database.sqlite if migrate is None else migrate)
        except StoreError:
            await database.close()
            raise
        except (OSError, DBAPIError) as error:
            await database.close()
            where = make_url(url).render_as_string(hide_password=True)
            raise StoreError(
                f"cannot open the database {where} ({type(error).__name__}): check SPOTTER_DATABASE_URL"
            ) from error
        return database

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()

    @property
    def pepper(self) -> Pepper:
        """Keyed hashes of this installation."""
        if self._pepper is None:
            raise StoreError("the database is not open")
        return self._pepper

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back on any error."""
        if not self.sqlite:
            async with self.engine.begin() as connection:
                yield connection
            return
        async with self._writer, self.engine.connect() as connection:
            # a transaction that reads first and then writes must own the file from its beginning
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            await connection.commit()

    def insert(self, table: Any) -> Any:
        """An INSERT that knows ON CONFLICT, which both databases spell alike."""
        return sqlite_insert(table) if self.sqlite else postgresql_insert(table)

    def seal(self, words: str | bytes, *place: str) -> bytes:
        """Encrypt `words` for a place such as ("exchanges", guild, id)."""
        return self.keyring.seal(words, ":".join(place))

    def unseal(self, sealed: bytes, *place: str) -> bytes:
        """Decrypt. Raises `bot.store.sealing.Unreadable`."""
        return self.keyring.open(sealed, ":".join(place))

    async def version(self) -> str | None:
        """The schema's revision; None for an empty database."""
        try:
            async with self.read() as connection:
                found: str | None = (
                    await connection.execute(text("SELECT version_num FROM alembic_version"))
                ).scalar_one_or_none()
        except (OperationalError, ProgrammingError) as error:
            if isinstance(error.orig, OSError) or "unable to open" in str(error.orig):
                raise
            return None
        return found

    async def _prepare(self, *, migrate: bool) -> None:
        """Check or bring up to date the schema, then take the pepper."""
        version = await self.version()
        if version != HEAD:
            if not migrate:
                raise StoreError(
                    f"the database is at schema {version or 'none'}, this release needs {HEAD}: run `spotter migrate`"
                )
            from bot.store.migrate import upgrade

            await upgrade(self.engine)
        self._pepper = Pepper(await self._taken_pepper())

    async def _taken_pepper(self) -> bytes:
        """The pepper's key, made the first time; of two processes that start at once the first wins."""
        query = select(Keystore.sealed).where(Keystore.name == "pepper")
        async with self.read() as connection:
            sealed = (await connection.execute(query)).scalar_one_or_none()
        if sealed is None:
            fresh = self.seal(os.urandom(32), "keystore", "pepper")
            async with self.write() as connection:
                await connection.execute(
                    self.insert(Keystore).values(name="pepper", sealed=fresh).on_conflict_do_nothing()
                )
                sealed = (await connection.execute(query)).scalar_one()
        try:
            return self.unseal(sealed, "keystore", "pepper")
        except ValueError as error:
            raise StoreError(
                f"the database was written with another key ({error}): set SPOTTER_SECRET_KEY to the old key, or both"
            ) from error


def _engine(url: str) -> AsyncEngine:
    """The engine for a URL. Parameters never appear in errors or logs: they are what people wrote."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_async_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=8, max_overflow=8)
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": 10})

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        """WAL with NORMAL: a commit does not wait for the disk, a crash of the process loses nothing, the file is never torn."""
        connection.isolation_level = None  # transactions begin where we say, in `write`
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "busy_timeout=10000",
            "temp_store=MEMORY",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
