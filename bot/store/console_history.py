"""Cases written as they stand, past ones included: for the practice queue, whose history nobody decided, and for measuring with many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import codec, rows
from bot.store.models import Case as Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from bot.review import Case
    from bot.store.database import Database


async def write_history(
    database: Database, cases: Sequence[Case], *, keep: timedelta, channel: str | None = None
) -> None:
    """Insert `cases` as they are, without evidence and without an audit: only for a store that nobody works with yet."""
    values = [
        rows.values(case)
        | {
            "active": None if case.resolved_at else f"{case.person}:{case.conversation}",
            "card_version": case.version, "card_channel": None, "card_message": None,
            "expires_at": case.resolved_at + keep if case.resolved_at else None,
            "sealed": database.seal(codec.PLACE.dump_json(codec.Place("", channel)), "cases", case.guild, case.id),
        }
        for case in cases
    ]  # fmt: skip
    await database.write(lambda connection: connection.execute(database.insert(Row), values))
