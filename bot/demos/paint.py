"""Brush strokes: tapered limbs and rounded bodies, each drawn over a halo in the colour of the card."""

from __future__ import annotations

import itertools
from math import acos, atan2, cos, pi, sin
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from bot.demos.vectors import Vector, flat_distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.demos.camera import Camera

Colour = tuple[int, int, int] | tuple[int, int, int, int]
Dot = tuple[float, float]
HALO = 1.15
"""Width of the dark rim around every part, in hundredths of body height."""


def blend(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` mixed with `share` of `other`."""
    share = min(max(share, 0.0), 1.0)
    return (
        round(colour[0] + share * (other[0] - colour[0])),
        round(colour[1] + share * (other[1] - colour[1])),
        round(colour[2] + share * (other[2] - colour[2])),
    )


def hull(dots: Iterable[Dot]) -> list[Dot]:
    """The convex outline of some dots, anticlockwise (Andrew's monotone chain)."""
    ordered = sorted(set(dots))
    if len(ordered) < 3:
        return ordered
    chains: list[list[Dot]] = []
    for run in (ordered, ordered[::-1]):
        chain: list[Dot] = []
        for dot in run:
            while len(chain) > 1 and _right_turn(chain[-2], chain[-1], dot):
                chain.pop()
            chain.append(dot)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def _right_turn(a: Dot, b: Dot, c: Dot) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0


class Brush:
    """Draws in body units through a camera."""

    def __init__(self, image: Image.Image, camera: Camera, ground: Colour) -> None:
        self.camera = camera
        self.ground = ground
        self.draw = ImageDraw.Draw(image, "RGBA")

    def ball(self, centre: Vector, radius: float, colour: Colour, rim: float = 0.0) -> None:
        """A round spot; `rim` adds a halo."""
        x, y = self.camera.dot(centre)
        for r, ink in ((radius + rim, self.ground), (radius, colour)) if rim else ((radius, colour),):
            size = r * self.camera.scale
            self.draw.ellipse((x - size, y - size, x + size, y + size), fill=ink)

    def limb(self, joints: Sequence[tuple[Vector, float]], colour: Colour, grow: float = 0.0) -> None:
        """A chain of tapering pieces through joints of the given radii."""
        dots = [(self.camera.dot(joint), (radius + grow) * self.camera.scale) for joint, radius in joints]
        for (x, y), r in dots:
            self.draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        for (a, ra), (b, rb) in itertools.pairwise(dots):
            outline = _taper(a, ra, b, rb)
            if outline:
                self.draw.polygon(outline, fill=colour)

    def shape(self, points: Iterable[Vector], colour: Colour, grow: float = 0.0) -> None:
        """The convex outline of some points, with corners rounded by `grow`."""
        outline = hull(self.camera.dot(point) for point in points)
        if len(outline) < 3:
            return
        self.draw.polygon(outline, fill=colour)
        if grow:
            self.round_outline(outline, colour, grow)

    def round_outline(self, outline: Sequence[Dot], colour: Colour, grow: float) -> None:
        """A line round an outline, `grow` thick to either side."""
        width = grow * self.camera.scale
        ring = [*outline, outline[0]]
        self.draw.line(ring, fill=colour, width=max(round(2 * width), 1))
        for x, y in outline:
            self.draw.ellipse((x - width, y - width, x + width, y + width), fill=colour)

    def line(self, points: Sequence[Vector], colour: Colour, width: float) -> None:
        """A line with round ends and corners."""
        self.limb([(point, width / 2) for point in points], colour)

    def dashes(self, start: Vector, end: Vector, colour: Colour, width: float, step: float = 2.0) -> None:
        """A dashed line."""
        (x0, y0), (x1, y1) = self.camera.dot(start), self.camera.dot(end)
        span = flat_distance((x0, y0), (x1, y1)) / self.camera.scale
        count = int(span / (2 * step)) + 1
        for i in range(count):
            a, b = i * 2 * step / max(span, 1e-6), min((i * 2 + 1) * step / max(span, 1e-6), 1.0)
            piece = [(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)]
            self.draw.line(piece, fill=colour, width=max(round(width * self.camera.scale), 1))


def _taper(a: Dot, ra: float, b: Dot, rb: float) -> list[Dot]:
    """The four corners of the strip that touches two circles; none where one holds the other."""
    distance = flat_distance(a, b)
    if distance <= abs(ra - rb) + 1e-6:
        return []
    along = atan2(b[1] - a[1], b[0] - a[0])
    lean = acos((ra - rb) / distance)
    corners = []
    for (x, y), r, angle in (
        (a, ra, along + lean),
        (b, rb, along + lean),
        (b, rb, along - lean),
        (a, ra, along - lean),
    ):
        corners.append((x + r * cos(angle), y + r * sin(angle)))
    return corners


def ring(count: int = 20) -> list[tuple[float, float]]:
    """Evenly spaced directions round a circle."""
    return [(cos(2 * pi * i / count), sin(2 * pi * i / count)) for i in range(count)]
