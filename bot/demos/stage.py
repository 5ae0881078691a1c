"""What a thing needs to know to be drawn: the brush, the motion and the pose of the figure that uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.demos.vectors import Vector, middle

if TYPE_CHECKING:
    from bot.demos.paint import Brush
    from bot.demos.skeleton import Pose
    from corpus.motion import Motion, Prop


@dataclass(frozen=True, slots=True)
class Stage:
    """One moment of a scene, while it is drawn."""

    brush: Brush
    motion: Motion
    pose: Pose

    def held(self, prop: Prop) -> Vector:
        """Where a carried thing is held."""
        return carried_point(prop, self.pose)


def carried_point(prop: Prop, pose: Pose) -> Vector:
    """Where the figure holds or wears `prop`: on its back, a hand, a foot, or between both hands."""
    if pose.bar is not None and (prop.on == "back" or prop.kind == "barbell"):
        return pose.bar
    if prop.on in ("right foot", "left foot"):
        return pose.legs[prop.on[0]].ankle
    if prop.on in ("right hand", "left hand"):
        return pose.arms[prop.on[0]].hand
    return middle(pose.arms["r"].hand, pose.arms["l"].hand)


def place(prop: Prop) -> Vector:
    """Where a standing thing stands."""
    return (prop.at[0], prop.at[1], prop.at[2] if len(prop.at) > 2 else 0.0)
