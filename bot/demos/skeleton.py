"""What a pose consists of: legs, arms, spine and head, placed in the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.demos.vectors import Frame, Vector
    from corpus.motion import Channel


SIDES = {"r": 1.0, "l": -1.0}
PALM = 1.9
"""Height of the wrist over a hand that lies flat."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg, from the hip to the foot."""

    hip: Vector
    knee: Vector
    ankle: Vector
    foot: Frame
    """`front` points from the ankle to the toes, `up` away from the sole."""
    planted: bool
    """Whether the motion fixes the foot in the world."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm, from the shoulder to the hand."""

    shoulder: Vector
    elbow: Vector
    wrist: Vector
    hand: Vector
    flat: bool
    """Whether the hand lies open on a surface."""


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of a figure. Lengths in hundredths of body height; x forward, y up from the floor, z to its right."""

    pelvis: Vector
    frame: Frame
    spine: tuple[Vector, ...]
    frames: tuple[Frame, ...]
    head: Vector
    face: Frame
    legs: Mapping[str, Leg]
    arms: Mapping[str, Arm]
    bar: Vector | None
    channels: Mapping[str, Channel]

    def value(self, name: str) -> float:
        """A channel with one number, 0 where the motion does not use it."""
        return self.channels.get(name, (0.0,))[0]

    @property
    def flexion(self) -> float:
        """How far the back is rounded (positive) or arched (negative), degrees; the low back counts most."""
        return self.value("lumbar") + 0.6 * self.value("thorax")
