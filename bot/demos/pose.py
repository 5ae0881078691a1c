"""A pose: where every joint is, worked out from the channels of one moment."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin, sqrt
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.limbs import bend
from bot.demos.vectors import UPRIGHT, Frame, Vector, add, around, middle, plane, sub, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.motion import Channel, Motion

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


class _Channels:
    """Looks a channel up for one side: `r_knee`, else `knee`."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self.channels = channels

    def has(self, name: str, side: str = "") -> bool:
        return f"{side}_{name}" in self.channels or name in self.channels

    def number(self, name: str, side: str = "", default: float = 0.0) -> float:
        return self.channels.get(f"{side}_{name}", self.channels.get(name, (default,)))[0]

    def point(self, name: str, side: str, width: float) -> Vector:
        """A point of the world; without a z it lies `width` out on its side, given for both it is mirrored."""
        own = self.channels.get(f"{side}_{name}")
        value = own if own is not None else self.channels[name]
        z = value[2] if len(value) == 3 else width
        return (value[0], value[1], z if own is not None and len(value) == 3 else SIDES[side] * z)


def pose(motion: Motion, channels: Mapping[str, Channel]) -> Pose:
    """The pose of the figure of `motion` for the given channels."""
    ch = _Channels(channels)
    frame = UPRIGHT.turn(ch.number("turn")).lean(ch.number("lean")).roll(ch.number("roll"))
    pelvis = _pelvis(ch, frame)
    spine, frames = _spine(ch, pelvis, frame)
    if "shoulders" in ch.channels:
        pelvis, spine = _hung(ch, pelvis, spine)
    head, face = _head(ch, spine[-1], frames[-1])
    legs = {side: _leg(ch, side, pelvis, frame) for side in SIDES}
    chest = frames[int(body.SHOULDER_AT)]
    centre = middle(spine[15], spine[16], body.SHOULDER_AT - 15)
    shoulders = {
        side: chest.point(centre, 0.6, 0.0, sign * body.SHOULDER_HALF) for side, sign in SIDES.items()
    }
    bar = _bar(motion, shoulders, spine, frames)
    arms = {
        side: _arm(_Reach(motion, ch, side, shoulders[side], chest, frame, pelvis, head, face, bar, spine))
        for side in SIDES
    }
    return Pose(pelvis, frame, spine, frames, head, face, legs, arms, bar, dict(channels))


def _foot_frame(ch: _Channels, side: str, default: Frame | None = None) -> Frame:
    if default is not None and not ch.has("toes", side):
        return default
    outwards = SIDES[side] * ch.number("turnout", side)
    return UPRIGHT.turn(ch.number("turn") + outwards).lean(-ch.number("toes", side))


_SOLE = (
    (body.HEEL, -body.ANKLE),
    (body.TOE, -body.ANKLE),
    (body.TOE, 1.8 - body.ANKLE),
    (-3.0, 2.0),
    (2.5, 2.2),
)


def _ankle(ch: _Channels, side: str) -> Vector:
    """The ankle over a foot whose lowest point lies at the height the motion asks for."""
    x, lift, z = ch.point("foot", side, body.HIP_HALF)
    foot = _foot_frame(ch, side)
    lowest = min(foot.front[1] * front + foot.up[1] * up for front, up in _SOLE)
    return (x, lift - lowest, z)


def wanted_ankle(channels: Mapping[str, Channel], side: str) -> Vector:
    """Where the channels put the ankle of a planted foot."""
    return _ankle(_Channels(channels), side)


def wanted_hand(channels: Mapping[str, Channel], side: str) -> Vector | None:
    """Where the channels put a hand (for a flat one, its wrist); None where they name no place."""
    ch = _Channels(channels)
    if ch.has("palm", side):
        return add(ch.point("palm", side, body.SHOULDER_HALF), (0.0, PALM, 0.0))
    return ch.point("hand", side, body.SHOULDER_HALF) if ch.has("hand", side) else None


