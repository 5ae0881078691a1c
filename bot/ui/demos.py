"""Demos in Discord: the picture as an attachment, and the buttons that lead from one exercise to the next."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import discord

from bot.types import Attachment
from bot.ui.actions import button
from bot.ui.fit import clip
from corpus.exercises import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.ui.actions import Action
    from bot.ui.words import Words
    from corpus.exercises import Exercise

NEIGHBOURS = 5
"""Buttons to other exercises at most."""


@cache
def catalogue() -> Mapping[str, Exercise]:
    """Our exercises, read once."""
    return load()


def picture(exercise: Exercise, folder: Path, *, fault: bool = False) -> Attachment:
    """Draw an exercise, or take it from `folder` where it was drawn before. Blocks: for a worker thread.

    Raises `bot.demos.render.NoDemoError` for an exercise that has no motion, or no fault.
    """
    from bot.demos.alt import alt_text
    from bot.demos.render import render

    variant = "fault" if fault else "demo"
    data = render(exercise, variant, "webp", folder)
    return Attachment(f"{variant}-{exercise.id}.webp", data, alt_text(exercise, variant))


def demo_buttons(exercise_id: str, said: Words, *, fault: bool) -> list[Action]:
    """Easier and harder versions, the common fault (or back from it), and what is related."""
    exercise = catalogue().get(exercise_id)
    if exercise is None:
        return []
    made = []
    if fault:
        made.append(button(said("demo.right-way"), "demo", exercise.id, style=discord.ButtonStyle.primary))
    elif exercise.fault is not None:
        made.append(button(said("demo.fault"), "fault", exercise.id))
    neighbours: dict[str, str] = {}
    for line, ids in (
        ("demo.easier", exercise.regressions[:2]),
        ("demo.harder", exercise.progressions[:2]),
        ("demo.related", exercise.related[:2]),
    ):
        for other in ids:
            if other != exercise.id and other in catalogue():
                neighbours.setdefault(other, clip(said(line, name=catalogue()[other].name), 38))
    made += [button(label, "demo", other) for other, label in list(neighbours.items())[:NEIGHBOURS]]
    return made
