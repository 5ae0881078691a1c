"""The measurement runs end to end against a loopback model and repeats from its cache without asking again."""

from __future__ import annotations

import re
import shutil

import pytest

from bot.chat.evaluation import _run
from bot.chat.settings import ChatSettings
from corpus.questions import load
from tests.bot.chat.conftest import written
from tests.doubles.endpoint import Script
from tests.doubles.openai import OpenAI
from tests.model import data_dir

pytest.importorskip("langchain_openai", reason="the extra openai is not installed")
pytestmark = pytest.mark.slow


ASKED = load(split="tune")[::2]
"""Every other question of one half: `spotter eval answers --chat-model` asks them all."""
FOLLOW_UPS = sum(asked.kind == "follow-up" for asked in ASKED)


def faithful(body):
    """What a well-behaved model does at its simplest: say the passages' first sentences, and put the earlier question before the later one."""
    if body["messages"][0]["content"].startswith("You rewrite"):
        asked = re.findall(r"(?:person|last message)>>\n([^\n]+)", body["messages"][-1]["content"])
        return " ".join(asked[-2:])
    told = re.findall(r"passage (\d+): [^\n]*>>\n([^\n]+)", body["messages"][-1]["content"])
    return written(*((text, int(number)) for number, text in told[:6]))


@pytest.fixture
def data(monkeypatch, tmp_path):
    shutil.copytree(data_dir() / "models", tmp_path / "data" / "models")
    monkeypatch.setenv("SPOTTER_DATA_DIR", str(tmp_path / "data"))


async def test_a_faithful_model_is_measured_and_the_second_run_asks_nothing(data, monkeypatch):
    monkeypatch.setattr("bot.chat.evaluation.load", lambda **_: ASKED)
    with OpenAI(Script(text=faithful)) as server:
        chat = ChatSettings("openai:faithful", url=server.url, key="k", seconds=8.0)
        first, _ = await _run(chat, "tune")
        requests = len(server.bodies)
        second, _ = await _run(chat, "tune")
        assert len(server.bodies) == requests
    assert first.asked == requests > 30
    assert second.asked == 0
    assert first.written >= 0.9 * (requests - FOLLOW_UPS)
    assert first.facts_percent >= 60
    assert first.unsupported <= 0.01 * first.sentences
    assert first.both_sides >= 0.8 * first.disagreements
    assert (first.facts_percent, first.sentences) == (second.facts_percent, second.sentences)
