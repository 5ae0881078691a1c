"""Legs: to a planted foot by inverse kinematics, or freely by angles."""

from __future__ import annotations

from math import pi, sin, sqrt
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.channels import Channels
from bot.demos.limbs import bend
from bot.demos.skeleton import SIDES, Leg
from bot.demos.vectors import UPRIGHT, Frame, Vector, add, around, plane, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.motion import Channel


def leg(ch: Channels, side: str, pelvis: Vector, frame: Frame) -> Leg:
    """One leg: to its planted foot where the motion gives one, else by the angles of thigh and knee."""
    sign = SIDES[side]
    hip = add(pelvis, frame.right, sign * body.HIP_HALF)
    if ch.has("foot", side):
        ankle = ankle_over_foot(ch, side)
        outwards = ch.number("turnout", side)
        ahead = frame.turn(sign * outwards)
        foot = foot_frame(ch, side)
        # Knees point where the body faces (in a deep hinge, where it faced before it bent) and where the foot does.
        towards = add(add(add(ahead.front, frame.up, frame.up[0]), foot.front), foot.up)
        knee, ankle = bend(hip, ankle, body.THIGH, body.SHANK, towards)
        return Leg(hip, knee, ankle, foot, planted=True)
    thigh, flex = ch.number("thigh", side), ch.number("knee", side)
    out = ch.number("abduct", side)
    level = UPRIGHT.turn(ch.number("turn")).roll(ch.number("roll"))
    upper = aside(_in(level, plane(thigh)), frame, sign, out)
    lower = aside(_in(level, plane(thigh - flex)), frame, sign, out)
    lower = around(upper, lower, -sign * ch.number("rotate", side))
    knee = add(hip, upper, body.THIGH)
    ankle = add(knee, lower, body.SHANK)
    ahead_of_shank = _in(level, plane(thigh - flex + 90))
    ahead_of_shank = around(upper, ahead_of_shank, -sign * ch.number("rotate", side))
    up = (-lower[0], -lower[1], -lower[2])
    along = sum(ahead_of_shank[i] * up[i] for i in range(3))
    front = unit(add(ahead_of_shank, up, -along))
    natural = Frame(front, up, frame.right)
    return Leg(hip, knee, ankle, foot_frame(ch, side, natural), planted=False)


def foot_frame(ch: Channels, side: str, default: Frame | None = None) -> Frame:
    """Which way a foot points, by its own pitch and turn; `default` for a free foot with neither."""
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


def ankle_over_foot(ch: Channels, side: str) -> Vector:
    """The ankle over a foot whose lowest point lies at the height the motion asks for."""
    x, lift, z = ch.point("foot", side, body.HIP_HALF)
    foot = foot_frame(ch, side)
    lowest = min(foot.front[1] * front + foot.up[1] * up for front, up in _SOLE)
    return (x, lift - lowest, z)


def wanted_ankle(channels: Mapping[str, Channel], side: str) -> Vector:
    """Where the channels put the ankle of a planted foot."""
    return ankle_over_foot(Channels(channels), side)


def _in(frame: Frame, direction: Vector) -> Vector:
    """A direction given in the space of `frame`, in the world's."""
    return frame.point((0.0, 0.0, 0.0), *direction)


def aside(direction: Vector, frame: Frame, sign: float, angle: float) -> Vector:
    """`direction` led `angle` degrees out to the side."""
    if not angle:
        return direction
    return unit(add(direction, frame.right, sign * _tan(angle)))


def _tan(angle: float) -> float:
    s = sin(angle * pi / 180)
    return s / sqrt(max(1 - s * s, 1e-6))
