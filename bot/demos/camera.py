"""From the figure's space to the picture: a straight-on projection, turned about the upright axis and fitted to the card."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.demos.vectors import Vector

YAW = {"side": 10.0, "three-quarter": 48.0, "front": 80.0, "back": -80.0}
"""How far the figure is turned towards the viewer. A little even from the side: the far limbs show."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Projects points; `scale` is picture dots per hundredth of body height, the origin lies at (`left`, `floor`)."""

    yaw: float
    scale: float = 1.0
    left: float = 0.0
    floor: float = 0.0

    def depth(self, point: Vector) -> float:
        """How near a point is to the viewer, in body units: by its side, its front, or both, as the view has it."""
        if self.sideways:
            return point[2]
        if abs(self.yaw) > 60:
            return point[0] if self.yaw > 0 else -point[0]
        return point[0] * sin(radians(self.yaw)) + point[2] * cos(radians(self.yaw))

    def across(self, point: Vector) -> float:
        """How far right a point is in the picture, in body units."""
        return point[0] * cos(radians(self.yaw)) - point[2] * sin(radians(self.yaw))

    def dot(self, point: Vector) -> tuple[float, float]:
        """The dot of the picture on which a point falls."""
        return (self.left + self.scale * self.across(point), self.floor - self.scale * point[1])

    @property
    def sideways(self) -> bool:
        """Whether the figure is seen from the side."""
        return abs(self.yaw) < 30
