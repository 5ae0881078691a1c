"""Draws the mannequin: far limbs first and darker, then trunk and head, then near limbs, and the spine on top."""

from __future__ import annotations

import itertools
from math import cos, pi, sin
from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos import theme
from bot.demos.paint import HALO, Brush, Colour, Dot, blend, ring
from bot.demos.skeleton import Arm, Leg, Pose
from bot.demos.vectors import Frame, Vector, add, middle

if TYPE_CHECKING:
    from collections.abc import Callable

# Height along the spine (0 hips, 1 top), reach to the front and to the back, half width.
_TRUNK = (
    (0.00, 6.0, 6.2, 8.3),
    (0.15, 6.2, 5.4, 8.2),
    (0.34, 5.6, 4.3, 7.2),
    (0.55, 7.0, 4.3, 8.2),
    (0.76, 7.9, 4.5, 9.6),
    (0.90, 5.6, 3.9, 8.8),
    (1.00, 2.9, 2.7, 4.4),
)
_RING = ring(16)
_SPINE_BACK = 1.9
"""How far behind the middle of the trunk the spine runs."""


def draw(
    brush: Brush, pose: Pose, spine: Colour, carried: Callable[[], None], *, head_over: bool = False
) -> None:
    """Draw the whole figure. `carried` is called between trunk and near arms, for what the hands hold."""
    order = _order(brush, pose)
    for limb, shade in order["far"]:
        _limb(brush, limb, shade)
    _trunk(brush, pose)
    for limb, shade in order["near"]:
        if isinstance(limb, Leg):
            _leg(brush, limb, shade)
    _shorts(brush, pose)
    if not head_over:
        _head(brush, pose)
    carried()
    for limb, shade in order["near"]:
        if isinstance(limb, Arm):
            _arm(brush, limb, shade)
    if head_over:
        _head(brush, pose)
    _backbone(brush, pose, spine)


def _order(brush: Brush, pose: Pose) -> dict[str, list[tuple[Arm | Leg, float]]]:
    """Limbs behind and before the trunk, the farthest first, each with how much it is darkened."""
    depth = brush.camera.depth
    trunk = depth(middle(pose.pelvis, pose.spine[12]))
    limbs: list[tuple[float, Arm | Leg]] = [
        ((depth(leg.hip) + depth(leg.knee) + depth(leg.ankle)) / 3, leg) for leg in pose.legs.values()
    ]
    limbs += [
        ((depth(arm.shoulder) + depth(arm.elbow) + 2 * depth(arm.hand)) / 4, arm)
        for arm in pose.arms.values()
    ]
    limbs.sort(key=lambda item: item[0])
    placed: dict[str, list[tuple[Arm | Leg, float]]] = {"far": [], "near": []}
    for at, limb in limbs:
        behind = trunk - at
        where = "far" if behind > 1.5 else "near"
        placed[where].append((limb, min(max((behind - 1.0) / 4.0, 0.0), 1.0) * 0.5))
    return placed


def _limb(brush: Brush, limb: Arm | Leg, shade: float) -> None:
    if isinstance(limb, Leg):
        _leg(brush, limb, shade)
    else:
        _arm(brush, limb, shade)


def _leg(brush: Brush, leg: Leg, shade: float) -> None:
    r = body.RADII
    skin = blend(theme.BODY, theme.SHADE, shade)
    thigh = [(leg.hip, r["hip"]), (middle(leg.hip, leg.knee, 0.55), 5.3), (leg.knee, r["knee"])]
    shank = [
        (leg.knee, r["knee"] - 0.2),
        (middle(leg.knee, leg.ankle, 0.3), r["calf"]),
        (leg.ankle, r["ankle"]),
    ]
    sole = foot_points(leg)
    for part in (thigh, shank):
        brush.limb(part, brush.ground, HALO)
    brush.shape(sole, brush.ground, HALO)
    brush.limb(shank, skin)
    brush.shape(sole, blend(theme.SHOES, theme.SHADE, shade), 0.5)
    brush.limb(thigh, skin)
    hem = middle(leg.hip, leg.knee, 0.5)
    brush.limb([(leg.hip, r["hip"]), (hem, 5.55)], blend(theme.SHORTS, theme.SHADE, shade))


def foot_points(leg: Leg) -> list[Vector]:
    """Corners of the shoe."""
    corners = (
        (-3.9, -3.4, 1.8),
        (-3.6, 0.2, 1.6),
        (-1.5, 2.0, 1.5),
        (2.2, 1.8, 1.7),
        (7.0, -1.4, 2.6),
        (10.2, -2.6, 1.7),
        (10.4, -3.4, 1.7),
        (7.2, -3.4, 2.8),
    )
    return [
        leg.foot.point(leg.ankle, front, up, sign * out) for front, up, out in corners for sign in (-1.0, 1.0)
    ]


def _arm(brush: Brush, arm: Arm, shade: float) -> None:
    r = body.RADII
    skin = blend(theme.BODY, theme.SHADE, shade)
    upper = [(arm.shoulder, r["shoulder"]), (arm.elbow, r["elbow"])]
    lower = [(arm.elbow, r["elbow"]), (middle(arm.elbow, arm.wrist, 0.25), 2.8), (arm.wrist, r["wrist"])]
    hand = (
        [(arm.wrist, 1.7), (arm.hand, r["palm"])]
        if arm.flat
        else [(arm.wrist, r["wrist"]), (arm.hand, r["fist"])]
    )
    for part in (upper, lower, hand):
        brush.limb(part, brush.ground, HALO)
    brush.limb(upper, skin)
    brush.limb(lower, skin)
    brush.limb(hand, skin)


