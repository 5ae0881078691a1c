"""The store with a year's worth of a big server in it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from bot.ids import new_id
from bot.review import Case as ReviewCase
from bot.store import rows
from bot.store.models import Case
from bot.store.queue import Filter
from bot.store.store import Store
from safety.types import Tier
from tests.bot.store.conftest import KEY, keep
from tests.clock import best_of

CASES = 100_000


@pytest.mark.slow
@pytest.mark.parametrize("waiting", [200, CASES])
async def test_the_queue_is_read_in_200_ms_with_100_000_cases(tmp_path, waiting):
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 's.db'}", [KEY])
    now = datetime.now(UTC)
    values = [_row(number, now, resolved=number >= waiting) for number in range(CASES)]
    await store.database.write(lambda connection: connection.execute(store.database.insert(Case), values))
    took: dict[str, float] = {}
    for tab in ("open", "resolved", "reports"):
        assert len(await store.queue.cases("100", Filter(tab=tab), now=now)) <= 50
        took[tab] = await best_of(lambda tab=tab: store.queue.cases("100", Filter(tab=tab), now=now))
    assert (await store.queue.counts("100", now=now)).open == waiting
    took["counts"] = await best_of(lambda: store.queue.counts("100", now=now))
    await store.close()
    print({tab: f"{seconds * 1000:.0f} ms" for tab, seconds in took.items()})
    # twice what is promised: this finds a query that reads every row, not a neighbour who keeps the machine busy
    assert {tab: seconds for tab, seconds in took.items() if seconds > 0.4} == {}


@pytest.mark.slow
async def test_recording_an_exchange_takes_about_a_millisecond(tmp_path):
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 's.db'}", [KEY])
    took = []
    for number in range(200):
        began = time.perf_counter()
        await keep(
            store, "how deep should I squat?", person=f"p{number % 20}", conversation=f"c{number % 20}"
        )
        took.append(time.perf_counter() - began)
    await store.close()
    # begun, guarded and recorded; measured at 1 ms on an idle core, the bound leaves room for a busy machine
    assert median(took) < 0.01


def _row(number: int, now: datetime, *, resolved: bool):
    opened = now - timedelta(minutes=number % 10_000)
    case = ReviewCase(
        id=new_id(), guild="100", reason="report" if number % 7 == 0 else "tier", tier=Tier(1 + number % 4), opened_at=opened,
        due_at=opened + timedelta(hours=24), person=f"p{number}", conversation=f"c{number}", rules=("R2", "K2"),
    )  # fmt: skip
    done = (
        {"status": "resolved", "outcome": "correct", "resolved_at": opened, "active": None}
        if resolved
        else {"active": f"a{number}"}
    )
    return (
        rows.values(case)
        | {"sealed": b"", "card_version": 1, "card_channel": None, "card_message": None, "expires_at": None}
        | done
    )
