"""Three-dimensional points and frames, as plain tuples: a figure needs a few hundred of them, not a matrix library."""

from __future__ import annotations

from math import cos, hypot, radians, sin, sqrt
from typing import NamedTuple

Vector = tuple[float, float, float]


def add(a: Vector, b: Vector, scale: float = 1.0) -> Vector:
    """`a + scale * b`."""
    return (a[0] + scale * b[0], a[1] + scale * b[1], a[2] + scale * b[2])


def sub(a: Vector, b: Vector) -> Vector:
    """`a - b`."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    """Inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """Outer product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a: Vector) -> float:
    """Euclidean length."""
    return sqrt(dot(a, a))


def unit(a: Vector) -> Vector:
    """`a` at length 1; a null vector becomes straight down, so that nothing divides by zero."""
    size = length(a)
    return (a[0] / size, a[1] / size, a[2] / size) if size > 1e-9 else (0.0, -1.0, 0.0)


def middle(a: Vector, b: Vector, share: float = 0.5) -> Vector:
    """The point `share` of the way from `a` to `b`."""
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2]))


def around(axis: Vector, a: Vector, angle: float) -> Vector:
    """`a` turned about the unit vector `axis` by `angle` degrees (right-hand rule)."""
    c, s = cos(radians(angle)), sin(radians(angle))
    side = cross(axis, a)
    along = dot(axis, a) * (1 - c)
    return (
        a[0] * c + side[0] * s + axis[0] * along,
        a[1] * c + side[1] * s + axis[1] * along,
        a[2] * c + side[2] * s + axis[2] * along,
    )


def plane(angle: float) -> Vector:
    """The direction `angle` degrees forward of straight down, in the plane seen from the side."""
    return (sin(radians(angle)), -cos(radians(angle)), 0.0)


def flat_distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance between two points of the picture."""
    return hypot(a[0] - b[0], a[1] - b[1])


class Frame(NamedTuple):
    """Which way a part of the body faces: three unit vectors at right angles."""

    front: Vector
    up: Vector
    right: Vector

    def lean(self, angle: float) -> Frame:
        """Pitched forward by `angle` degrees."""
        c, s = cos(radians(angle)), sin(radians(angle))
        return Frame(_mix(self.front, c, self.up, -s), _mix(self.up, c, self.front, s), self.right)

    def roll(self, angle: float) -> Frame:
        """Tilted to its own right by `angle` degrees."""
        c, s = cos(radians(angle)), sin(radians(angle))
        return Frame(self.front, _mix(self.up, c, self.right, s), _mix(self.right, c, self.up, -s))

    def turn(self, angle: float) -> Frame:
        """Turned to its own right by `angle` degrees."""
        c, s = cos(radians(angle)), sin(radians(angle))
        return Frame(_mix(self.front, c, self.right, s), self.up, _mix(self.right, c, self.front, -s))

    def point(self, origin: Vector, front: float, up: float, right: float) -> Vector:
        """The point at these distances from `origin` along the three directions."""
        return add(add(add(origin, self.front, front), self.up, up), self.right, right)


UPRIGHT = Frame((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def _mix(a: Vector, p: float, b: Vector, q: float) -> Vector:
    return (a[0] * p + b[0] * q, a[1] * p + b[1] * q, a[2] * p + b[2] * q)
