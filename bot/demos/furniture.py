"""Things that stand in the picture: floor-bound, drawn behind the figure."""

from __future__ import annotations

from bot.demos import theme
from bot.demos.paint import Colour, blend
from bot.demos.stage import Stage, place
from bot.demos.vectors import add
from corpus.motion import Prop


def block(stage: Stage, prop: Prop, colour: Colour, half_depth: float) -> None:
    """A solid block standing at the place of `prop`, `half_depth` to either side of its middle."""
    brush = stage.brush
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


def box(stage: Stage, prop: Prop) -> None:
    """A box to step on."""
    block(stage, prop, theme.WOOD, 12.0)


def bench(stage: Stage, prop: Prop) -> None:
    """A padded bench; a third figure in `size` makes it wider across than the usual 18."""
    x, y, z = place(prop)
    width, height, *across = prop.size
    half = across[0] / 2 if across else 9.0
    for dx in (-0.38, 0.38):
        for dz in (-half + 3.0, half - 3.0):
            post = [(x + dx * width, y + 0.6, z + dz), (x + dx * width, y + height - 3.0, z + dz)]
            stage.brush.limb([(end, 1.1) for end in post], theme.WOOD)
    block(stage, Prop("box", (x, y + height - 5.0, z), (width, 5.0)), theme.PAD, half)


def blocks(stage: Stage, prop: Prop) -> None:
    """Two blocks under the plates."""
    for z in (-12.0, 12.0):
        block(
            stage,
            Prop("box", (prop.at[0], prop.at[1], z), prop.size),
            blend(theme.WOOD, theme.CARD, 0.25),
            3.0,
        )


def rack(stage: Stage, prop: Prop) -> None:
    """Two uprights with pins; `size` gives the height of the pins and of the posts."""
    brush = stage.brush
    x, pins = prop.at[0], prop.size[0]
    height = prop.size[1] if len(prop.size) > 1 else 84.0
    ink = blend(theme.WOOD, theme.CARD, 0.35)
    for dx in (-16.0, 16.0):
        brush.limb([((x + dx, 0.8, -13.0), 1.3), ((x + dx, height, -13.0), 1.3)], ink)
    brush.limb([((x - 17.0, pins, -13.0), 1.0), ((x + 17.0, pins, -13.0), 1.0)], theme.STEEL)


def ghd(stage: Stage, prop: Prop) -> None:
    """`at` is the middle of the hip pad; `size` the distance back to the foot rollers and their height."""
    brush = stage.brush
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


def wall(stage: Stage, prop: Prop) -> None:
    """`at` gives the x of the surface; `size` its thickness (negative: it lies towards -x) and its height."""
    brush = stage.brush
    x, (thick, height) = prop.at[0], prop.size
    corners = [(x, 0.0, 0.0), (x + thick, 0.0, 0.0), (x + thick, height, 0.0), (x, height, 0.0)]
    brush.shape(corners, theme.FOOTER)
    brush.limb([((x, 0.0, 0.0), 0.4), ((x, height, 0.0), 0.4)], theme.LINE)


def slope(stage: Stage, prop: Prop) -> None:
    """A hill through the origin; `size` is its rise over 100 units."""
    brush = stage.brush
    rise = prop.size[0] / 100.0
    ends = [(-130.0, -130.0 * rise, 0.0), (130.0, 130.0 * rise, 0.0)]
    brush.shape([*ends, (130.0, -60.0, 0.0), (-130.0, -60.0, 0.0)], theme.FLOOR)
    brush.limb([(point, 0.35) for point in ends], theme.LINE)


def ball(stage: Stage, prop: Prop) -> None:
    """A large ball; `size` is its radius."""
    brush = stage.brush
    radius = prop.size[0]
    place = stage.pose.channels.get("prop", prop.at)
    centre = (place[0], place[1], 0.0)
    brush.ball(centre, radius, blend(theme.PLATE, theme.CARD, 0.45), 0.7)
    shine = add(centre, (-radius * 0.35, radius * 0.4, 0.0))
    brush.ball(shine, radius * 0.18, blend(theme.PLATE, theme.TEXT, 0.25))


def roller(stage: Stage, prop: Prop) -> None:
    """A foam roller, seen almost end on; `size` is its radius."""
    brush = stage.brush
    radius = prop.size[0]
    place = stage.pose.channels.get("prop", prop.at)
    ends = [((place[0], place[1], z), radius) for z in (-9.0, 9.0)]
    brush.limb(ends, brush.ground, 0.7)
    brush.limb(ends, blend(theme.PAD, theme.CARD, 0.2))
    brush.ball(ends[1][0], radius, theme.PAD)
    brush.ball(ends[1][0], radius * 0.4, theme.CARD)


def cable(stage: Stage, prop: Prop) -> None:
    """A cable tower and the cable to where it is held."""
    brush = stage.brush
    x, y = prop.at[0], prop.at[1]
    z = prop.at[2] if len(prop.at) > 2 else 0.0
    height = max(y + 6.0, 62.0)
    brush.limb([((x, 0.8, z), 1.6), ((x, height, z), 1.6)], theme.WOOD)
    brush.limb([((x - 5.0, 0.8, z), 0.9), ((x + 5.0, 0.8, z), 0.9)], theme.WOOD)
    brush.ball((x, y, z), 2.4, theme.STEEL, 0.6)
    brush.line([(x, y, z), stage.held(prop)], theme.STEEL, 0.8)


def band(stage: Stage, prop: Prop) -> None:
    """A post and the band to where it is worn."""
    brush = stage.brush
    x, y = prop.at[0], prop.at[1]
    z = prop.at[2] if len(prop.at) > 2 else 0.0
    brush.limb([((x, 0.8, z), 1.3), ((x, max(y + 10.0, 22.0), z), 1.3)], theme.WOOD)
    end = stage.held(prop)
    brush.line([(x, y, z), end], theme.BAND, 1.4)
    brush.ball(end, 3.3, theme.BAND)
