"""The soak: two bots and a console on PostgreSQL and a Chroma server, questions at an even rate, and everything dying once."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.guild import GuildSettings
from bot.store.deliveries import OPEN
from bot.store.models import Delivery
from bot.store.store import Store
from deploy.load.double import Discord
from deploy.load.figures import Memory, Times
from deploy.load.machines import KEY, Chroma, Postgres, Spotter, answers, free_port, migrated, prepared
from deploy.load.texts import Texts
from deploy.load.verdict import Finding, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FLAT = 1.05
"""Memory at the end over memory at half time, at most."""
SHARDS = 4
"""Shards in all, two for each bot."""
LEASE = 120
"""Seconds after which a dead process's questions are taken over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much, how fast, and what goes wrong."""

    questions: int = 10_000
    people: int = 500
    guilds: int = 50
    rate: float = 45.0
    """Questions a second."""
    faults: tuple[str, ...] = ("bot-0", "bot-1", "console", "database", "chroma")
    """What is killed or restarted, one after the other, during the first half."""
    hasten: bool = False
    """End a dead process's leases at once, instead of after two minutes."""
    max_concurrency: int = 1
    """Shards that may identify at once."""


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    findings: list[Finding]
    whole: Times
    calm: Times
    """The second half, in which nothing goes wrong."""
    memory: dict[str, tuple[float, float]]
    away: dict[str, float]
    """Fault -> seconds until everything was there again."""
    ready: float
    """Seconds from starting both bots to both being ready."""
    unheard: int
    refused: int
    cores: float
    """Processor seconds a second that both bots used in the second half."""
    notes: list[str] = field(default_factory=list)


