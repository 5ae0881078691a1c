"""Draws the things beside and in the hands of the figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demos import proportions as body
from bot.demos import theme
from bot.demos.paint import HALO, Brush, Colour, blend, ring
from bot.demos.vectors import Vector, add, middle, sub, unit
from corpus.motion import Motion, Prop

if TYPE_CHECKING:
    from bot.demos.pose import Pose

BEHIND = ("wall", "slope", "box", "bench", "blocks", "rack", "ghd", "ball", "roller", "cable", "band")
_RING = ring(28)


def draw_behind(brush: Brush, motion: Motion, pose: Pose) -> None:
    """Everything that stands behind or under the figure."""
    for prop in motion.props:
        if prop.kind in BEHIND and not _before(brush, prop, pose):
            _DRAW[prop.kind](brush, motion, prop, pose)
        elif prop.kind == "barbell":
            _plate(brush, _bar_end(brush, motion, prop, pose, -1.0), far=True)
            _shaft(brush, motion, prop, pose)


def draw_carried(brush: Brush, motion: Motion, pose: Pose) -> None:
    """Everything that the hands hold, to be drawn before the near arm."""
    for prop in motion.props:
        if prop.kind == "barbell":
            if not brush.camera.sideways:
                _shaft(brush, motion, prop, pose)
                _plate(brush, _bar_end(brush, motion, prop, pose, -1.0), far=False)
            _plate(brush, _bar_end(brush, motion, prop, pose, 1.0), far=False)
        elif prop.kind not in BEHIND or _before(brush, prop, pose):
            _DRAW[prop.kind](brush, motion, prop, pose)


def _before(brush: Brush, prop: Prop, pose: Pose) -> bool:
    """Whether a cable comes from nearer the viewer than the figure stands."""
    at = (prop.at[0], prop.at[1], prop.at[2]) if len(prop.at) > 2 else (prop.at[0], prop.at[1], 0.0)
    return prop.kind == "cable" and brush.camera.depth(at) > brush.camera.depth(pose.pelvis) + 10.0


def carried_point(motion: Motion, prop: Prop, pose: Pose) -> Vector:
    """Where a carried prop is held."""
    if prop.on == "back" and pose.bar is not None:
        return pose.bar
    if prop.on in ("right foot", "left foot"):
        return pose.legs[prop.on[0]].ankle
    if prop.on in ("right hand", "left hand"):
        return pose.arms[prop.on[0]].hand
    if pose.bar is not None and prop.kind == "barbell":
        return pose.bar
    return middle(pose.arms["r"].hand, pose.arms["l"].hand)


def _bar_end(brush: Brush, motion: Motion, prop: Prop, pose: Pose, side: float) -> Vector:
    """The middle of a plate. From the side the bar is drawn short, so that both plates stay over the foot."""
    centre = carried_point(motion, prop, pose)
    half = 10.0 if brush.camera.sideways else max(motion.grip + 9.0, 24.0)
    return add(centre, (0.0, 0.0, 1.0), side * half)


def _shaft(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    ends = [_bar_end(brush, motion, prop, pose, side) for side in (-1.0, 1.0)]
    centre = middle(ends[0], ends[1])
    ends = [add(centre, sub(end, centre), 1.18) for end in ends]
    brush.limb([(end, 1.0) for end in ends], brush.ground, 0.6)
    brush.limb([(end, 0.8) for end in ends], theme.STEEL)


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


def _block(brush: Brush, prop: Prop, colour: Colour, half_depth: float) -> None:
    x, y = prop.at[0], prop.at[1]
    z = prop.at[2] if len(prop.at) > 2 else 0.0
    width, height = prop.size
    near = [
        (x + a * width / 2, y + b * height, z + half_depth) for a, b in ((-1, 0), (1, 0), (1, 1), (-1, 1))
    ]
    far = [(px, py, z - half_depth) for px, py, _ in near]
    brush.shape([*near, *far], brush.ground, 0.6)
    brush.shape([*near, *far], blend(colour, theme.CARD, 0.35))
    brush.shape(near, colour)
    right = [near[1], near[2], far[2], far[1]]
    brush.shape(right, blend(colour, theme.CARD, 0.2))


def _box(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    _block(brush, prop, theme.WOOD, 12.0)


def _bench(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    x, y = prop.at[0], prop.at[1]
    width, height = prop.size
    z = prop.at[2] if len(prop.at) > 2 else 0.0
    for foot in (-0.38, 0.38):
        brush.limb(
            [((x + foot * width, y + 0.6, z), 1.1), ((x + foot * width, y + height - 3, z), 1.1)], theme.WOOD
        )
    _block(brush, Prop("box", (x, y + height - 5.0, z), (width, 5.0)), theme.PAD, 9.0)


def _blocks(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    for z in (-12.0, 12.0):
        _block(
            brush,
            Prop("box", (prop.at[0], prop.at[1], z), prop.size),
            blend(theme.WOOD, theme.CARD, 0.25),
            3.0,
        )


def _rack(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    """Two uprights with pins; `size` gives the height of the pins and of the posts."""
    x, pins = prop.at[0], prop.size[0]
    height = prop.size[1] if len(prop.size) > 1 else 84.0
    ink = blend(theme.WOOD, theme.CARD, 0.35)
    for dx in (-16.0, 16.0):
        brush.limb([((x + dx, 0.8, -13.0), 1.3), ((x + dx, height, -13.0), 1.3)], ink)
    brush.limb([((x - 17.0, pins, -13.0), 1.0), ((x + 17.0, pins, -13.0), 1.0)], theme.STEEL)


def _ghd(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    """`at` is the middle of the hip pad; `size` the distance back to the foot rollers and their height."""
    x, y = prop.at[0], prop.at[1]
    back, rollers = prop.size
    frame = theme.WOOD
    brush.limb([((x - back - 2.0, 0.9, 0.0), 1.3), ((x + 6.0, 0.9, 0.0), 1.3)], frame)
    brush.limb([((x - 2.0, 1.0, 0.0), 1.5), ((x, y - 2.0, 0.0), 1.5)], frame)
    brush.limb([((x - back, 1.0, 0.0), 1.5), ((x - back, rollers, 0.0), 1.5)], frame)
    brush.limb([((x - back, rollers * 0.75, 0.0), 1.0), ((x - 1.0, y * 0.8, 0.0), 1.0)], frame)
    brush.limb([((x - 2.6, y, 0.0), 4.4), ((x + 2.6, y, 0.0), 4.4)], brush.ground, 0.7)
    brush.limb([((x - 2.6, y, 0.0), 4.4), ((x + 2.6, y, 0.0), 4.4)], theme.PAD)
    for dy in (5.2, -5.2):
        brush.ball((x - back, rollers + dy, 0.0), 2.6, theme.PAD, 0.6)
    brush.limb(
        [((x - back + 2.6, rollers - 6.0, 0.0), 0.8), ((x - back + 2.6, rollers + 6.0, 0.0), 0.8)], frame
    )


def _wall(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    """`at` gives the x of the surface; `size` its thickness (negative: it lies towards -x) and its height."""
    x, (thick, height) = prop.at[0], prop.size
    corners = [(x, 0.0, 0.0), (x + thick, 0.0, 0.0), (x + thick, height, 0.0), (x, height, 0.0)]
    brush.shape(corners, theme.FOOTER)
    brush.limb([((x, 0.0, 0.0), 0.4), ((x, height, 0.0), 0.4)], theme.LINE)


def _slope(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    """A hill through the origin; `size` is its rise over 100 units."""
    rise = prop.size[0] / 100.0
    ends = [(-130.0, -130.0 * rise, 0.0), (130.0, 130.0 * rise, 0.0)]
    brush.shape([*ends, (130.0, -60.0, 0.0), (-130.0, -60.0, 0.0)], theme.FLOOR)
    brush.limb([(point, 0.35) for point in ends], theme.LINE)


def _ball(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    radius = prop.size[0]
    place = pose.channels.get("prop", prop.at)
    centre = (place[0], place[1], 0.0)
    brush.ball(centre, radius, blend(theme.PLATE, theme.CARD, 0.45), 0.7)
    shine = add(centre, (-radius * 0.35, radius * 0.4, 0.0))
    brush.ball(shine, radius * 0.18, blend(theme.PLATE, theme.TEXT, 0.25))


def _roller(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    radius = prop.size[0]
    place = pose.channels.get("prop", prop.at)
    ends = [((place[0], place[1], z), radius) for z in (-9.0, 9.0)]
    brush.limb(ends, brush.ground, 0.7)
    brush.limb(ends, blend(theme.PAD, theme.CARD, 0.2))
    brush.ball(ends[1][0], radius, theme.PAD)
    brush.ball(ends[1][0], radius * 0.4, theme.CARD)


def _cable(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    x, y = prop.at[0], prop.at[1]
    z = prop.at[2] if len(prop.at) > 2 else 0.0
    height = max(y + 6.0, 62.0)
    brush.limb([((x, 0.8, z), 1.6), ((x, height, z), 1.6)], theme.WOOD)
    brush.limb([((x - 5.0, 0.8, z), 0.9), ((x + 5.0, 0.8, z), 0.9)], theme.WOOD)
    brush.ball((x, y, z), 2.4, theme.STEEL, 0.6)
    brush.line([(x, y, z), carried_point(motion, prop, pose)], theme.STEEL, 0.8)


def _band(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    x, y = prop.at[0], prop.at[1]
    z = prop.at[2] if len(prop.at) > 2 else 0.0
    brush.limb([((x, 0.8, z), 1.3), ((x, max(y + 10.0, 22.0), z), 1.3)], theme.WOOD)
    end = carried_point(motion, prop, pose)
    brush.line([(x, y, z), end], theme.BAND, 1.4)
    brush.ball(end, 3.3, theme.BAND)


def _dumbbell(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    hand = carried_point(motion, prop, pose)
    along = (1.0, 0.0, 0.0) if abs(brush.camera.yaw) < 70 else (0.25, 0.0, 0.97)
    brush.limb([(add(hand, along, -4.6), 0.9), (add(hand, along, 4.6), 0.9)], theme.STEEL)
    for side in (-1.0, 1.0):
        head = [(add(hand, along, side * 4.0), 2.7), (add(hand, along, side * 6.6), 2.7)]
        brush.limb(head, brush.ground, 0.6)
        brush.limb(head, theme.SHOES)


def _kettlebell(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    hand = carried_point(motion, prop, pose)
    arm = pose.arms["l" if prop.on == "left hand" else "r"]
    overhead = hand[1] > arm.shoulder[1] + 5.0
    if overhead:  # a bell held overhead rests on the back of the forearm
        down = unit(add(unit(sub(arm.wrist, arm.hand)), (-1.0, 0.0, 0.35), 0.9))
    else:
        down = (0.0, -1.0, 0.0)
    # Held by the horns at the chest the bell sits between the hands, else it hangs from the handle.
    centre = add(hand, down, 1.5 if motion.hands == "chest" else 7.2)
    sideways = unit((down[1], -down[0], 0.0))
    handle = [
        add(centre, sideways, -3.0),
        add(hand, sideways, -2.4),
        add(hand, sideways, 2.4),
        add(centre, sideways, 3.0),
    ]
    for grow, ink in ((0.6, brush.ground), (0.0, theme.STEEL)):
        brush.limb([(point, 0.9) for point in handle], ink, grow)
        brush.ball(centre, 4.7 + grow, theme.SHOES if not grow else ink)
    brush.ball(add(centre, (-1.4, 1.5, 0.0)), 0.9, blend(theme.SHOES, theme.TEXT, 0.4))


def _sled(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    hand = carried_point(motion, prop, pose)
    x = hand[0]
    for z in (-8.0, 8.0):
        brush.limb(
            [((x - 4.0, 1.2, z), 1.1), ((x + 24.0, 1.2, z), 1.1), ((x + 28.0, 3.6, z), 1.1)], theme.STEEL
        )
        brush.limb([((x, 1.6, z), 1.0), ((x, max(hand[1] + 5.0, 30.0), z), 1.0)], theme.STEEL)
    for i in range(3):
        _block(brush, Prop("box", (x + 13.0, 2.4 + 3.4 * i, 0.0), (17.0, 3.0)), theme.PLATE, 7.0)


def _stick(brush: Brush, motion: Motion, prop: Prop, pose: Pose) -> None:
    if prop.on == "back":
        tail = pose.frame.point(pose.pelvis, -8.0, -4.0, 0.0)
        crown = pose.face.point(pose.head, -(body.HEAD + 1.0), 3.0, 0.0)
        along = unit(sub(crown, tail))
        ends = [add(tail, along, -3.0), add(crown, along, 5.0)]
    else:
        hands = [pose.arms[side].hand for side in ("r", "l")]
        along = unit(sub(hands[0], hands[1]))
        ends = [add(hands[0], along, 9.0), add(hands[1], along, -9.0)]
    brush.limb([(end, 0.9) for end in ends], brush.ground, HALO * 0.6)
    brush.limb([(end, 0.9) for end in ends], theme.MOVED)


_DRAW = {
    "ball": _ball,
    "band": _band,
    "bench": _bench,
    "blocks": _blocks,
    "box": _box,
    "cable": _cable,
    "dumbbell": _dumbbell,
    "ghd": _ghd,
    "kettlebell": _kettlebell,
    "rack": _rack,
    "roller": _roller,
    "sled": _sled,
    "slope": _slope,
    "stick": _stick,
    "wall": _wall,
}
