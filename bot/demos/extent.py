"""How much room a pose and its props need: for fitting the camera, and for checking that nothing leaves the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.figure import foot_points
from bot.demos.stage import carried_point, place

if TYPE_CHECKING:
    from bot.demos.skeleton import Pose
    from bot.demos.vectors import Vector
    from corpus.motion import Motion, Prop

Room = list[tuple["Vector", float]]
"""Points, each with the radius kept free around it."""


def extent(motion: Motion, pose: Pose) -> Room:
    """Points of the figure and of its props with the room they need, in body units."""
    room: Room = [(pose.head, body.HEAD + 1.5), (pose.pelvis, 8.0), (pose.spine[10], 7.5)]
    for leg in pose.legs.values():
        room += [(leg.knee, 5.0), (leg.ankle, 3.5), *((corner, 0.8) for corner in foot_points(leg))]
    for arm in pose.arms.values():
        room += [(arm.elbow, 3.5), (arm.hand, 3.5), (arm.shoulder, 4.5)]
    for prop in motion.props:
        room += _carried(motion, prop, pose) if prop.on else _standing(prop, pose)
    return room


def _carried(motion: Motion, prop: Prop, pose: Pose) -> Room:
    x, y, _ = carried_point(prop, pose)
    if prop.kind == "barbell":
        half = 12.0 if motion.view == "side" else max(motion.grip + 9.0, 24.0)
        return [((x, y, side * half), body.PLATE + 1.0) for side in (-1, 1)]
    if prop.kind in ("dumbbell", "kettlebell"):
        return [((x, y, 0.0), 10.0)]
    if prop.kind == "stick" and prop.on == "back":
        return [(pose.face.point(pose.head, -7.0, 11.0, 0.0), 3.0)]
    if prop.kind == "sled":
        return [((x + 28.0, 4.0, 8.0), 2.0)]
    if prop.kind in ("cable", "band"):
        return [(place(prop), 6.0)]
    return []


def _standing(prop: Prop, pose: Pose) -> Room:
    x, y, z = place(prop)
    if prop.kind in ("box", "bench", "blocks"):
        width, height, *across = prop.size
        half = across[0] / 2 if across else 0.0
        return [((x + side * width / 2, y + height, z - side * half), 1.0) for side in (-1, 1)]
    if prop.kind == "wall":
        return [((x + prop.size[0], 10.0, 0.0), 0.0)]
    if prop.kind == "ghd":
        return [((x - prop.size[0] - 5.0, y, 0.0), 0.0)]
    if prop.kind in ("ball", "roller"):
        at = pose.channels.get("prop", prop.at)
        return [((at[0], at[1], 0.0), prop.size[0])]
    return []
