"""The connection to the database: SQLite or PostgreSQL, one transaction at a time, keys in hand.

What is done in a transaction is written as a plain function of a connection, the same for both databases. PostgreSQL runs it over asyncpg
(`AsyncConnection.run_sync`); SQLite runs it whole in one of its own threads, which costs one hop a transaction instead of three a statement:
recording an exchange was measured at 0.4 ms this way and at 1.4 ms over an asynchronous driver.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import create_engine, event, inspect, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.models import HEAD, Keystore
from bot.store.sealing import Keyring, Pepper

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

Result = TypeVar("Result")
CLOSING = 5.0
"""Seconds that transactions under way have to end when the database is closed."""
IDLE = 1.0
"""Seconds after which a connection is asked whether it still stands before it is used again."""
BUSY = 10.0
"""Seconds that SQLite waits for another process to let go of the file."""
QUEUEING = 10.0
"""Seconds that a transaction waits for a free connection at most."""


class StoreError(RuntimeError):
    """The database cannot be used. The message says what to do."""


class Database:
    """An open database. Make one with `Database.open`, close it with `close`."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        """Use `open` instead."""
        self.url = url
        self.keyring = keyring
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self._pepper: Pepper | None = None
        self._file: Engine | None = _sqlite(url) if self.sqlite else None
        self._server: AsyncEngine | None = None if self.sqlite else _postgresql(url)
        # a claim or a note of delivery survives the death of any process at once, that of the database's machine some tenths of a second
        # later: a recorded exchange waits for the disk, these need not
        self._single: AsyncEngine | None = None if self.sqlite else _postgresql(url, synchronous_commit="off")
        # SQLite has one writer at a time: one thread waits fairly, where two would sleep and try again
        self._writer = ThreadPoolExecutor(1, "spotter-store")
        self._writing: Connection | None = None
        self._readers = ThreadPoolExecutor(2, "spotter-read")
        self._running: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(cls, url: str, keys: Sequence[str], *, migrate: bool | None = None) -> Database:
        """Connect, bring the schema up to date, read the pepper.

        `migrate` None: a SQLite file is migrated by itself, a PostgreSQL database by `spotter migrate` only. Raises `StoreError`.
        """
        database = cls(url, Keyring(keys))
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
        """Let go of every connection and thread."""
        if self._server is not None:
            if self._running:
                await asyncio.wait(self._running, timeout=CLOSING)
            await self._server.dispose()
        if self._single is not None:
            await self._single.dispose()
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._let_go()
        if self._file is not None:
            self._file.dispose()

    @property
    def pepper(self) -> Pepper:
        """Keyed hashes of this installation."""
        if self._pepper is None:
            raise StoreError("the database is not open")
        return self._pepper

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` reads, outside of any transaction that writes."""
        if self._single is not None:
            return await self._finished(self._one_by_one(self._single, work))
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read_file, work)

    async def at_once(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns, each of its statements standing by itself: for one statement, or for one and what is read after it.

        PostgreSQL is spared two journeys, for the beginning and the end of a transaction, and does not wait for the disk.
        """
        return await (self.read(work) if self._single is not None else self.write(work))

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns, done in one transaction: committed at the end, rolled back on any error."""
        if self._server is not None:
            return await self._finished(self._writing_to(self._server, work))
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write_file, work)

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
        return await self.read(_version)

    @property
    def server(self) -> AsyncEngine | None:
        """PostgreSQL's engine, for what only a server has (advisory locks); None on SQLite."""
        return self._server

    async def _finished(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """What a transaction returns. It is brought to its end even where nobody waits for it any more.

        One given up half-way costs its connection, and making a new one costs more than the transaction: a server that is slow for a
        moment would be kept slow by everybody's impatience.
        """
        task = asyncio.ensure_future(doing)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Forget a transaction; an error that nobody waits for is no news, as whoever gave up has told of it."""
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    @staticmethod
    async def _one_by_one(server: AsyncEngine, work: Callable[[Connection], Result]) -> Result:
        """Statements that each stand by themselves."""
        async with server.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            return await connection.run_sync(work)

    @staticmethod
    async def _writing_to(server: AsyncEngine, work: Callable[[Connection], Result]) -> Result:
        """One transaction on the server."""
        async with server.begin() as connection:
            return await connection.run_sync(work)

    def _read_file(self, work: Callable[[Connection], Result]) -> Result:
        """Read from the SQLite file, in a reader's thread."""
        assert self._file is not None
        with self._file.connect() as connection:
            return work(connection)

    def _write_file(self, work: Callable[[Connection], Result]) -> Result:
        """One transaction on the SQLite file, in the writer's thread."""
        connection, done = self._held(), False
        try:
            # a transaction that reads first and then writes must own the file from its beginning
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            result = work(connection)
            connection.commit()
            done = True
        finally:
            if not done:
                self._let_go()
        return result

    def _held(self) -> Connection:
        """The writer's connection, kept open between transactions: opening one costs as much as a statement."""
        assert self._file is not None
        if self._writing is None:
            self._writing = self._file.connect()
        return self._writing

    def _let_go(self) -> None:
        """Close the writer's connection, which rolls back what stands open; the next transaction makes a fresh one."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    async def _prepare(self, *, migrate: bool) -> None:
        """Check or bring up to date the schema, then take the pepper."""
        version = await self.version()
        if version != HEAD:
            if not migrate:
                raise StoreError(
                    f"the database is at schema {version or 'none'}, this release needs {HEAD}: run `spotter migrate`"
                )
            from bot.store.migrate import upgrade

            await upgrade(self)
        self._pepper = Pepper(await self._taken_pepper())

    async def _taken_pepper(self) -> bytes:
        """The pepper's key, made the first time; of two processes that start at once the first wins."""
        query = select(Keystore.sealed).where(Keystore.name == "pepper")
        sealed = await self.read(lambda connection: connection.execute(query).scalar_one_or_none())
        if sealed is None:
            fresh = self.seal(os.urandom(32), "keystore", "pepper")

            def make(connection: Connection) -> bytes:
                connection.execute(
                    self.insert(Keystore).values(name="pepper", sealed=fresh).on_conflict_do_nothing()
                )
                return connection.execute(query).scalar_one()

            sealed = await self.write(make)
        try:
            return self.unseal(sealed, "keystore", "pepper")
        except ValueError as error:
            raise StoreError(
                f"the database was written with another key ({error}): set SPOTTER_SECRET_KEY to that key, or to both"
            ) from error


def _version(connection: Connection) -> str | None:
    """The schema's revision as Alembic keeps it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def _postgresql(url: str, **server: str) -> AsyncEngine:
    """PostgreSQL, with settings of the server's. Parameters never appear in errors or logs: they are what people wrote."""
    made = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=QUEUEING,
        pool_use_lifo=True,
        connect_args={"server_settings": server},
    )
    dialect = made.sync_engine.dialect

    @event.listens_for(made.sync_engine, "checkin")
    def _used(_connection: Any, record: Any) -> None:
        """Note when a connection was last of use."""
        record.info["used"] = time.monotonic()

    @event.listens_for(made.sync_engine, "checkout")
    def _looked_at(connection: Any, record: Any, _proxy: Any) -> None:
        """Ask a connection that has been idle whether it still stands; asking one in use costs three journeys each time."""
        if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE:
            return
        try:
            dialect.do_ping(connection)
        except (dialect.loaded_dbapi.Error, OSError) as error:
            raise DisconnectionError from error

    return made


def _sqlite(url: str) -> Engine:
    """A SQLite file."""
    engine = create_engine(
        make_url(url).set(drivername="sqlite"),
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        """WAL with NORMAL: a commit does not wait for the disk, a crash of the process loses nothing, the file is never torn."""
        connection.isolation_level = None  # transactions begin where we say, in `_write_file`
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY * 1000:.0f}")
        _write_ahead(cursor)
        for pragma in ("synchronous=NORMAL", "temp_store=MEMORY", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn the write-ahead log on. SQLite does not wait for a busy file here as it does elsewhere: processes that start at once would fail."""
    end = time.monotonic() + BUSY
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