def _pelvis(ch: _Channels, frame: Frame) -> Vector:
    if "shoulders" in ch.channels:
        return (0.0, 0.0, 0.0)
    if "hip" in ch.channels:
        hip = ch.channels["hip"]
        return (hip[0], hip[1], hip[2] if len(hip) == 3 else 0.0)
    shin, knee = ch.number("shin"), ch.number("knee", "r")
    ankle = _ankle(ch, "r")
    joint = add(ankle, plane(-shin), -body.SHANK)
    hip_joint = add(joint, plane(knee - shin), -body.THIGH)
    return (*add(hip_joint, frame.right, -body.HIP_HALF)[:2], 0.0)


def _hung(ch: _Channels, pelvis: Vector, spine: tuple[Vector, ...]) -> tuple[Vector, tuple[Vector, ...]]:
    """Pelvis and spine moved so that the middle between the shoulders is where the motion wants it."""
    at = ch.channels["shoulders"]
    centre = middle(spine[15], spine[16], body.SHOULDER_AT - 15)
    move = sub((at[0], at[1], at[2] if len(at) == 3 else 0.0), centre)
    return add(pelvis, move), tuple(add(point, move) for point in spine)


def _leg(ch: _Channels, side: str, pelvis: Vector, frame: Frame) -> Leg:
    sign = SIDES[side]
    hip = add(pelvis, frame.right, sign * body.HIP_HALF)
    if ch.has("foot", side):
        ankle = _ankle(ch, side)
        outwards = ch.number("turnout", side)
        ahead = frame.turn(sign * outwards)
        foot = _foot_frame(ch, side)
        # Knees point where the body faces (in a deep hinge, where it faced before it bent) and where the foot does.
        towards = add(add(add(ahead.front, frame.up, frame.up[0]), foot.front), foot.up)
        knee, ankle = bend(hip, ankle, body.THIGH, body.SHANK, towards)
        return Leg(hip, knee, ankle, foot, planted=True)
    thigh, flex = ch.number("thigh", side), ch.number("knee", side)
    out = ch.number("abduct", side)
    level = UPRIGHT.turn(ch.number("turn")).roll(ch.number("roll"))
    upper = _aside(_in(level, plane(thigh)), frame, sign, out)
    lower = _aside(_in(level, plane(thigh - flex)), frame, sign, out)
    lower = around(upper, lower, -sign * ch.number("rotate", side))
    knee = add(hip, upper, body.THIGH)
    ankle = add(knee, lower, body.SHANK)
    ahead_of_shank = _in(level, plane(thigh - flex + 90))
    ahead_of_shank = around(upper, ahead_of_shank, -sign * ch.number("rotate", side))
    up = (-lower[0], -lower[1], -lower[2])
    along = sum(ahead_of_shank[i] * up[i] for i in range(3))
    front = unit(add(ahead_of_shank, up, -along))
    natural = Frame(front, up, frame.right)
    return Leg(hip, knee, ankle, _foot_frame(ch, side, natural), planted=False)


def _in(frame: Frame, direction: Vector) -> Vector:
    """A direction given in the space of `frame`, in the world's."""
    return frame.point((0.0, 0.0, 0.0), *direction)


def _aside(direction: Vector, frame: Frame, sign: float, angle: float) -> Vector:
    """`direction` led `angle` degrees out to the side."""
    if not angle:
        return direction
    return unit(add(direction, frame.right, sign * _tan(angle)))


def _tan(angle: float) -> float:
    s = sin(angle * pi / 180)
    return s / sqrt(max(1 - s * s, 1e-6))


def _spine(ch: _Channels, pelvis: Vector, frame: Frame) -> tuple[tuple[Vector, ...], tuple[Frame, ...]]:
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


def _head(ch: _Channels, top: Vector, frame: Frame) -> tuple[Vector, Frame]:
    nod = ch.number("neck")
    neck = frame.lean(-4.0 + 0.6 * nod)
    face = frame.lean(-7.0 + nod).turn(ch.number("look"))
    return add(add(top, neck.up, body.NECK), face.front, 0.8), face


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


@dataclass(frozen=True, slots=True)
class _Reach:
    """What an arm needs to know to find its hand."""

    motion: Motion
    ch: _Channels
    side: str
    shoulder: Vector
    chest: Frame
    frame: Frame
    pelvis: Vector
    head: Vector
    face: Frame
    bar: Vector | None
    spine: tuple[Vector, ...]


