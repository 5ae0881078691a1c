"""What a picture shows, in words, for people who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.exercises import Exercise
    from corpus.motion import Motion

LONGEST = 1024
"""Discord takes no longer description of an attachment."""


def alt_text(exercise: Exercise, variant: str = "demo") -> str:
    """The name, the cues in order of appearance and the state of the spine, in at most 1024 characters."""
    if variant == "fault" and exercise.fault is not None:
        lead = f"Animation of a common fault in the {exercise.name.lower()}: {exercise.fault.name.lower()}."
        return _within(f"{lead} {exercise.fault.caption} Steps: {_steps(exercise.fault.motion)}")
    if exercise.motion is None:
        return _within(f"{exercise.name}. {' '.join(exercise.cues)}")
    return _within(
        f"Animation of a figure doing the {exercise.name.lower()}. {exercise.summary} "
        f"Steps: {_steps(exercise.motion)} {_spine(exercise.motion)}"
    )


def _steps(motion: Motion) -> str:
    said = [key.say for key in motion.keys if key.say]
    return " ".join(dict.fromkeys(said))


def _spine(motion: Motion) -> str:
    return f"Shown for the spine: {motion.words.neutral.lower()}."


def _within(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
