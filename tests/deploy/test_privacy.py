"""`PRIVACY.md` tells the figures by which the code deletes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from where import DEPLOY, ROOT

from bot.config import Settings
from bot.store.exchanges import CONTEXT
from bot.web.sessions import ABSOLUTE, IDLE
from safety.types import STICKY

POLICY = (ROOT / "PRIVACY.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in POLICY.splitlines() if line.startswith("|")]  # fmt: skip


def default(name: str) -> float:
    return Settings.model_fields[name].default


def row(begins: str) -> list[str]:
    found = [cells for cells in ROWS if cells[0].startswith(begins)]
    assert len(found) == 1, begins
    return found[0]


@pytest.mark.parametrize(
    ("what", "setting"),
    [
        ("Questions and answers", "keep_exchanges_days"),
        ("A review", "keep_cases_days"),
        ('"Helpful"', "keep_audit_days"),
        ("The moderators' audit trail", "keep_audit_days"),
    ],
)
def test_the_days_told_are_the_days_set(what, setting):
    assert row(what)[1].split(" ")[0] == f"{default(setting):g}"


def test_the_safety_layers_memory_is_told_as_it_is():
    memory = row("What the safety layer remembers")
    assert f"{STICKY / timedelta(hours=1):g} hours" in memory[0]
    assert f"{max(STICKY, timedelta(days=default('keep_exchanges_days'))).days} days" in memory[1]


def test_replies_under_way_are_told_as_they_are():
    assert re.findall(r"\d+", row("Where a reply has to go")[1]) == [
        "2",
        f"{default('keep_exchanges_days'):g}",
    ]


def test_a_moderators_session_is_told_as_it_is():
    figures = [IDLE / timedelta(minutes=1), ABSOLUTE / timedelta(hours=1)]
    assert [float(number) for number in re.findall(r"\d+", row("A moderator's session")[1])] == figures


def test_the_surroundings_of_a_flagged_exchange_are_told_as_they_are():
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    assert f"up to {words[CONTEXT]} exchanges" in row("A review")[0]


def test_backups_are_kept_as_long_as_told():
    told = re.search(r"keeps backups for (\d+) days", POLICY)
    kept = re.search(r"SPOTTER_BACKUP_DAYS:-(\d+)", (DEPLOY / "backup.sh").read_text("utf-8"))
    assert told is not None
    assert kept is not None
    assert told.group(1) == kept.group(1)


async def test_what_is_due_goes_at_the_time_told_and_not_before(tmp_path):
    """The promise itself: an exchange is there a minute before its time and gone a minute after."""
    from datetime import UTC, datetime

    from sqlalchemy import func, select

    from bot.app import open_store
    from bot.config import load
    from bot.store.models import Exchange as Row
    from bot.types import Draft, Exchange
    from safety.guard import guard
    from safety.types import Assessment, State
    from tests.fakes import question

    settings = load(data_dir=tmp_path, database_url="")
    store = await open_store(settings)
    at = datetime.now(UTC)
    asked = question("how deep should I squat?", at=at)
    assessment = Assessment()
    made = Exchange("e1", asked, assessment, Draft("Brace."), guard(asked.text, "Brace.", assessment), (), True, False, None, (), at)  # fmt: skip
    await store.exchanges.record(made, State(), await store.exchanges.begin(asked))

    async def left(after: timedelta) -> int:
        await store.purge(at + after)
        return await store.database.read(lambda connection: connection.execute(select(func.count()).select_from(Row)).scalar_one())  # fmt: skip

    try:
        days, minute = timedelta(days=default("keep_exchanges_days")), timedelta(minutes=1)
        assert [await left(days - minute), await left(days + minute)] == [1, 0]
    finally:
        await store.close()
