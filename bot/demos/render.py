"""An exercise in, the bytes of its demo out; drawn once and kept under a name made from what it was drawn from."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import PIL

from bot.demos import encode
from bot.demos.scene import FPS, Scene

if TYPE_CHECKING:
    from corpus.exercises import Exercise

VARIANTS = ("demo", "fault")
MILLISECONDS = round(1000 / FPS)


class NoDemoError(LookupError):
    """The exercise has no motion, or no common fault, to be drawn."""


def scene(exercise: Exercise, variant: str = "demo") -> Scene:
    """The scene of one variant. Raises `NoDemoError` where the exercise has none."""
    if variant not in VARIANTS:
        raise ValueError(f"variant is {variant!r}; choose one of {', '.join(VARIANTS)}")
    if variant == "fault":
        if exercise.fault is None:
            raise NoDemoError(f"no common fault is described for {exercise.name}")
        return Scene(exercise.fault.motion, exercise.name, exercise.fault.name)
    if exercise.motion is None:
        raise NoDemoError(f"no motion is described for {exercise.name}")
    return Scene(exercise.motion, exercise.name)


def render(
    exercise: Exercise,
    variant: str = "demo",
    format: str = "webp",  # noqa: A002 - the word people look for
    cache_in: Path | None = None,
) -> bytes:
    """The demo as a file: "webp" or "gif" move, "png" is a still poster. 480 dots square.

    With `cache_in`, a folder, it is drawn only where that folder does not hold it yet.
    """
    if format not in encode.FORMATS:
        raise ValueError(f"format is {format!r}; choose one of {', '.join(encode.FORMATS)}")
    if cache_in is None:
        return _draw(exercise, variant, format)
    path = cache_in / f"{exercise.id}-{variant}-{content_hash(exercise, variant)}.{format}"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        drawn = _draw(exercise, variant, format)
        _keep(path, drawn)
        return drawn


def content_hash(exercise: Exercise, variant: str = "demo") -> str:
    """Sixteen hexadecimal digits that change whenever the picture would: from the motion, the words and the drawing code."""
    shown = scene(exercise, variant)
    told = repr((shown.motion, shown.title, shown.fault, _drawing_code(), PIL.__version__))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@cache
def _drawing_code() -> str:
    """A hash over this package's own code."""
    total = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


def poster_index(shown: Scene) -> int:
    """The frame that tells most: where the figure is farthest from its first pose."""
    start = shown.poses[0]

    def distance(index: int) -> float:
        pose = shown.poses[index]
        joints = [(pose.head, start.head), (pose.pelvis, start.pelvis)]
        joints += [(pose.arms[side].hand, start.arms[side].hand) for side in ("r", "l")]
        joints += [(pose.legs[side].ankle, start.legs[side].ankle) for side in ("r", "l")]
        moved = sum(sum((a - b) ** 2 for a, b in zip(p, q, strict=True)) for p, q in joints)
        return moved + pose.value("glow")

    distances = [distance(index) for index in range(len(shown.poses))]
    # The first frame that is nearly there: its cue still speaks of the way there, not of the way back.
    return next(index for index, far in enumerate(distances) if far >= 0.98 * max(distances))


def _draw(exercise: Exercise, variant: str, kind: str) -> bytes:
    shown = scene(exercise, variant)
    if kind == "png":
        return encode.png(shown.frame(poster_index(shown)))
    frames = [shown.frame(index) for index in range(len(shown.times))]
    return (encode.webp if kind == "webp" else encode.gif)(frames, MILLISECONDS)


def _keep(path: Path, drawn: bytes) -> None:
    """Write so that a reader never meets half a file, whoever else draws the same demo."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(drawn)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
