"""A trace tells which stage took how long, and nothing of what was written."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot import traces
from bot.config import ConfigError
from bot.stages import Stages
from bot.telling import count
from bot.types import Draft, Exchange
from safety.guard import refer
from safety.types import Assessment, Tier
from tests.fakes import question


@pytest.fixture
def kept(monkeypatch):
    """Spans in memory instead of at a collector."""
    pytest.importorskip("opentelemetry.sdk", reason='the extra "otel" is not installed')
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    memory = InMemorySpanExporter()
    traces.TRACES.export(SimpleSpanProcessor(memory))
    yield memory
    traces.TRACES.end()


def happened() -> Exchange:
    asked = question("I cannot feel it when I wipe")
    assessment = Assessment(tier=Tier.EMERGENCY)
    return Exchange(
        "e1", asked, assessment, Draft(""), refer(assessment), (), False, False, "tier", (), asked.at
    )


def told() -> None:
    stages = Stages()
    with stages.stage("assess"):
        pass
    with stages.stage("record"):
        pass
    count(happened(), "c1", stages)


def test_a_question_is_one_trace_with_a_span_for_each_stage(kept):
    told()
    *parts, whole = kept.get_finished_spans()
    assert [part.name for part in parts] == ["assess", "record"]
    assert whole.name == "answer"
    assert {part.parent.span_id for part in parts} == {whole.context.span_id}
    assert {part.context.trace_id for part in parts} == {whole.context.trace_id}
    assert all(whole.start_time <= part.start_time <= part.end_time <= whole.end_time for part in parts)
    assert (whole.attributes["spotter.tier"], whole.attributes["spotter.flagged"]) == ("EMERGENCY", "tier")


def test_no_span_holds_a_word_of_what_was_written(kept):
    told()
    exported = " ".join(span.to_json() for span in kept.get_finished_spans())
    assert "wipe" not in exported
    assert happened().question.person not in exported.split('"')


def test_without_a_collector_nothing_of_it_is_imported():
    code = "import sys, bot.client; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_extra_is_told(monkeypatch):
    monkeypatch.setattr(traces, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match="spotter\\[otel\\]"):
        traces.Traces().begin("http://127.0.0.1:4317")
