"""A practice queue served on loopback, and Chromium to look at it with. Slow: run with `pytest -m slow tests/browser`."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import uvicorn

from bot.practice import Practice, opened
from bot.web.build import build
from bot.web.practising import practice_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.web.desk import Desk

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)

EXPECTED = re.compile(r"status of 4|Status Error Code 4")
"""What the browser and htmx say of refusals that a test brings about."""


@dataclass
class Served:
    """A running console."""

    url: str
    practice: Practice
    desk: Desk
    loop: asyncio.AbstractEventLoop

    def call(self, work):
        """Run a coroutine of the store where the store lives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


@pytest.fixture
def served() -> Iterator[Served]:
    """A fresh practice queue."""
    ready, holder = threading.Event(), {}

    async def main() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        origin = f"http://127.0.0.1:{port}"
        async with opened(arrivals=False) as practice:
            desk = practice_desk(practice, origin)
            server = uvicorn.Server(
                uvicorn.Config(
                    build(desk, "k" * 32),
                    host="127.0.0.1",
                    port=port,
                    log_level="error",
                    timeout_graceful_shutdown=1,
                )
            )
            holder.update(server=server, served=Served(origin, practice, desk, asyncio.get_running_loop()))
            serving = asyncio.create_task(server.serve())
            while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
                await asyncio.sleep(0.01)
            ready.set()
            await serving

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(30)
    yield holder["served"]
    holder["server"].should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def chromium():
    """A headless browser. For one module: while it is open its loop runs in this thread, and no asynchronous test can."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: set CHROMIUM to its path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, served):
    """A page of a wide, light window; faults in its console fail the test."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="light", base_url=served.url
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and not EXPECTED.search(message.text)
            else None
        ),
    )
    yield page
    context.close()
    assert faults == []
