"""When each server's daily digest is due, and which one went out last: remembered over restarts and over all processes.

A digest is claimed before it is sent, by moving the time at which it is due again in the one row of its server: of two processes one gets it,
and if that one dies it is due again when the claim runs out. `tried` then says that it may have gone out already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Date, literal, select, update

from bot.digest import next_due
from bot.store.models import DailyDigest as Row
from bot.store.models import Guild
from bot.store.times import TZDateTime

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.engine import Connection

    from bot.guild import GuildSettings
    from bot.store.database import Database
    from bot.store.guilds import Guilds

LEASE = timedelta(minutes=5)
"""How long a claim holds: longer than sending may take."""


@dataclass(frozen=True, slots=True)
class Due:
    """A server whose digest has to be looked at."""

    guild: str
    due_at: datetime
    day: date
    """The newest day that is dealt with: sent, or nothing to tell."""
    tried: date | None
    """The day whose digest somebody began to send and did not report back; None: no such day."""


class Digests:
    """The schedule."""

    def __init__(self, database: Database, guilds: Guilds) -> None:
        """Write to `database`; `guilds` knows the hours."""
        self._database = database
        self._guilds = guilds

    async def enrol(self, *, now: datetime | None = None) -> None:
        """Take in servers that set themselves up since, from their next digest on."""
        moment = now or datetime.now(UTC)
        today = literal(moment.astimezone(UTC).date(), Date())
        missing = select(Guild.guild).where(
            Guild.guild != "", ~select(Row.guild).where(Row.guild == Guild.guild).exists()
        )
        taken = missing.add_columns(today, literal(moment, TZDateTime()))
        fresh = self._database.insert(Row).from_select(["guild", "day", "due_at"], taken)
        if await self._database.read(lambda connection: connection.execute(missing.limit(1)).first()):
            await self._database.write(lambda connection: connection.execute(fresh.on_conflict_do_nothing()))

    async def due(self, *, now: datetime | None = None, limit: int = 100) -> list[Due]:
        """Servers whose time has come, longest due first."""
        columns = (Row.guild, Row.due_at, Row.day, Row.tried)
        query = select(*columns).where(Row.due_at <= (now or datetime.now(UTC)))
        found = await self._database.read(
            lambda connection: connection.execute(query.order_by(Row.due_at).limit(limit)).all()
        )
        return [Due(*row) for row in found]

    async def claim(self, due: Due, day: date, *, now: datetime | None = None) -> bool:
        """Take the sending of `day`'s digest; False where somebody else was faster."""
        until = (now or datetime.now(UTC)) + LEASE
        taken = update(Row).where(Row.guild == due.guild, Row.due_at == due.due_at, Row.day < day)
        change = taken.values(due_at=until, tried=day)
        return await self._database.write(lambda connection: connection.execute(change).rowcount) == 1

    async def settle(self, guild: str, day: date, *, now: datetime | None = None) -> None:
        """Note that every digest up to `day` is dealt with, and when the next is due."""
        moment = now or datetime.now(UTC)

        def work(connection: Connection) -> None:
            row = _locked(connection, guild)
            if row is None:  # the server was left meanwhile
                return
            settled = max(row.day, day)
            due = next_due(self._guilds.read(connection, guild).digest_hour, settled, moment)
            change = update(Row).where(Row.guild == guild).values(day=settled, tried=None, due_at=due)
            connection.execute(change)

        await self._database.write(work)

    async def put_off(self, guild: str, until: datetime, *, tried: date | None) -> None:
        """Try again later; `tried` the day whose digest may have gone out all the same, None where it surely did not."""
        change = update(Row).where(Row.guild == guild).values(due_at=until, tried=tried)
        await self._database.write(lambda connection: connection.execute(change))


def reschedule(connection: Connection, guild: str, settings: GuildSettings, now: datetime) -> None:
    """Move what is due to the hour that `settings` name, unless a digest is being sent this moment: settling it does the same."""
    row = _locked(connection, guild)
    if row is None or (row.tried is not None and row.due_at > now):
        return
    due = next_due(settings.digest_hour, row.day, now)
    connection.execute(update(Row).where(Row.guild == guild).values(due_at=due))


def _locked(connection: Connection, guild: str) -> Any:
    """A server's row, which nobody else changes until this transaction ends."""
    return connection.execute(
        select(Row.due_at, Row.day, Row.tried).where(Row.guild == guild).with_for_update()
    ).one_or_none()