def _slice(pose: Pose, share: float, front: float, back: float, half: float) -> list[Vector]:
    """Points round the trunk at `share` of the height of the spine."""
    at = share * body.SEGMENTS
    low = min(int(at), body.SEGMENTS - 1)
    centre = middle(pose.spine[low], pose.spine[low + 1], at - low)
    frame = pose.frames[min(round(at), body.SEGMENTS)]
    return [frame.point(centre, (front if c > 0 else back) * c, 0.0, half * s) for c, s in _RING]


def _outline_at(share: float) -> tuple[float, float, float]:
    for (a, *low), (b, *high) in itertools.pairwise(_TRUNK):
        if share <= b:
            part = (share - a) / (b - a)
            part = part * part * (3 - 2 * part)
            return tuple(p + part * (q - p) for p, q in zip(low, high, strict=True))  # type: ignore[return-value]
    return _TRUNK[-1][1:]


_STATIONS = tuple((i / 20, *_outline_at(i / 20)) for i in range(21))


def _trunk(brush: Brush, pose: Pose) -> None:
    for grow, ink in ((HALO, brush.ground), (0.0, theme.BODY)):
        slices = [_slice(pose, share, f + grow, b + grow, w + grow) for share, f, b, w in _STATIONS]
        for low, high in itertools.pairwise(slices):
            brush.shape([*low, *high], ink)
        # Where the back bends far the slices cross; a core along the spine keeps the belly smooth.
        core = [(pose.frames[i].point(pose.spine[i], 1.6, 0.0, 0.0), 5.0) for i in range(2, 16)]
        brush.limb(core, ink, grow)
        for arm in pose.arms.values():
            brush.limb([(pose.spine[17], 2.9), (arm.shoulder, 3.5)], ink, grow)
            brush.limb([(arm.shoulder, 3.5), (pose.spine[11], 4.0)], ink, grow)


def _shorts(brush: Brush, pose: Pose) -> None:
    low, high = _slice(pose, 0.0, 6.3, 6.6, 8.5), _slice(pose, 0.16, 6.35, 5.6, 8.35)
    seat = pose.frame.point(pose.pelvis, -1.2, -0.6, 0.0)
    hips = [(pose.legs[side].hip, body.RADII["hip"]) for side in ("r", "l")]
    brush.shape([*low, *high], theme.SHORTS)
    brush.limb(hips, theme.SHORTS)
    brush.ball(seat, 6.9, theme.SHORTS)


def _head(brush: Brush, pose: Pose) -> None:
    face, head = pose.face, pose.head
    neck = [(pose.spine[17], body.RADII["neck"] + 0.4), (add(head, face.up, -2.0), body.RADII["neck"])]
    jaw = face.point(head, 1.7, -3.0, 0.0)
    brush.limb(neck, brush.ground, HALO)
    brush.limb([(head, body.HEAD), (jaw, 3.9)], brush.ground, HALO)
    brush.limb(neck, blend(theme.BODY, theme.SHADE, 0.14))
    nose = face.point(head, body.HEAD + 0.5, -0.9, 0.0)
    if brush.camera.depth(nose) > brush.camera.depth(head) - 2.0:
        brush.ball(nose, 1.0, theme.BODY)
    brush.limb([(head, body.HEAD), (jaw, 3.9)], theme.BODY)
    for side in (1.0, -1.0):
        eye = face.point(head, body.HEAD * 0.7, -0.2, side * 2.9)
        if brush.camera.depth(eye) > brush.camera.depth(head) + 0.4:
            brush.ball(eye, 0.75, theme.SHADE)
    brush.draw.polygon(_hair(brush, head, face), fill=theme.HAIR)
    for side in (1.0, -1.0):
        ear = face.point(head, -0.6, -0.8, side * body.HEAD * 0.9)
        if brush.camera.depth(ear) > brush.camera.depth(head) + 1.5:
            brush.ball(ear, 1.35, blend(theme.BODY, theme.HAIR, 0.25))


def _hair(brush: Brush, head: Vector, face: Frame) -> list[Dot]:
    """The visible part of the half of the skull that carries hair."""
    tilt = face.lean(-28.0)
    normal = tilt.up
    camera = brush.camera
    x, y = camera.dot(head)
    across, rise, towards = camera.across(normal), -normal[1], camera.depth(normal)
    size = max((across * across + rise * rise) ** 0.5, 1e-6)
    ux, uy = across / size, rise / size
    radius = body.HEAD * camera.scale
    steps = [pi * (i / 16 - 0.5) for i in range(17)]
    edge = [(cos(s), sin(s)) for s in steps]
    inner = [(-towards * cos(s), -sin(s)) for s in steps]
    return [(x + radius * (u * ux - v * uy), y + radius * (u * uy + v * ux)) for u, v in edge + inner]


def _backbone(brush: Brush, pose: Pose, colour: Colour) -> None:
    points = [
        add(point, frame.front, -_SPINE_BACK * min(i / 5, 1.0))
        for i, (point, frame) in enumerate(zip(pose.spine, pose.frames, strict=True))
    ]
    shown = points[1:18]
    brush.line(shown, brush.ground, 2.6)
    for vertebra in shown[::3]:
        brush.ball(vertebra, 1.75, brush.ground)
    brush.line(shown, colour, 1.3)
    for vertebra in shown[::3]:
        brush.ball(vertebra, 1.25, colour)
