"""Between the keys: monotone cubic interpolation that flows through what is passed and rests where it turns."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from math import atan, degrees, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.motion import Channel, Key, Motion


@dataclass(frozen=True, slots=True)
class Curve:
    """One number over one loop of the motion, after Fritsch and Carlson (PCHIP), closed into a ring.

    It never overshoots its keys, so a foot that is on the floor in two keys stays on it between them.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]

    @classmethod
    def through(cls, times: Sequence[float], values: Sequence[float], period: float) -> Curve:
        """The curve through `values` at `times`, returning to the first at `period`."""
        ring_times = (*times, period)
        ring_values = (*values, values[0])
        widths = [b - a for a, b in itertools.pairwise(ring_times)]
        secants = [(b - a) / width for a, b, width in zip(ring_values, ring_values[1:], widths, strict=False)]
        slopes = [
            _slope(secants[i - 1], secants[i % len(secants)], widths[i - 1], widths[i % len(widths)])
            for i in range(len(ring_times))
        ]
        return cls(ring_times, ring_values, tuple(slopes))

    def at(self, t: float) -> float:
        """The value at time `t`, seconds into the loop."""
        i = min(max(bisect_right(self.times, t) - 1, 0), len(self.times) - 2)
        width = self.times[i + 1] - self.times[i]
        s = (t - self.times[i]) / width
        a, b = self.values[i], self.values[i + 1]
        rise_a, rise_b = self.slopes[i] * width, self.slopes[i + 1] * width
        return (
            a * (1 + 2 * s) * (1 - s) ** 2
            + rise_a * s * (1 - s) ** 2
            + b * s * s * (3 - 2 * s)
            + rise_b * s * s * (s - 1)
        )


def _slope(before: float, after: float, width_before: float, width_after: float) -> float:
    if before * after <= 0:
        return 0.0
    p, q = 2 * width_after + width_before, width_after + 2 * width_before
    return (p + q) / (p / before + q / after)


class Timeline:
    """All channels of a motion over time."""

    def __init__(self, motion: Motion) -> None:
        self.motion = motion
        times = [key.t for key in motion.keys]
        self._curves: dict[str, tuple[Curve, ...]] = {
            name: tuple(
                Curve.through(times, [key.channels[name][axis] for key in motion.keys], motion.length)
                for axis in range(len(motion.keys[0].channels[name]))
            )
            for name in motion.keys[0].channels
        }

    def at(self, t: float) -> dict[str, Channel]:
        """The channels at `t` seconds."""
        channels = {name: tuple(curve.at(t) for curve in curves) for name, curves in self._curves.items()}
        return channels | self._steps(t)

    def _steps(self, t: float) -> dict[str, Channel]:
        """Feet of a walking figure: on the ground at its speed, then forward in an arc."""
        gait = self.motion.gait
        if gait is None:
            return {}
        steps: dict[str, Channel] = {}
        for side, later in (("r", 0.0), ("l", 0.5)):
            phase = (t / gait.period + later) % 1.0
            if phase < gait.duty:
                along = phase / gait.duty
                x, lift = gait.front + along * (gait.back - gait.front), 0.0
                toes = 14.0 * max(0.0, 1 - along * 6) - 42.0 * max(0.0, along - 0.6) / 0.4
            else:
                along = (phase - gait.duty) / (1 - gait.duty)
                smooth = along * along * (3 - 2 * along)
                x = gait.back + smooth * (gait.front - gait.back)
                lift, toes = gait.lift * sin(pi * along), -42.0 + 56.0 * along**3
            toes = min(toes, -gait.heel) if gait.heel else toes
            # On a hill the toes meet higher ground than the ankle stands over.
            ahead = 9.0 * min(max(-toes / 12.0, 0.0), 1.0)
            climb = gait.rise / 100.0
            steps[f"{side}_foot"] = (x, lift + (x + ahead) * climb)
            steps[f"{side}_toes"] = (toes + degrees(atan(climb)),)
        return steps

    def say(self, t: float) -> str:
        """The cue at `t` seconds: that of the pose on its way, which is the first again at the end of the loop."""
        return self._coming(t).say

    def spine(self, t: float) -> str:
        """The words for the spine at `t` seconds; empty where the angles should choose them."""
        return self._coming(t).spine

    def _coming(self, t: float) -> Key:
        keys = self.motion.keys
        return next((key for key in keys if key.t >= t - 1e-9), keys[0])
