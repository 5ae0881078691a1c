"""How long each stage of the path took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stages:
    """A stop-watch for one question. `timings` are (stage, milliseconds) in the order in which the stages ended."""

    def __init__(self) -> None:
        """Start."""
        self._began = time.perf_counter()
        self.timings: list[tuple[str, float]] = []
        self.spans: list[tuple[str, float, float]] = []
        """(stage, milliseconds from the start until it began, milliseconds it took), for a trace."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.timings.append((name, round(took * 1000, 3)))
            self.spans.append((name, (began - self._began) * 1000, took * 1000))
            metrics.stage(name).observe(took)

    @property
    def ms(self) -> float:
        """Milliseconds since the start."""
        return (time.perf_counter() - self._began) * 1000