class Soak:
    """One run. Its files stay in the folder given."""

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        *,
        filled: Path | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """`filled` is a data folder with the model in it, to spare its export."""
        self.plan, self.folder, self._filled = plan, folder, filled
        self._tell = tell or (lambda line: sys.stdout.write(f"{line}\n") and None)
        self.away: dict[str, float] = {}

    async def run(self) -> Outcome:
        """Everything from setting up to the verdict. Raises `bot...machines.Missing` where a server is not installed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            await self._set_up(stack)
            ready = await self._start()
            sampling = asyncio.create_task(self.memory.watch())
            half, ended, used = await self._load()
            notes = await self._settle()
            sampling.cancel()
            outcome = Outcome(
                await verdict(self.discord.crowd, self.store), Times.of(self.discord.crowd.asked),
                Times.of([one for one in self.discord.crowd.asked if one.began >= half]), self.memory.growth(half, ended), self.away, ready,
                sum(one.unheard for one in self.discord.crowd.asked), self.discord.rest.refused, used / (ended - half), notes,
            )  # fmt: skip
            outcome.findings += await self._ended(outcome)
            return outcome

    async def _set_up(self, stack: AsyncExitStack) -> None:
        """Servers, schema, index, settings."""
        self.postgres, self.chroma = await asyncio.to_thread(Postgres), Chroma(self.folder / "chroma")
        stack.callback(self.postgres.close)
        stack.callback(self.chroma.close)
        await self.chroma.up()
        filled = self.folder / "filled"
        if self._filled is not None:
            shutil.copytree(self._filled / "models", filled / "models", dirs_exist_ok=True)
        await asyncio.gather(
            asyncio.to_thread(prepared, filled, chroma_url=self.chroma.url),
            asyncio.to_thread(migrated, self.postgres.url, self.folder / "migration"),
        )
        plan = self.plan
        self.discord = await stack.enter_async_context(
            Discord(
                guilds=plan.guilds, people=plan.people, shards=SHARDS, max_concurrency=plan.max_concurrency
            )
        )
        stack.push_async_callback(self.discord.crowd.close)
        self.store = await Store.open(
            self.postgres.url.replace("postgresql://", "postgresql+asyncpg://", 1), [KEY], migrate=False
        )
        stack.push_async_callback(self.store.close)
        for guild in self.discord.world.guilds:
            await self.store.guilds.save(
                str(guild), GuildSettings(review_channel=str(guild + 2), greeted=True), "spotter"
            )
        self.machines = {one.name: one for one in self._processes(filled)}
        stack.callback(lambda: [one.kill() for one in self.machines.values()])
        self.bots = [self.machines["bot-0"], self.machines["bot-1"]]
        self.memory = Memory(list(self.machines.values()))

    def _processes(self, filled: Path) -> list[Spotter]:
        """Two bots with two shards each, and the console."""
        shared = {
            "database_url": self.postgres.url,
            "chroma_url": self.chroma.url,
            "discord_api_url": self.discord.url,
        }
        made = []
        for number in range(2):
            port, data = free_port(), self.folder / f"data-{number}"
            shutil.copytree(filled, data, ignore=shutil.ignore_patterns("index"))
            own = {
                "data_dir": data,
                "metrics_port": port,
                "shard_count": SHARDS,
                "shard_ids": f"{2 * number}-{2 * number + 1}",
            }
            made.append(
                Spotter(
                    f"bot-{number}",
                    "run",
                    port,
                    "/readyz",
                    self.folder / f"bot-{number}.log",
                    **shared,
                    **own,
                )
            )
        port = free_port()
        own = {"data_dir": self.folder / "data-web", "web_port": port, "web_public_url": f"http://127.0.0.1:{port}", "web_client_id": "1", "web_client_secret": "2"}  # fmt: skip
        made.append(Spotter("console", "web", port, "/healthz", self.folder / "console.log", **shared, **own))
        return made

    async def _start(self) -> float:
        """Start everything; returns the seconds until both bots were ready."""
        began = time.monotonic()
        for machine in self.machines.values():
            machine.start()
        await asyncio.gather(*(machine.up() for machine in self.machines.values()))
        return time.monotonic() - began

    async def _load(self) -> tuple[float, float, float]:
        """Ask everything; returns (when the second half began, when it ended, processor seconds the bots used in it)."""
        plan, texts, crowd = self.plan, Texts(), self.discord.crowd
        breaking = asyncio.create_task(self._break())
        began = time.monotonic()
        half, used = began, 0.0
        asking: set[asyncio.Task[object]] = set()
        for number in range(plan.questions):
            due = began + number / plan.rate
            if number == plan.questions // 2:
                await breaking  # the second half begins when everything is there again
                half = time.monotonic()
                used = sum(bot.cpu() for bot in self.bots)
                began = half - number / plan.rate
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(crowd.ask(texts))
            asking.add(task)  # type: ignore[arg-type]
            task.add_done_callback(asking.discard)  # type: ignore[arg-type]
            if number % 1000 == 999:
                self._tell(
                    f"{number + 1} asked, {len(crowd.open)} open, "
                    + ", ".join(f"{one.name} {one.memory():.0f} MB" for one in self.bots)
                )
        await self._until(lambda: not [one for one in crowd.open if one.began >= half], 30)
        ended = time.monotonic()
        return half, ended, sum(bot.cpu() for bot in self.bots) - used

    async def _break(self) -> None:
        """One thing after the other, spread over the first half."""
        plan, crowd = self.plan, self.discord.crowd
        for number, fault in enumerate(plan.faults, 1):
            due = plan.questions // 2 * number // (len(plan.faults) + 1)
            await self._until(partial(lambda due: len(crowd.asked) >= due, due), 3600)
            began = time.monotonic()
            await self._fault(fault)
            self.away[fault] = time.monotonic() - began
            self._tell(f"{fault}: away for {self.away[fault]:.1f} s, {len(crowd.open)} questions open")

    async def _fault(self, fault: str) -> None:
        """Kill or restart one thing, and wait until everything is there again."""
        if fault == "database":
            await asyncio.to_thread(self.postgres.restart)
        elif fault == "chroma":
            await asyncio.to_thread(self.chroma.restart)
            await self.chroma.up()
        else:
            self.machines[fault].kill()
            await asyncio.sleep(1)  # as a supervisor takes
            if self.plan.hasten and fault in ("bot-0", "bot-1"):
                await self._hasten(int(fault[-1]))
            self.machines[fault].start()
        await asyncio.gather(*(machine.up() for machine in self.machines.values()))

    async def _hasten(self, bot: int) -> None:
        """End the leases of a dead bot's questions."""
        guilds = [str(guild) for guild in self.discord.world.guilds if (guild >> 22) % SHARDS // 2 == bot]
        past = datetime.now(UTC) - timedelta(seconds=1)
        change = update(Delivery).where(Delivery.status.in_(OPEN), Delivery.guild.in_(guilds))
        await self.store.database.write(
            lambda connection: connection.execute(change.values(lease_until=past))
        )

    async def _settle(self) -> list[str]:
        """Wait until nothing is open and nothing waits to be recorded."""
        crowd = self.discord.crowd
        await self._until(lambda: not crowd.open, 30 if self.plan.hasten else LEASE + 45)
        for bot in self.bots:
            await self._until(partial(_recorded, bot.port), 60)
        return [f"open: {one.way} {one.event}" for one in crowd.open[:5]]

    async def _ended(self, outcome: Outcome) -> list[Finding]:
        """What must hold of the figures, of the Discord on loopback, and of the end."""
        grown = {name: last / first for name, (first, last) in outcome.memory.items() if first}
        violations = self.discord.gateway.violations + self.discord.rest.unknown
        healthy = answers(f"http://127.0.0.1:{self.machines['console'].port}/healthz")
        statuses = [await machine.stop() for machine in self.machines.values()]
        memory = ", ".join(
            f"{name} {first:.0f} to {last:.0f} MB" for name, (first, last) in outcome.memory.items()
        )
        return [
            Finding("memory flat", all(ratio <= FLAT for ratio in grown.values()), memory),
            Finding("Discord's rules kept", not violations, str(violations[:3])),
            Finding(
                "everything ends in good order", healthy and set(statuses) == {0}, f"statuses {statuses}"
            ),
            Finding("no words in the logs", not (leaks := self._leaks()), f"{leaks}"),
        ]

    def _leaks(self) -> list[str]:
        """Questions of which a part stands in a log."""
        logged = "".join(one.log.read_text("utf-8", errors="replace") for one in self.machines.values())
        return [
            one.text[:30]
            for one in self.discord.crowd.asked[:2000]
            if len(one.text) > 30 and one.text[:30] in logged
        ][:3]

    async def _until(self, test: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds, or the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not await asyncio.to_thread(test):  # noqa: ASYNC110 - what is waited for is in other processes
                    await asyncio.sleep(0.05)


def _recorded(port: int) -> bool:
    """Whether nothing waits in a process to be recorded."""
    return "spotter_unrecorded_waiting 0.0" in _page(port)


def _page(port: int) -> str:
    """A process's metrics."""
    import urllib.request

    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=8) as answer:
        return str(answer.read().decode())
    return ""
