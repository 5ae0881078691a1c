"""Which things are drawn behind the figure and which with it, and how each kind is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demos import furniture, weights
from bot.demos.stage import Stage, place

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.demos.paint import Brush
    from bot.demos.skeleton import Pose
    from corpus.motion import Motion, Prop

STANDING: dict[str, Callable[[Stage, Prop], None]] = {
    "ball": furniture.ball,
    "band": furniture.band,
    "bench": furniture.bench,
    "blocks": furniture.blocks,
    "box": furniture.box,
    "cable": furniture.cable,
    "ghd": furniture.ghd,
    "rack": furniture.rack,
    "roller": furniture.roller,
    "slope": furniture.slope,
    "wall": furniture.wall,
}
CARRIED: dict[str, Callable[[Stage, Prop], None]] = {
    "barbell": weights.barbell,
    "dumbbell": weights.dumbbell,
    "kettlebell": weights.kettlebell,
    "sled": weights.sled,
    "stick": weights.stick,
}


def draw_behind(brush: Brush, motion: Motion, pose: Pose) -> None:
    """Everything that stands behind or under the figure, and the far end of a barbell."""
    stage = Stage(brush, motion, pose)
    for prop in motion.props:
        if prop.kind == "barbell":
            weights.far_end(stage, prop)
        elif prop.kind in STANDING and not _in_front(stage, prop):
            STANDING[prop.kind](stage, prop)


def draw_carried(brush: Brush, motion: Motion, pose: Pose) -> None:
    """Everything that the figure holds, to be drawn before the near arm."""
    stage = Stage(brush, motion, pose)
    for prop in motion.props:
        if prop.kind in CARRIED:
            CARRIED[prop.kind](stage, prop)
        elif _in_front(stage, prop):
            STANDING[prop.kind](stage, prop)


def _in_front(stage: Stage, prop: Prop) -> bool:
    """Whether a cable comes from nearer the viewer than the figure stands."""
    depth = stage.brush.camera.depth
    return prop.kind == "cable" and depth(place(prop)) > depth(stage.pose.pelvis) + 10.0
