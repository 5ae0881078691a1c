"""`spotter demo`: draw an exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.failure import Failed
from bot.terminal import console

if TYPE_CHECKING:
    from pathlib import Path


def demo(name: str, output: Path, *, fault: bool) -> None:
    """Write an exercise's demo to `output` and print its cues."""
    from bot.demos.render import render
    from bot.showing import demo_words
    from corpus.names import find, suggest
    from safety.types import Tier

    exercise = find(name)
    if exercise is None:
        near = ", ".join(one.name for one in suggest(name, 3))
        raise Failed(f'no exercise is called "{name}"' + (f"; did you mean {near}?" if near else ""))
    if exercise.motion is None:
        raise Failed(f"{exercise.name} is known by name only; there is no demo of it")
    if fault and exercise.fault is None:
        raise Failed(f"{exercise.name} has no common fault to show")
    if output.suffix.lower() not in (".webp", ".gif", ".png"):
        raise Failed(f"{output}: the picture must be .webp, .gif or .png")
    data = render(exercise, "fault" if fault else "demo", output.suffix.lower().lstrip("."))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)
    out = console()
    out.print(demo_words(exercise, Tier.NONE, fault=fault), markup=False)
    out.print(f"\nWrote {output} ({len(data) / 1000:.0f} kB).")
