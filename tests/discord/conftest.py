"""The real process, started as anybody would, against the double on loopback."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent))

from double import TOKEN, Double

ROOT = Path(__file__).parents[2]


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SPOTTER_")}
    return (
        kept
        | {
            "SPOTTER_DATA_DIR": str(data),
            "SPOTTER_DISCORD_TOKEN": TOKEN,
            "SPOTTER_LOG_FORMAT": "json",
            "OMP_NUM_THREADS": "1",
        }
        | more
    )


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> Path:
    """A data folder with the packaged model and the index, made once."""
    data = tmp_path_factory.mktemp("filled")
    subprocess.run(
        [sys.executable, "-m", "bot", "index"],
        cwd=ROOT,
        env=environment(data),
        check=True,
        capture_output=True,
        timeout=280,
    )
    return data


class Process:
    """A running `spotter run`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self.log = log

    @property
    def logged(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    async def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), 30)


@asynccontextmanager
async def started(data: Path, double: Double, **more: str):
    """`spotter run`, ready."""
    log = data / f"run-{os.urandom(3).hex()}.log"
    double.ready.clear()
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, stdout=out, stderr=out,
            env=environment(data, SPOTTER_DISCORD_API_URL=double.url, **more),
        )  # fmt: skip
    running = Process(process, log)
    try:
        waiting, ended = asyncio.create_task(double.ready.wait()), asyncio.create_task(process.wait())
        await asyncio.wait((waiting, ended), timeout=60, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        ended.cancel()
        assert process.returncode is None, running.logged[-3000:]
        assert double.ready.is_set(), running.logged[-3000:]
        await asyncio.sleep(0.3)
        yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
def data(filled, tmp_path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(filled, copy)
    return copy


@pytest_asyncio.fixture
async def double():
    async with Double() as made:
        yield made


@pytest_asyncio.fixture
async def bot(data, double):
    async with started(data, double) as running:
        yield running
        assert double.violations == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def _shared(filled, tmp_path_factory):
    copy = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(filled, copy)
    async with Double() as double, started(copy, double):
        yield double


@pytest_asyncio.fixture(loop_scope="module")
async def shared(_shared):
    """A double with a process that several tests use one after the other."""
    yield _shared
    _shared.faults.clear()
    assert _shared.violations == []
