"""Things that the figure holds or carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos import theme
from bot.demos.furniture import block
from bot.demos.paint import HALO, Brush, blend, ring
from bot.demos.vectors import Vector, add, middle, sub, unit
from corpus.motion import Prop

if TYPE_CHECKING:
    from bot.demos.stage import Stage

_RING = ring(28)


def far_end(stage: Stage, prop: Prop) -> None:
    """The far plate and the shaft of a barbell, which the figure covers."""
    _plate(stage.brush, _bar_end(stage, prop, -1.0), far=True)
    _shaft(stage, prop)


def barbell(stage: Stage, prop: Prop) -> None:
    """What of a barbell lies before the figure: one plate from the side, else the whole bar."""
    if not stage.brush.camera.sideways:
        _shaft(stage, prop)
        _plate(stage.brush, _bar_end(stage, prop, -1.0), far=False)
    _plate(stage.brush, _bar_end(stage, prop, 1.0), far=False)


def _bar_end(stage: Stage, prop: Prop, side: float) -> Vector:
    """The middle of a plate. From the side the bar is drawn short, so that both plates stay over the foot."""
    centre = stage.held(prop)
    half = 10.0 if stage.brush.camera.sideways else max(stage.motion.grip + 9.0, 24.0)
    return add(centre, (0.0, 0.0, 1.0), side * half)


def _shaft(stage: Stage, prop: Prop) -> None:
    ends = [_bar_end(stage, prop, side) for side in (-1.0, 1.0)]
    centre = middle(ends[0], ends[1])
    ends = [add(centre, sub(end, centre), 1.18) for end in ends]
    stage.brush.limb([(end, 1.0) for end in ends], stage.brush.ground, 0.6)
    stage.brush.limb([(end, 0.8) for end in ends], theme.STEEL)


def _plate(brush: Brush, centre: Vector, *, far: bool) -> None:
    def disc(radius: float, z: float) -> list[Vector]:
        return [(centre[0] + radius * c, centre[1] + radius * s, centre[2] + z) for c, s in _RING]

    ink = blend(theme.PLATE, theme.CARD, 0.62)
    if far:
        brush.shape([*disc(body.PLATE, -1.4), *disc(body.PLATE, 1.4)], blend(ink, theme.CARD, 0.45))
        return
    see_through = (
        (*theme.PLATE[:3], 105) if brush.camera.sideways else (*blend(theme.PLATE, theme.CARD, 0.25)[:3], 165)
    )
    brush.shape([*disc(body.PLATE, -1.4), *disc(body.PLATE, 1.4)], see_through)
    for radius, width in ((body.PLATE, 0.7), (5.2, 0.4)):
        outline = [brush.camera.dot(point) for point in disc(radius, 1.4)]
        brush.draw.line(
            [*outline, outline[0]], fill=theme.RIM, width=max(round(width * brush.camera.scale), 1)
        )
    brush.ball(centre, 1.5, theme.STEEL)


def dumbbell(stage: Stage, prop: Prop) -> None:
    """A dumbbell, along the view that shows both heads."""
    brush = stage.brush
    hand = stage.held(prop)
    along = (1.0, 0.0, 0.0) if abs(brush.camera.yaw) < 70 else (0.25, 0.0, 0.97)
    brush.limb([(add(hand, along, -4.6), 0.9), (add(hand, along, 4.6), 0.9)], theme.STEEL)
    for side in (-1.0, 1.0):
        head = [(add(hand, along, side * 5.4), 2.8), (add(hand, along, side * 7.2), 2.8)]
        brush.limb(head, brush.ground, 0.6)
        brush.limb(head, theme.SHOES)


def kettlebell(stage: Stage, prop: Prop) -> None:
    """A kettlebell: hanging, at the chest, or resting on the forearm overhead."""
    brush = stage.brush
    hand = stage.held(prop)
    arm = stage.pose.arms["l" if prop.on == "left hand" else "r"]
    overhead = hand[1] > arm.shoulder[1] + 5.0
    # A bell held overhead rests on the back of the forearm.
    resting = unit(add(unit(sub(arm.wrist, arm.hand)), (-1.0, 0.0, 0.35), 0.9))
    down = resting if overhead else (0.0, -1.0, 0.0)
    # Held by the horns at the chest the bell sits between the hands, else it hangs from the handle.
    at_chest = stage.motion.hands == "chest"
    centre = add(hand, (3.6, 0.6, 0.0)) if at_chest else add(hand, down, 8.0)
    across = brush.camera.sideways or overhead
    sideways = unit((down[1], -down[0], 0.0)) if across else (0.0, 0.0, 1.0)
    handle = [
        add(centre, sideways, -3.6),
        add(hand, sideways, -3.2),
        add(hand, sideways, 3.2),
        add(centre, sideways, 3.6),
    ]
    for grow, ink in ((0.6, brush.ground), (0.0, theme.STEEL)):
        brush.limb([(point, 0.9) for point in handle], ink, grow)
        brush.ball(centre, 4.7 + grow, theme.SHOES if not grow else ink)
    brush.ball(add(centre, (-1.4, 1.5, 0.0)), 0.9, blend(theme.SHOES, theme.TEXT, 0.4))


def sled(stage: Stage, prop: Prop) -> None:
    """A push sled with plates, its posts in the hands."""
    brush = stage.brush
    hand = stage.held(prop)
    x = hand[0]
    for z in (-8.0, 8.0):
        brush.limb(
            [((x - 4.0, 1.2, z), 1.1), ((x + 24.0, 1.2, z), 1.1), ((x + 28.0, 3.6, z), 1.1)], theme.STEEL
        )
        brush.limb([((x, 1.6, z), 1.0), ((x, max(hand[1] + 5.0, 30.0), z), 1.0)], theme.STEEL)
    for i in range(3):
        block(stage, Prop("box", (x + 13.0, 2.4 + 3.4 * i, 0.0), (17.0, 3.0)), theme.PLATE, 7.0)


def stick(stage: Stage, prop: Prop) -> None:
    """A stick along the back, or across both hands."""
    brush = stage.brush
    if prop.on == "back":
        tail = stage.pose.frame.point(stage.pose.pelvis, -8.0, -4.0, 0.0)
        crown = stage.pose.face.point(stage.pose.head, -(body.HEAD + 1.0), 3.0, 0.0)
        along = unit(sub(crown, tail))
        ends = [add(tail, along, -3.0), add(crown, along, 5.0)]
    else:
        hands = [stage.pose.arms[side].hand for side in ("r", "l")]
        along = unit(sub(hands[0], hands[1]))
        ends = [add(hands[0], along, 9.0), add(hands[1], along, -9.0)]
    brush.limb([(end, 0.9) for end in ends], brush.ground, HALO * 0.6)
    brush.limb([(end, 0.9) for end in ends], theme.MOVED)
