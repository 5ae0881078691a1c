"""What must hold for any pose, so that no demo teaches a wrong lift: measured, in the units of the skeleton."""

from __future__ import annotations

from math import acos, degrees
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.arms import wanted_hand
from bot.demos.figure import foot_points
from bot.demos.legs import wanted_ankle
from bot.demos.vectors import Vector, add, dot, length, middle, sub, unit

if TYPE_CHECKING:
    from bot.demos.skeleton import Arm, Leg, Pose
    from corpus.motion import Motion


def bones(pose: Pose) -> dict[str, float]:
    """Length of every bone."""
    found = {}
    for side, leg in pose.legs.items():
        found[f"{side} thigh"] = length(sub(leg.knee, leg.hip))
        found[f"{side} shank"] = length(sub(leg.ankle, leg.knee))
    for side, arm in pose.arms.items():
        found[f"{side} upper arm"] = length(sub(arm.elbow, arm.shoulder))
        found[f"{side} forearm"] = length(sub(arm.wrist, arm.elbow))
        found[f"{side} hand"] = length(sub(arm.hand, arm.wrist))
    found["spine"] = sum(length(sub(b, a)) for a, b in zip(pose.spine, pose.spine[1:], strict=False))
    return found


def joints(pose: Pose) -> dict[str, float]:
    """Angle of every joint that has a limit, flexion counting up."""
    found = {}
    for side, leg in pose.legs.items():
        found[f"{side} hip"] = hip_flexion(pose, leg)
        found[f"{side} knee"] = _between(sub(leg.hip, leg.knee), sub(leg.ankle, leg.knee), straight=True)
        found[f"{side} ankle"] = 90.0 - _between(leg.foot.front, sub(leg.knee, leg.ankle))
    for side, arm in pose.arms.items():
        found[f"{side} elbow"] = elbow_flexion(arm)
    for name in ("lumbar", "thorax", "neck", "bend", "twist"):
        found[name] = pose.value(name)
    return found


def hip_flexion(pose: Pose, leg: Leg) -> float:
    """Angle of the thigh before (positive) or behind the pelvis, degrees."""
    thigh = unit(sub(leg.knee, leg.hip))
    down = (-pose.frame.up[0], -pose.frame.up[1], -pose.frame.up[2])
    ahead = dot(thigh, pose.frame.front)
    angle = _between(thigh, down)
    return angle if ahead >= 0 else -angle


def elbow_flexion(arm: Arm) -> float:
    """How far the elbow is bent, degrees; 0 is straight."""
    return _between(sub(arm.shoulder, arm.elbow), sub(arm.wrist, arm.elbow), straight=True)


def knee_backwards(leg: Leg) -> bool:
    """Whether the knee bends the wrong way: behind the line from hip to ankle, as the shin faces."""
    ahead = sub(leg.knee, _nearest(leg.hip, leg.ankle, leg.knee))
    if length(ahead) < 2.0:  # nearly straight
        return False
    shank = unit(sub(leg.ankle, leg.knee))
    facing = add(leg.foot.front, leg.foot.up)
    shin = add(facing, shank, -dot(facing, shank))
    return dot(unit(ahead), unit(shin)) < -0.1


def ground_height(motion: Motion, x: float) -> float:
    """Height of the ground at `x`: 0 but on a hill."""
    return x * motion.gait.rise / 100.0 if motion.gait else 0.0


def lowest(motion: Motion, pose: Pose) -> dict[str, float]:
    """Clearance of each part over the ground; below 0 it is in it."""
    parts: dict[str, tuple[Vector, float]] = {"head": (pose.head, body.HEAD), "seat": (pose.pelvis, 7.4)}
    for index in (5, 9, 12):
        parts[f"back {index}"] = (pose.spine[index], 4.3)
    for side, leg in pose.legs.items():
        parts[f"{side} knee"] = (leg.knee, body.RADII["knee"])
        parts[f"{side} ankle"] = (leg.ankle, 2.0)
        for number, corner in enumerate(foot_points(leg)):
            parts[f"{side} foot {number}"] = (corner, 0.5)
    for side, arm in pose.arms.items():
        parts[f"{side} elbow"] = (arm.elbow, body.RADII["elbow"])
        parts[f"{side} hand"] = (arm.hand, 1.6 if arm.flat else body.RADII["fist"])
    return {name: at[1] - radius - ground_height(motion, at[0]) for name, (at, radius) in parts.items()}


def _between(a: Vector, b: Vector, *, straight: bool = False) -> float:
    angle = degrees(acos(min(max(dot(unit(a), unit(b)), -1.0), 1.0)))
    return 180.0 - angle if straight else angle


def _nearest(a: Vector, b: Vector, point: Vector) -> Vector:
    along = unit(sub(b, a))
    share = dot(sub(point, a), along)
    return (a[0] + along[0] * share, a[1] + along[1] * share, a[2] + along[2] * share)


def missed_feet(pose: Pose) -> dict[str, float]:
    """How far each planted foot is from where the motion puts it, by side."""
    return {
        side: length(sub(leg.ankle, wanted_ankle(pose.channels, side)))
        for side, leg in pose.legs.items()
        if leg.planted
    }


def missed_hands(pose: Pose) -> dict[str, float]:
    """How far each hand is from where the motion puts it, by side; hands without a place are left out."""
    found = {}
    for side, arm in pose.arms.items():
        wanted = wanted_hand(pose.channels, side)
        if wanted is not None:
            found[side] = length(sub(arm.wrist if arm.flat else arm.hand, wanted))
    return found


def sunk(motion: Motion, pose: Pose) -> float:
    """How far the body has sunk into a ball or roller under it, in body units; 0 where it has not."""
    deepest = 0.0
    for prop in motion.props:
        if prop.kind not in ("ball", "roller"):
            continue
        at = pose.channels.get("prop", prop.at)
        centre = (at[0], at[1], 0.0)
        parts = [(point, 4.3) for point in pose.spine[4:15]]
        parts += [(middle(leg.hip, leg.knee, 0.5), 5.3) for leg in pose.legs.values()]
        for point, radius in parts:
            apart = length(sub((point[0], point[1], 0.0), centre))
            deepest = max(deepest, prop.size[0] + radius - apart)
    return deepest
