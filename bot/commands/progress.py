"""A progress bar for what takes seconds the first time: exporting the model, indexing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from bot.terminal import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int, float], None]]:
    """A bar on standard error that appears with the first report; it is told (done, total, passages a second)."""
    out = console(stderr=True)
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(), console=out, transient=False,
    )  # fmt: skip
    task = shown.add_task(title, total=None, rate="", visible=False)

    def report(done: int, total: int, rate: float) -> None:
        shown.update(
            task, completed=done, total=total, rate=f"{rate:.0f} passages/s" if rate else "", visible=True
        )

    with shown:
        yield report


@contextmanager
def waiting(title: str) -> Iterator[None]:
    """A spinner on standard error for something that cannot say how far it is; one plain line where there is no terminal."""
    out = console(stderr=True)
    if not out.is_terminal:
        out.print(title)
        yield
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=out, transient=True
    ) as shown:
        shown.add_task(title, total=None)
        yield
