"""Settings, start, doctor: what is missing is told in one line, and without a model nothing of all this is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import config, doctor
from bot.app import App
from bot.chat import build
from bot.chat.settings import ChatSettings
from bot.config import ConfigError
from tests.bot.chat.conftest import as_lines, written
from tests.bot.chat.whole import data_folder
from tests.doubles.endpoint import Script
from tests.doubles.ollama import Ollama
from tests.doubles.openai import OpenAI

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def chosen(monkeypatch, tmp_path):
    """Settings from the environment, with what is given."""
    for name in list(os.environ):
        if name.startswith("SPOTTER_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPOTTER_DATA_DIR", str(tmp_path / "data"))

    def load(**fields):
        for name, value in fields.items():
            monkeypatch.setenv(f"SPOTTER_{name.upper()}", str(value))
        return config.load()

    return load


def test_every_chat_setting_reaches_the_model(chosen):
    given = {
        "chat_model": "openai:x", "chat_url": "http://127.0.0.1:9/v1", "chat_key": "sesame", "chat_local": "true", "chat_symptoms": "true",
        "chat_seconds": "3", "chat_daily_tokens": "7", "chat_daily_cost": "0.5", "chat_prompt_price": "1", "chat_completion_price": "2",
        "chat_format": "LINES",
    }  # fmt: skip
    made = ChatSettings.of(chosen(**given))
    assert made == ChatSettings(
        "openai:x", "http://127.0.0.1:9/v1", "sesame", True, True, 3.0, 3, 700, 7, 0.5, 1.0, 2.0, "lines"
    )
    assert "sesame" not in repr(chosen())


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"chat_model": "openai:x", "chat_seconds": "12"}, "SPOTTER_ANSWER_SECONDS"),
        ({"chat_model": "openai:"}, "SPOTTER_CHAT_MODEL"),
        ({"chat_model": "openai:" + "x" * 200}, "SPOTTER_CHAT_MODEL"),
        ({"chat_url": "localhost:1"}, "SPOTTER_CHAT_URL"),
        ({"chat_format": "xml"}, "SPOTTER_CHAT_FORMAT"),
        ({"chat_daily_tokens": "-1"}, "SPOTTER_CHAT_DAILY_TOKENS"),
        ({"chat_daily_cost": "1"}, "SPOTTER_CHAT_PROMPT_PRICE"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(chosen, fields, told):
    with pytest.raises(ConfigError, match=told):
        chosen(**fields)


@pytest.mark.parametrize(
    ("model", "url", "local", "is_local"),
    [
        ("openai:gpt", "", None, False),
        ("openai:gpt", "http://127.0.0.1:8000/v1", None, False),
        ("openai:gpt", "http://127.0.0.1:8000/v1", True, True),
        ("ollama:llama3.1", "", None, True),
        ("ollama:llama3.1", "http://10.0.0.4:11434", None, True),
        ("ollama:llama3.1", "http://ollama:11434", None, True),
        ("ollama:llama3.1", "https://ollama.example.com", None, False),
        ("ollama:llama3.1", "http://8.8.8.8:11434", None, False),
        ("ollama:gpt-oss:120b-cloud", "", None, False),
        ("ollama:llama3.1", "", False, False),
    ],
)
def test_local_is_what_stays_with_the_host(model, url, local, is_local):
    assert ChatSettings(model, url, local=local).is_local is is_local


@pytest.mark.parametrize(
    ("model", "variable", "value", "url", "is_local"),
    [
        (
            "openai:x",
            "OPENAI_BASE_URL",
            "https://proxy.example.org/v1",
            "https://proxy.example.org/v1",
            False,
        ),
        ("ollama:x", "OLLAMA_HOST", "0.0.0.0:11434", "http://0.0.0.0:11434", True),
        ("ollama:x", "OLLAMA_HOST", "https://ollama.example.org", "https://ollama.example.org", False),
        ("anthropic:x", "OPENAI_BASE_URL", "https://proxy.example.org/v1", "", False),
    ],
)
def test_where_the_client_s_own_variables_lead_is_known(
    chosen, monkeypatch, model, variable, value, url, is_local
):
    monkeypatch.setenv(variable, value)
    made = ChatSettings.of(chosen(chat_model=model))
    assert (made.url, made.is_local) == (url, is_local)
    assert ChatSettings.of(chosen(chat_url="http://10.0.0.4:1")).url == "http://10.0.0.4:1"


async def test_a_server_of_one_s_own_needs_no_key(chosen):
    _, told = await build.ready(
        ChatSettings.of(chosen(chat_model="openai:x", chat_url="http://127.0.0.1:9/v1"))
    )
    assert told is None


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("nobody:x", "LangChain knows no provider nobody"),
        ("groq:x", "groq needs its package: pip install langchain-groq"),
        ("openai:x", r"openai cannot be set up .*SPOTTER_CHAT_KEY"),
    ],
)
async def test_a_start_that_cannot_work_ends_in_one_line(chosen, model, told):
    with pytest.raises(ConfigError, match=told) as fault:
        await App.open(chosen(chat_model=model))
    assert len(str(fault.value).splitlines()) == 1


async def test_a_missing_package_is_told_at_the_start_and_by_the_doctor(chosen, monkeypatch):
    monkeypatch.setattr(build, "find_spec", lambda _: None)
    settings = chosen(chat_model="mistralai:x")
    with pytest.raises(ConfigError, match=r"pip install 'spotter\[mistral\]'"):
        await App.open(settings)
    check = await doctor._chat_model(settings)
    assert (check.state, check.mend) == ("fail", "pip install 'spotter[mistral]'")


async def test_a_key_in_a_setting_is_never_told(chosen):
    _, told = await build.ready(ChatSettings.of(chosen(chat_model="nobody:x", chat_key="sesame-sesame")))
    assert "sesame" not in told


@pytest.mark.slow
@pytest.mark.parametrize("double", [OpenAI, Ollama])
@pytest.mark.parametrize(
    ("script", "state", "mend"),
    [
        (Script(text="ready"), "ok", ""),
        (Script(status=401), "fail", "SPOTTER_CHAT_KEY"),
        (Script(status=404), "fail", "SPOTTER_CHAT_MODEL"),
        (Script(status=500), "fail", "provider is up"),
    ],
)
async def test_the_doctor_asks_the_model_for_a_word(script, state, mend, double, chosen):
    provider = double.__name__.lower()
    with double(script) as server:
        settings = chosen(chat_model=f"{provider}:m", chat_url=server.url, chat_key="k", chat_seconds="2")
        check = await doctor._chat_model(settings)
    assert check.state == state
    assert mend in check.mend
    if state == "ok":
        assert ("may not go" if provider == "openai" else "may go") in check.found
        assert "urgent ones never" in check.found


async def test_the_doctor_is_silent_without_a_model(chosen):
    assert (await doctor._chat_model(chosen())).state == "skip"


def spotter(*arguments, home, **settings):
    """Run the real command."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SPOTTER_")}
    env |= {
        "SPOTTER_DATA_DIR": str(home),
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "200",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    return subprocess.run([sys.executable, "-m", "bot", *arguments], capture_output=True, text=True, env=env, cwd=home.parent, timeout=240, check=False)  # fmt: skip


@pytest.mark.slow
def test_without_a_model_nothing_of_it_is_loaded(tmp_path):
    home = data_folder(tmp_path / "data")
    code = (
        "import sys; from bot.cli import app; app(['ask', 'how many sets of jefferson curls?'], standalone_mode=False);"
        "print([m for m in sys.modules if m.startswith(('langchain.', 'langchain_openai', 'langsmith', 'tenacity', 'bot.chat.')) "
        "and m not in ('bot.chat.budget', 'bot.chat.awaiting', 'bot.chat.faults', 'bot.chat.metrics')])"
    )
    env = os.environ | {"SPOTTER_DATA_DIR": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=tmp_path, check=True
    )
    loaded = done.stdout.splitlines()[-1]
    assert "bot.chat" not in loaded
    assert "langchain_openai" not in loaded
    assert "langchain.chat_models" not in loaded


@pytest.mark.slow
def test_the_command_line_asks_the_model_and_measures_it(tmp_path):
    home = data_folder(tmp_path / "data")

    def model(body):
        schema = "response_format" in body
        text = body["messages"][-1]["content"]
        first = text.split(">>\n", 1)[1].split("\n", 1)[0]
        return written((first, 1)) if schema else as_lines((first, 1))

    with OpenAI(Script(text=model)) as server:
        given = {"SPOTTER_CHAT_URL": server.url, "SPOTTER_CHAT_KEY": "k"}
        asked = spotter(
            "ask", "how many sets of jefferson curls?", home=home, SPOTTER_CHAT_MODEL="openai:m", **given
        )
        assert (asked.returncode, len(server.bodies)) == (0, 1), asked.stderr
        measured = spotter(
            "eval", "answers", "--split", "tune", "--json", "--chat-model", "openai:m", home=home, **given
        )
        assert measured.returncode == 0, measured.stderr
        figures = json.loads(measured.stdout)
        assert figures["model"] == "openai:m"
        assert figures["written"] > 50
        assert figures["tokens"] > 10_000
    failed = spotter("eval", "answers", "--chat-model", "groq:m", home=home)
    assert (failed.returncode, len(failed.stderr.splitlines())) == (1, 1)
    assert "langchain-groq" in failed.stderr
