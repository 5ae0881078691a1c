"""Every way in which a provider can fail ends in a good answer within the time limit, through the real LangChain clients."""

from __future__ import annotations

import time

import pytest
from prometheus_client import REGISTRY

from tests.bot.chat.conftest import GOOD, answerer, as_lines, written
from tests.doubles.endpoint import Script
from tests.doubles.ollama import Ollama
from tests.doubles.openai import OpenAI

pytest.importorskip("langchain_openai", reason="the extra openai is not installed")
pytest.importorskip("langchain_ollama", reason="the extra ollama is not installed")

pytestmark = pytest.mark.slow

GERMAN = (
    ("Beginnen Sie mit dem eigenen Körpergewicht und machen Sie drei Sätze mit sechs Wiederholungen.", 1),
    ("Das Gewicht gehört in die Hand gegenüber dem vorderen Bein.", 2),
)
FAULTS = {
    "timeout": (Script(text="late", delay=20), "timeout"),
    "drip": (Script(drip=0.05), "timeout"),
    "rate": (Script(status=429), "rate"),
    "rate for an hour": (Script(status=429, headers={"retry-after": "3600"}), "rate"),
    "server": (Script(status=500), "server"),
    "overloaded": (Script(status=503), "server"),
    "dropped": (Script(drop=True), "connection"),
    "access": (Script(status=401), "access"),
    "empty": (Script(text=""), "empty"),
    "cut": (Script(text='{"sentences": [{"text": "One forum poster st', finish="length"), None),
    "format": (Script(text="Well! You could do some curls, then rest."), "format"),
    "refusal": (Script(text="I'm sorry, but I can't help with that."), "refusal"),
    "long": (
        Script(text=written(*[(f"Sentence w{n}a holds w{n}b of w{n}c.", 1) for n in range(1, 800)])),
        "long",
    ),
    "language": (Script(text=written(*GERMAN)), "unsupported"),
    "repeats": (Script(text="set " * 9000), "repeats"),
    "repeats without a space": (Script(text="ha" * 9000), "repeats"),
    "not http json": (Script(raw=b"<html>gateway</html>"), None),
    "nothing": (Script(text=written()), "unsupported"),
}


def counted(outcome):
    return REGISTRY.get_sample_value("spotter_chat_answers_total", {"outcome": outcome}) or 0.0


@pytest.mark.parametrize("double", [OpenAI, Ollama])
@pytest.mark.parametrize("form", ["auto", "lines"])
@pytest.mark.parametrize("name", FAULTS)
async def test_every_fault_ends_in_the_answer_without_a_model(name, form, double, found, asked, calm):
    script, kind = FAULTS[name]
    before, used = counted(kind), counted("written")
    with double(script) as server:
        model = answerer(server, format=form, seconds=1.5)
        began = time.monotonic()
        draft = await model.draft(asked, found, calm)
        took = time.monotonic() - began
    assert draft.answered
    assert draft.citations
    assert draft.model == "extractive"
    assert "6 to 8 reps" in draft.text
    assert took < 6.0  # the limit of 1.5 s, and the first import of a client
    if kind is not None:
        assert counted(kind) == before + 1
    assert counted("written") == used


@pytest.mark.parametrize("double", [OpenAI, Ollama])
@pytest.mark.parametrize("form", ["auto", "lines"])
async def test_a_good_answer_is_used(form, double, found, asked, calm):
    text = as_lines(*GOOD) if form == "lines" else written(*GOOD)
    with double(Script(text=text)) as server:
        draft = await answerer(server, format=form).draft(asked, found, calm)
    assert draft.model.endswith(":scripted")
    assert draft.prompt_version.startswith("answer/1+")
    assert [citation.number for citation in draft.citations] == [1, 2, 3]
    assert all(text in draft.text for text, _ in GOOD)


@pytest.mark.parametrize("double", [OpenAI, Ollama])
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_passing_fault_is_tried_again(status, double, found, asked, calm):
    with double(Script(status=status), Script(text=written(*GOOD))) as server:
        draft = await answerer(server, seconds=5.0).draft(asked, found, calm)
        assert len(server.bodies) == 2
    assert draft.model.endswith(":scripted")


async def test_a_refusal_field_is_a_refusal(found, asked, calm):
    before = counted("refusal")
    with OpenAI(Script(text="", refusal="No.")) as server:
        draft = await answerer(server).draft(asked, found, calm)
    assert draft.model == "extractive"
    assert counted("refusal") == before + 1


async def test_whole_sentences_of_an_answer_that_was_cut_off_are_used(found, asked, calm):
    text = written(*GOOD)[:-12]
    with OpenAI(Script(text=text, finish="length")) as server:
        draft = await answerer(server, format="lines").draft(asked, found, calm)
    assert GOOD[0][0] in draft.text
    assert GOOD[1][0] in draft.text


async def test_a_provider_that_takes_no_schema_is_asked_for_lines_at_once_and_from_then_on(
    found, asked, calm
):
    with OpenAI(Script(status=400), Script(text=as_lines(*GOOD))) as server:
        model = answerer(server)
        drafts = [await model.draft(asked, found, calm) for _ in range(2)]
        assert ["response_format" in body for body in server.bodies] == [True, False, False]
    assert [draft.model for draft in drafts] == ["openai:scripted"] * 2


async def test_a_provider_that_takes_no_temperature_is_asked_without_one(found, asked, calm):
    refused = Script(status=400)
    with OpenAI(refused, refused, Script(text=as_lines(*GOOD))) as server:
        draft = await answerer(server).draft(asked, found, calm)
        assert ["temperature" in body for body in server.bodies] == [True, True, False]
    assert draft.model == "openai:scripted"


async def test_a_provider_that_takes_nothing_is_asked_three_times_and_then_once(found, asked, calm):
    with OpenAI(Script(status=422)) as server:
        model = answerer(server)
        drafts = [await model.draft(asked, found, calm) for _ in range(2)]
        assert len(server.bodies) == 4
    assert [draft.model for draft in drafts] == ["extractive"] * 2


async def test_the_circuit_opens_after_five_faults_in_a_row(found, asked, calm):
    with OpenAI(Script(status=401)) as server:
        model = answerer(server)
        for _ in range(8):
            draft = await model.draft(asked, found, calm)
            assert draft.answered
        assert len(server.bodies) == 5
    assert counted("open") >= 3


async def test_nothing_of_a_fault_or_an_answer_is_logged(found, asked, calm, capfd):
    with OpenAI(Script(text="MARKED nonsense"), Script(status=500, text="MARKED")) as server:
        for _ in range(2):
            await answerer(server, seconds=1.0).draft(asked, found, calm)
    out, err = capfd.readouterr()
    assert "MARKED" not in out + err
    assert "jefferson" not in (out + err).lower()
