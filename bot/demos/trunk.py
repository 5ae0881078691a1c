"""Pelvis to head: a spine of equal segments that rounds, arches, bends aside and turns."""

from __future__ import annotations

from math import pi, sin
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.vectors import Frame, Vector, add, middle, sub

if TYPE_CHECKING:
    from bot.demos.channels import Channels


def build_spine(ch: Channels, pelvis: Vector, frame: Frame) -> tuple[tuple[Vector, ...], tuple[Frame, ...]]:
    """Segments of equal length. The natural double curve fades as the back rounds or arches."""
    lumbar, thorax = ch.number("lumbar"), ch.number("thorax")
    bend_total, twist_total = ch.number("bend"), ch.number("twist")
    natural = max(0.0, 1.0 - abs(lumbar + thorax) / 45.0)
    now = frame.lean(6.0 * natural)
    here = pelvis
    points, frames = [here], [now]
    for i in range(body.SEGMENTS):
        flex = lumbar * _LOW[i] + thorax * _HIGH[i]
        curve = 15.0 * natural * (_CHEST[i] - _LOIN[i])
        now = now.lean(flex + curve).roll(bend_total * _ALL[i]).turn(twist_total * _HIGH[i])
        here = add(here, now.up, body.SPINE / body.SEGMENTS)
        points.append(here)
        frames.append(now)
    return tuple(points), tuple(frames)


def _shares(start: float, end: float) -> tuple[float, ...]:
    """How an angle is spread over the segments between two heights of the spine: a hill, coming to one in all."""
    heights = [(i + 0.5) / body.SEGMENTS for i in range(body.SEGMENTS)]
    hill = [0.35 + sin(pi * (h - start) / (end - start)) if start <= h <= end else 0.0 for h in heights]
    return tuple(part / sum(hill) for part in hill)


_LOW, _HIGH, _ALL = _shares(0.0, 0.58), _shares(0.30, 1.0), _shares(0.0, 0.9)


_LOIN, _CHEST = _shares(0.0, 0.5), _shares(0.45, 1.0)


def build_head(ch: Channels, top: Vector, frame: Frame) -> tuple[Vector, Frame]:
    """The middle of the head over the top of the spine, and which way the face looks."""
    nod = ch.number("neck")
    neck = frame.lean(-4.0 + 0.6 * nod)
    face = frame.lean(-7.0 + nod).turn(ch.number("look"))
    return add(add(top, neck.up, body.NECK), face.front, 0.8), face


def hung(ch: Channels, pelvis: Vector, spine: tuple[Vector, ...]) -> tuple[Vector, tuple[Vector, ...]]:
    """Pelvis and spine moved so that the middle between the shoulders is where the motion wants it."""
    at = ch.channels["shoulders"]
    centre = middle(spine[15], spine[16], body.SHOULDER_AT - 15)
    move = sub((at[0], at[1], at[2] if len(at) == 3 else 0.0), centre)
    return add(pelvis, move), tuple(add(point, move) for point in spine)
