"""Arms: to a bar, to the body, to a place in the world, by angles, or hanging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos.channels import Channels
from bot.demos.legs import aside
from bot.demos.limbs import bend
from bot.demos.skeleton import PALM, SIDES, Arm
from bot.demos.vectors import Frame, Vector, add, middle, plane, sub, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.motion import Channel, Motion


@dataclass(frozen=True, slots=True)
class Reach:
    """What an arm needs to know to find its hand."""

    motion: Motion
    ch: Channels
    side: str
    shoulder: Vector
    chest: Frame
    frame: Frame
    pelvis: Vector
    head: Vector
    face: Frame
    bar: Vector | None
    spine: tuple[Vector, ...]


def arm(reach: Reach) -> Arm:
    """One arm: to a place in the world, by angles, to what the motion lets it hold, or hanging."""
    ch, side = reach.ch, reach.side
    sign = SIDES[side]
    if ch.has("palm", side):
        return _leaning_arm(reach, ch.point("palm", side, body.SHOULDER_HALF))
    if ch.has("hand", side):
        return _reaching_arm(reach, ch.point("hand", side, body.SHOULDER_HALF))
    if ch.has("arm", side):
        angle, flex, out = ch.number("arm", side), ch.number("elbow", side), ch.number("raise", side)
        upper = aside(plane(angle), reach.frame, sign, out)
        lower = aside(plane(angle + flex), reach.frame, sign, out)
        elbow = add(reach.shoulder, upper, body.UPPER_ARM)
        wrist = add(elbow, lower, body.FOREARM)
        return Arm(reach.shoulder, elbow, wrist, add(wrist, lower, body.FIST), flat=False)
    target = _held(reach, sign)
    if target is not None:
        return _reaching_arm(reach, target)
    elbow = add(reach.shoulder, unit((-0.05, -1.0, sign * 0.06)), body.UPPER_ARM)
    wrist = add(elbow, unit((0.06, -1.0, 0.0)), body.FOREARM)
    return Arm(reach.shoulder, elbow, wrist, add(wrist, unit((0.08, -1.0, 0.0)), body.FIST), flat=False)


def wanted_hand(channels: Mapping[str, Channel], side: str) -> Vector | None:
    """Where the channels put a hand (for a flat one, its wrist); None where they name no place."""
    ch = Channels(channels)
    if ch.has("palm", side):
        return add(ch.point("palm", side, body.SHOULDER_HALF), (0.0, PALM, 0.0))
    return ch.point("hand", side, body.SHOULDER_HALF) if ch.has("hand", side) else None


def _held(reach: Reach, sign: float) -> Vector | None:
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


def _towards(reach: Reach) -> Vector:
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


def _reaching_arm(reach: Reach, target: Vector) -> Arm:
    lower = body.FOREARM + body.FIST
    elbow, hand = bend(reach.shoulder, target, body.UPPER_ARM, lower, _towards(reach))
    return Arm(reach.shoulder, elbow, middle(elbow, hand, body.FOREARM / lower), hand, flat=False)


def _leaning_arm(reach: Reach, target: Vector) -> Arm:
    wrist_at = add(target, (0.0, PALM, 0.0))
    elbow, wrist = bend(reach.shoulder, wrist_at, body.UPPER_ARM, body.FOREARM, _towards(reach))
    up = reach.chest.up
    ahead = 1.0 if reach.frame.front[1] < 0 else -1.0
    fingers = unit((ahead * (1.0 if up[0] >= 0 else -1.0), -0.08, 0.0))
    return Arm(reach.shoulder, elbow, wrist, add(wrist, fingers, body.FIST), flat=True)
