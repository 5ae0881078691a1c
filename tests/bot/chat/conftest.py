"""A corpus of a few claims, and an answerer over a scripted server."""

from __future__ import annotations

import json

import pytest
import pytest_asyncio

from bot.chat.build import build
from bot.chat.settings import ChatSettings
from safety.types import Assessment
from tests.fakes import hit, question, results

CLAIMS = (
    "One forum poster says to start the Jefferson curl with no more than bodyweight and do three sets of 6 to 8 reps.",
    "One forum poster says the weight in the side bend goes in the hand opposite the front leg.",
    "One forum poster warns not to bounce at the bottom of the Jefferson curl.",
    "One forum poster holds the stretch for 30 seconds twice a day.",
)
GOOD = (
    (
        "One forum poster starts the Jefferson curl with no more than bodyweight, three sets of 6 to 8 reps.",
        1,
    ),
    ("One forum poster says the weight in the side bend goes in the hand opposite the front leg.", 2),
    ("One forum poster warns not to bounce at the bottom of the Jefferson curl.", 3),
)


def written(*sentences) -> str:
    """A structured answer of (text, number) pairs."""
    return json.dumps({"sentences": [{"text": text, "passages": [number]} for text, number in sentences]})


def as_lines(*sentences) -> str:
    """The same in the line format."""
    return "\n".join(f"[{number}] {text}" for text, number in sentences)


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    """Nothing of the runner's environment reaches a provider's client, and no proxy stands in between."""
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OLLAMA_HOST",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "false")


@pytest.fixture
def found():
    return results(*(hit(text, 3.0 - place / 10) for place, text in enumerate(CLAIMS)))


@pytest.fixture
def asked():
    return question("how do i do the jefferson curl, how many sets and which hand?")


@pytest.fixture
def calm():
    return Assessment()


_OPEN = []


@pytest_asyncio.fixture(autouse=True)
async def _closed():
    """Connections of a test's answerers do not outlive it."""
    yield
    while _OPEN:
        await _OPEN.pop().close()


def answerer(server, **fields):
    """An answerer whose model lives at a scripted server."""
    provider = "ollama" if type(server).__name__ == "Ollama" else "openai"
    made = {"model": f"{provider}:scripted", "url": server.url, "key": "test-key", "seconds": 3.0} | fields
    _OPEN.append(build(ChatSettings(**made), None))
    return _OPEN[-1].answerer
