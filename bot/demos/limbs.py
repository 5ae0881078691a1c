"""Two-bone inverse kinematics: where the knee or elbow must be so that the foot or hand is where it should."""

from __future__ import annotations

from math import sqrt

from bot.demos.vectors import Vector, add, dot, length, sub, unit

NEARLY_STRAIGHT = 0.9995


def bend(root: Vector, target: Vector, upper: float, lower: float, towards: Vector) -> tuple[Vector, Vector]:
    """The joint between two bones of length `upper` and `lower`, and the end of the chain.

    The joint lies on the side of `towards`. A target out of reach is approached as far as the bones go: the end
    returned then differs from the target, and bones never stretch.
    """
    reach = sub(target, root)
    distance = length(reach)
    axis = unit(reach)
    distance = min(max(distance, abs(upper - lower) + 1e-3), (upper + lower) * NEARLY_STRAIGHT)
    along = (upper * upper - lower * lower + distance * distance) / (2 * distance)
    aside = sqrt(max(upper * upper - along * along, 0.0))
    sideways = add(towards, axis, -dot(towards, axis))
    if length(sideways) < 1e-6:
        sideways = (axis[1], -axis[0], 0.0)
    joint = add(add(root, axis, along), unit(sideways), aside)
    return joint, add(root, axis, distance)