def _arm(reach: _Reach) -> Arm:
    ch, side = reach.ch, reach.side
    sign = SIDES[side]
    if ch.has("palm", side):
        return _leaning_arm(reach, ch.point("palm", side, body.SHOULDER_HALF))
    if ch.has("hand", side):
        return _reaching_arm(reach, ch.point("hand", side, body.SHOULDER_HALF))
    if ch.has("arm", side):
        angle, flex, out = ch.number("arm", side), ch.number("elbow", side), ch.number("raise", side)
        upper = _aside(plane(angle), reach.frame, sign, out)
        lower = _aside(plane(angle + flex), reach.frame, sign, out)
        elbow = add(reach.shoulder, upper, body.UPPER_ARM)
        wrist = add(elbow, lower, body.FOREARM)
        return Arm(reach.shoulder, elbow, wrist, add(wrist, lower, body.FIST), flat=False)
    target = _held(reach, sign)
    if target is not None:
        return _reaching_arm(reach, target)
    elbow = add(reach.shoulder, unit((-0.05, -1.0, sign * 0.06)), body.UPPER_ARM)
    wrist = add(elbow, unit((0.06, -1.0, 0.0)), body.FOREARM)
    return Arm(reach.shoulder, elbow, wrist, add(wrist, unit((0.08, -1.0, 0.0)), body.FIST), flat=False)


def _held(reach: _Reach, sign: float) -> Vector | None:
    """Where the hand goes that holds on to a bar or to the body; None for an arm that hangs."""
    motion, chest, centre = reach.motion, reach.chest, middle(reach.spine[15], reach.spine[16])
    target: Vector | None = None
    match motion.hands:
        case "bar" if reach.bar is not None:
            target = (reach.bar[0], reach.bar[1], sign * motion.grip)
        case "back" if reach.bar is not None:
            target = chest.point(reach.bar, 0.3, 0.0, sign * 17.5)
        case "hips":
            target = reach.frame.point(reach.pelvis, 2.5, 6.5, sign * 9.5)
        case "chest":
            target = chest.point(centre, 9.2, -5.0, sign * 2.8)
        case "ears":
            target = reach.face.point(reach.head, -2.0, 0.0, sign * 6.6)
        case "stick":
            low = reach.frame.point(reach.spine[3], -8.3, 0.0, 0.0)
            high = chest.point(reach.spine[17], -6.4, 4.5, 0.0)
            target = low if sign > 0 else high
    return target


def _towards(reach: _Reach) -> Vector:
    sign = SIDES[reach.side]
    chest = reach.chest
    match reach.motion.elbows:
        case "out":
            return add(chest.right if sign > 0 else sub((0, 0, 0), chest.right), chest.up, -0.4)
        case "down":
            return (0.0, -1.0, 0.15 * sign)
        case "up":
            return (0.0, 1.0, 0.15 * sign)
        case "forward":
            return add(chest.front, chest.right, 0.3 * sign)
    return add(add(chest.front, chest.front, -2.0), chest.right, 0.35 * sign)


def _reaching_arm(reach: _Reach, target: Vector) -> Arm:
    lower = body.FOREARM + body.FIST
    elbow, hand = bend(reach.shoulder, target, body.UPPER_ARM, lower, _towards(reach))
    return Arm(reach.shoulder, elbow, middle(elbow, hand, body.FOREARM / lower), hand, flat=False)


def _leaning_arm(reach: _Reach, target: Vector) -> Arm:
    wrist_at = add(target, (0.0, PALM, 0.0))
    elbow, wrist = bend(reach.shoulder, wrist_at, body.UPPER_ARM, body.FOREARM, _towards(reach))
    up = reach.chest.up
    ahead = 1.0 if reach.frame.front[1] < 0 else -1.0
    fingers = unit((ahead * (1.0 if up[0] >= 0 else -1.0), -0.08, 0.0))
    return Arm(reach.shoulder, elbow, wrist, add(wrist, fingers, body.FIST), flat=True)
