"""Sheets for looking at demos: one of all movements, and one strip of frames for each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from bot.demos import theme
from bot.demos.card import SIZE
from bot.demos.render import poster_index, scene
from corpus.exercises import Exercise, load

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = 5
THUMB = 240


def sheet(exercises: Iterable[Exercise], columns: int = COLUMNS, thumb: int = THUMB) -> Image.Image:
    """One picture with the start and the most telling frame of every demo, side by side."""
    pairs = []
    for exercise in exercises:
        if exercise.motion is not None:
            shown = scene(exercise)
            pairs.append((shown.frame(0), shown.frame(poster_index(shown))))
    rows = -(-len(pairs) // columns)
    image = Image.new("RGB", (columns * 2 * thumb, rows * thumb), theme.CARD[:3])
    for index, pair in enumerate(pairs):
        for half, frame in enumerate(pair):
            place = ((index % columns) * 2 * thumb + half * thumb, (index // columns) * thumb)
            image.paste(frame.resize((thumb, thumb), Image.Resampling.LANCZOS), place)
    return image


def strip(exercise: Exercise, variant: str = "demo", frames: int = 8, columns: int = 4) -> Image.Image:
    """Evenly spaced frames of one demo, in reading order."""
    shown = scene(exercise, variant)
    rows = -(-frames // columns)
    image = Image.new("RGB", (columns * SIZE, rows * SIZE), theme.CARD[:3])
    for place in range(frames):
        frame = shown.frame(round(place * len(shown.times) / frames))
        image.paste(frame, ((place % columns) * SIZE, (place // columns) * SIZE))
    return image


def main(folder: Path = Path("gallery")) -> None:
    """Write `gallery.png` and one strip for every demo and common fault into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = load()
    sheet(catalogue.values()).save(folder / "gallery.png", optimize=True)
    for exercise in catalogue.values():
        if exercise.motion is not None:
            strip(exercise).save(folder / f"{exercise.id}.png")
        if exercise.fault is not None:
            strip(exercise, "fault").save(folder / f"{exercise.id}-fault.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("gallery"))
