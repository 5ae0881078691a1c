"""What a picture shows, in words, for people who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demos.pose import pose
from bot.demos.spine import state
from bot.demos.timeline import Timeline

if TYPE_CHECKING:
    from corpus.exercises import Exercise
    from corpus.motion import Motion

LONGEST = 1024
"""Discord takes no longer description of an attachment."""


def alt_text(exercise: Exercise, variant: str = "demo") -> str:
    """The name, the cues in order of appearance and the states of the spine, in at most 1024 characters."""
    if variant == "fault" and exercise.fault is not None:
        fault = exercise.fault
        return _within(
            f"Animation. {exercise.name}, common fault: {fault.name}. {fault.caption} {_told(fault.motion, fault=True)}"
        )
    if exercise.motion is None:
        return _within(f"{exercise.name}. {' '.join(exercise.cues)}")
    return _within(f"Animation. {exercise.name}: {exercise.summary} {_told(exercise.motion, fault=False)}")


def _told(motion: Motion, *, fault: bool) -> str:
    cues = " ".join(dict.fromkeys(key.say for key in motion.keys if key.say))
    timeline = Timeline(motion)
    states = [
        state(motion, pose(motion, timeline.at(key.t)), key.spine, fault=fault).words for key in motion.keys
    ]
    return f"Cues: {cues} Spine, as shown: {'; '.join(dict.fromkeys(states))}."


def _within(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
