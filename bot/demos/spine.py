"""The state of the spine, in words, colour and a sign: never in colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.demos import theme
from bot.demos.paint import Colour, blend

if TYPE_CHECKING:
    from bot.demos.skeleton import Pose
    from corpus.motion import Motion

ROUNDED = 14.0
"""Flexion in degrees from which the back is called rounded."""
ARCHED = -13.0
BENT = 10.0
"""Side bend in degrees from which the back is called bent."""


@dataclass(frozen=True, slots=True)
class State:
    """What the footer says about the spine."""

    words: str
    colour: Colour
    mark: str


def state(motion: Motion, pose: Pose, words: str, *, fault: bool) -> State:
    """The state of the spine in a pose; `words` from the motion win over those worked out from the angles."""
    alarm = theme.WRONG if fault else theme.MOVED
    flexion, aside = pose.flexion, max(abs(pose.value("bend")), abs(pose.value("twist")))
    amount = max(flexion / ROUNDED, flexion / ARCHED, aside / BENT)
    colour = blend(theme.NEUTRAL, alarm, (amount - 0.75) * 1.6)
    if amount < 1.0:
        return State(words or motion.words.neutral, colour, "neutral")
    if aside / BENT >= max(flexion / ROUNDED, flexion / ARCHED):
        said = motion.words.bent
    else:
        said = motion.words.flexed if flexion > 0 else motion.words.extended
    return State(words or said, colour, "wrong" if fault else "moved")
