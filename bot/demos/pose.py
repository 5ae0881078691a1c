"""A pose: where every joint is, worked out from the channels of one moment."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.arms import Reach, arm
from bot.demos.channels import Channels
from bot.demos.legs import ankle_over_foot, leg
from bot.demos.skeleton import SIDES, Pose
from bot.demos.trunk import build_head, build_spine, hung
from bot.demos.vectors import UPRIGHT, Frame, Vector, add, middle, plane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.motion import Channel, Motion


def pose(motion: Motion, channels: Mapping[str, Channel]) -> Pose:
    """The pose of the figure of `motion` for the given channels."""
    ch = Channels(channels)
    frame = UPRIGHT.turn(ch.number("turn")).lean(ch.number("lean")).roll(ch.number("roll"))
    pelvis = _pelvis(ch, frame)
    points, frames = build_spine(ch, pelvis, frame)
    if "shoulders" in ch.channels:
        pelvis, points = hung(ch, pelvis, points)
    skull, face = build_head(ch, points[-1], frames[-1])
    legs = {side: leg(ch, side, pelvis, frame) for side in SIDES}
    chest = frames[int(body.SHOULDER_AT)]
    centre = middle(points[15], points[16], body.SHOULDER_AT - 15)
    shoulders = {
        side: chest.point(centre, 0.6, 0.0, sign * body.SHOULDER_HALF) for side, sign in SIDES.items()
    }
    bar = _bar(motion, shoulders, points, frames)
    arms = {
        side: arm(Reach(motion, ch, side, shoulders[side], chest, frame, pelvis, skull, face, bar, points))
        for side in SIDES
    }
    return Pose(pelvis, frame, points, frames, skull, face, legs, arms, bar, dict(channels))


def _pelvis(ch: Channels, frame: Frame) -> Vector:
    if "shoulders" in ch.channels:
        return (0.0, 0.0, 0.0)
    if "hip" in ch.channels:
        hip = ch.channels["hip"]
        return (hip[0], hip[1], hip[2] if len(hip) == 3 else 0.0)
    shin, knee = ch.number("shin"), ch.number("knee", "r")
    ankle = ankle_over_foot(ch, "r")
    joint = add(ankle, plane(-shin), -body.SHANK)
    hip_joint = add(joint, plane(knee - shin), -body.THIGH)
    return (*add(hip_joint, frame.right, -body.HIP_HALF)[:2], 0.0)


def _bar(
    motion: Motion, shoulders: Mapping[str, Vector], spine: tuple[Vector, ...], frames: tuple[Frame, ...]
) -> Vector | None:
    if motion.hands == "back":
        return frames[16].point(spine[16], -5.4, 0.6, 0.0)
    if motion.hands != "bar":
        return None
    heights = []
    for side, sign in SIDES.items():
        x, y, z = shoulders[side]
        across = (motion.bar_x - x) ** 2 + (sign * motion.grip - z) ** 2
        heights.append(y - sqrt(max((body.ARM * 0.999) ** 2 - across, 0.0)))
    return (motion.bar_x, sum(heights) / 2, 0.0)
