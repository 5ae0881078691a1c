"""`spotter demo`: draw an exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.failure import Failed
from bot.terminal import console

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.exercises import Exercise


def demo(name: str, output: Path, *, fault: bool) -> None:
    """Write an exercise's demo to `output` and print its cues; of an imported exercise, print what is known."""
    from bot import catalogue
    from bot.commands.settings import settings
    from bot.showing import demo_words
    from safety.types import Tier

    known = catalogue.read(settings(quiet=True).data_dir)
    exercise = known.find(name)
    if exercise is None:
        near = ", ".join(one.name for one in known.suggest(name, 3))
        raise Failed(f'no exercise is called "{name}"' + (f"; did you mean {near}?" if near else ""))
    if fault and exercise.fault is None:
        raise Failed(f"{exercise.name} has no common fault to show")
    if output.suffix.lower() not in (".webp", ".gif", ".png"):
        raise Failed(f"{output}: the picture must be .webp, .gif or .png")
    out = console()
    size = 0 if exercise.motion is None else _draw(exercise, output, fault=fault)
    out.print(demo_words(exercise, Tier.NONE, fault=fault), markup=False)
    out.print(f"\nWrote {output} ({size / 1000:.0f} kB)." if size else f"\nNothing was written to {output}.")


def _draw(exercise: Exercise, output: Path, *, fault: bool) -> int:
    """Write the picture; returns its size in bytes."""
    from bot.demos.render import render

    data = render(exercise, "fault" if fault else "demo", output.suffix.lower().lstrip("."))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)
    return len(data)
