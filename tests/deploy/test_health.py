"""`/healthz`, `/readyz` and `/metrics` tell what is so at the moment they are asked."""

from __future__ import annotations

import asyncio
import io
import json
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
import structlog

from bot import logs
from bot.health import Health
from bot.store.queue import Overview


class Parts:
    """An app and a client whose parts can be taken away."""

    def __init__(self) -> None:
        self.indexed, self.stored, self.closed, self.received = True, True, False, True
        self.settings = SimpleNamespace(store_seconds=0.3)
        self.index = SimpleNamespace(snapshot=lambda: object() if self.indexed else None)
        self.store = SimpleNamespace(ping=self._ping, queue=SimpleNamespace(overview=self._overview))
        self.shards = {0: SimpleNamespace(is_closed=lambda: self.closed, latency=0.04)}
        self.shard_ids = [0]

    def is_ready(self) -> bool:
        return self.received

    async def _ping(self) -> None:
        if not self.stored:
            raise ConnectionError("my foot is numb")

    async def _overview(self) -> Overview:
        return Overview({4: 3}, 90.0, 1)


@pytest.fixture
def parts():
    return Parts()


@pytest.fixture
def health():
    made = Health(patience=0.5)
    yield made
    made.close()


@pytest.fixture
def ask(health):
    port = health.serve("127.0.0.1", 0)

    def _ask(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return lambda path: asyncio.to_thread(_ask, path)


async def test_a_process_that_starts_is_alive_and_not_ready(ask):
    assert (await ask("/healthz"))[0] == 200
    assert (await ask("/readyz"))[0] == 503


async def test_a_process_with_everything_is_ready_and_one_that_stops_is_not(ask, health, parts):
    health.watch(parts, parts)
    assert await ask("/readyz") == (200, '{"index": true, "store": true, "gateway": true}\n')
    health.forget()
    assert [(await ask(path))[0] for path in ("/readyz", "/healthz")] == [503, 200]


@pytest.mark.parametrize(
    ("away", "value", "part"),
    [
        ("indexed", False, "index"),
        ("stored", False, "store"),
        ("closed", True, "gateway"),
        ("received", False, "gateway"),
    ],
)
async def test_whatever_is_missing_is_named_and_comes_back(ask, health, parts, away, value, part):
    health.watch(parts, parts)
    setattr(parts, away, value)
    status, body = await ask("/readyz")
    assert (status, [name for name, there in json.loads(body).items() if not there]) == (503, [part])
    assert (await ask("/healthz"))[0] == 200  # nothing that a restart would mend
    setattr(parts, away, not value)
    assert (await ask("/readyz"))[0] == 200


async def test_a_store_that_hangs_is_not_ready(ask, health, parts):
    async def hangs() -> None:
        await asyncio.sleep(60)

    parts.store.ping = hangs
    health.watch(parts, parts)
    assert json.loads((await ask("/readyz"))[1]) == {"index": True, "store": False, "gateway": True}


async def test_an_event_loop_that_hangs_is_not_alive(ask, health, parts):
    health.watch(parts, parts)
    asking = asyncio.create_task(ask("/healthz"))
    await asyncio.sleep(0.05)
    answered = asyncio.create_task(ask("/healthz"))
    await asyncio.sleep(0)
    time.sleep(1.2)  # noqa: ASYNC251 - this is the fault
    assert (await asking)[0] in (200, 503)
    assert (await answered)[0] == 503


async def test_metrics_show_the_queue_and_the_shards_as_they_are(ask, health, parts):
    health.watch(parts, parts)
    _, figures = await ask("/metrics")
    for line in (
        'spotter_cases_waiting{tier="EMERGENCY"} 3.0',
        "spotter_queue_age_seconds 90.0",
        "spotter_cases_overdue 1.0",
        'spotter_ready{part="gateway"} 1.0',
        'spotter_shards{state="connected"} 1.0',
        "spotter_gateway_latency_seconds 0.04",
    ):
        assert line in figures
    parts.closed = True
    assert 'spotter_shards{state="away"} 1.0' in (await ask("/metrics"))[1]


async def test_a_failing_part_leaves_no_words_in_the_log(ask, health, parts):
    out = io.StringIO()
    logs.configure("info", "json", out)
    parts.stored = False
    health.watch(parts, parts)
    await ask("/readyz")
    structlog.reset_defaults()
    told = out.getvalue()
    assert "part does not answer" in told
    assert "numb" not in told


async def test_other_addresses_are_not_there(ask):
    assert (await ask("/"))[0] == 404
