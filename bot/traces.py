"""OpenTelemetry traces: one a question, one span a stage, with ids, tiers and timings and never a word. An extra: `pip install spotter[otel]`.

Spans are made when the reply stands, from times that were taken anyway; while no collector is set, nothing of OpenTelemetry is imported.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bot.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.types import Exchange

SERVICE = "spotter"
MILLION = 1_000_000


class Traces:
    """Where traces go: nowhere until `begin`."""

    def __init__(self) -> None:
        """Nowhere."""
        self._provider: Any = None

    def begin(self, address: str) -> None:
        """Send traces to the collector at `address`. Raises `ConfigError` where the extra is not installed."""
        if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
            raise ConfigError('SPOTTER_TRACES_URL needs the extra "otel": pip install "spotter[otel]"')
        try:
            from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        except ImportError as error:
            raise ConfigError(
                'SPOTTER_TRACES_URL needs the extra "otel": pip install "spotter[otel]"'
            ) from error
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self.export(
            BatchSpanProcessor(OTLPSpanExporter(endpoint=address, insecure=address.startswith("http://")))
        )

    def export(self, processor: Any) -> None:
        """Hand finished spans to an OpenTelemetry span processor."""
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        # not the process-wide provider: libraries that trace by themselves would write queries, and with them words, into it
        self._provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
        self._provider.add_span_processor(processor)

    def end(self) -> None:
        """Send what waits, and stop."""
        provider, self._provider = self._provider, None
        if provider is not None:
            provider.shutdown()

    def tell(self, exchange: Exchange, stages: Sequence[tuple[str, float, float]], ms: float) -> None:
        """Make the trace of a question: `stages` are (name, milliseconds from the start, milliseconds it took), `ms` the whole."""
        if self._provider is None:
            return
        from opentelemetry.trace import set_span_in_context

        tracer = self._provider.get_tracer(SERVICE)
        began = time.time_ns() - int(ms * MILLION)
        whole = tracer.start_span("answer", start_time=began, attributes=_attributes(exchange))
        inside = set_span_in_context(whole)
        for name, start, took in stages:
            span = tracer.start_span(name, context=inside, start_time=began + int(start * MILLION))
            span.end(began + int((start + took) * MILLION))
        whole.end(began + int(ms * MILLION))


def _attributes(exchange: Exchange) -> dict[str, str | bool]:
    """What a trace tells of a question."""
    return {
        "spotter.exchange": exchange.id, "spotter.guild": exchange.question.guild or "", "spotter.surface": exchange.question.surface,
        "spotter.tier": exchange.assessment.tier.name, "spotter.crisis": exchange.assessment.crisis,
        "spotter.action": exchange.guarded.action.value, "spotter.flagged": exchange.flagged or "", "spotter.answered": exchange.answered,
    }  # fmt: skip


TRACES = Traces()
"""This process's traces."""
