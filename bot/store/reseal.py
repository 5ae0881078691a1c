"""Rotation of the secret key: everything sealed under an old key is sealed anew under the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_, update

from bot.store.models import Case, Delivery, Evidence, Exchange, Keystore, Session, Sticky

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from bot.store.database import Database

PLACES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Keystore, ("name",)),
    (Exchange, ("guild", "id")),
    (Sticky, ("guild", "person", "conversation")),
    (Case, ("guild", "id")),
    (Evidence, ("guild", "id")),
    (Delivery, ("guild", "question")),
    (Session, ("id",)),
)
"""Each table with sealed values, and the columns that name a value's place."""


async def reseal(database: Database, *, batch: int = 200) -> int:
    """Seal everything under the first key; returns how many values were changed. May run beside a working bot and be run again."""
    changed = 0
    for model, names in PLACES:
        after: Sequence[str] = ()
        while True:
            count, after = await _batch(database, model, names, after, batch)
            changed += count
            if not after:
                break
    return changed


async def _batch(
    database: Database, model: Any, names: tuple[str, ...], after: Sequence[str], batch: int
) -> tuple[int, Sequence[str]]:
    """One batch of a table in the order of its key; returns (values changed, where the next batch begins)."""
    table = model.__table__
    columns = [table.c[name] for name in names]
    query = select(*columns, table.c.sealed).order_by(*columns).limit(batch)
    if after:
        query = query.where(tuple_(*columns) > tuple_(*after))

    def work(connection: Connection) -> tuple[int, Sequence[str]]:
        count, found = 0, connection.execute(query).all()
        for row in found:
            key, sealed = tuple(row[:-1]), row[-1]
            if not sealed or database.keyring.current(sealed):
                continue
            place = (table.name, *key)
            fresh = database.seal(database.unseal(sealed, *place), *place)
            where = [column == value for column, value in zip(columns, key, strict=True)]
            count += int(
                connection.execute(
                    update(table).where(*where, table.c.sealed == sealed).values(sealed=fresh)
                ).rowcount
            )
        return count, tuple(found[-1][:-1]) if len(found) == batch else ()

    return await database.write(work)
