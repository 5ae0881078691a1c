"""The words of a demo card: cues, dose, when to stop, where it comes from; or why it is not shown now."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.catalogue import IMPORTED
from corpus import documents
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.documents import Document
    from corpus.exercises import Exercise


def gated(exercise: Exercise, tier: Tier) -> bool:
    """Whether an exercise is hidden from somebody at `tier` (rule F9): everything at URGENT, some from REFER on."""
    return tier >= min(Tier.URGENT, Tier[exercise.gate.tier])


def demo_words(exercise: Exercise, tier: Tier, *, fault: bool = False) -> str:
    """The text of a demo, in plain lines; for a gated exercise why not, and what to look at instead.

    With `fault` the common fault leads (where the exercise has one) and the right way follows.
    """
    if gated(exercise, tier):
        return _withheld(exercise)
    if exercise.kind == IMPORTED:
        return _by_name_only(exercise)
    lines = [f"{exercise.name}. {exercise.summary}"]
    if fault and exercise.fault is not None:
        lines = [
            f"{exercise.name}, common fault: {exercise.fault.name}. {exercise.fault.caption}",
            "The right way:",
        ]
    lines += [f"{number}. {cue}" for number, cue in enumerate(exercise.cues, 1)]
    if exercise.dose is not None:
        lines.append(f"Dose: {exercise.dose.text} ({_source(exercise.dose.source)}).")
    lines += _listed("Stop if", exercise.stop_if) + _listed("Leave it out with", exercise.avoid_if)
    lines += _origins(exercise)
    return "\n".join(lines if exercise.motion is not None else [*lines, "There is no drawing of it."])


def _by_name_only(exercise: Exercise) -> str:
    """What is known of an imported exercise, and that nothing else is."""
    works = f"Works: {', '.join(exercise.primary)}" + (
        f"; also {', '.join(exercise.secondary)}" if exercise.secondary else ""
    )
    tools = [tool for tool in exercise.equipment if tool not in ("none", "other")]
    return "\n".join(
        [
            f"{exercise.name}. I know this one by name only: there is no drawing of it, and my documents do not say how it is done.",
            *([f"{works}."] if exercise.primary else []),
            *([f"Equipment: {', '.join(tools)}."] if tools else []),
        ]
    )


def _withheld(exercise: Exercise) -> str:
    """Why a gated exercise is not shown, and what to look at instead."""
    why = exercise.gate.why or "Exercises wait until what you described has been examined."
    instead = (
        f"\nInstead, look at: {', '.join(_spoken(name) for name in exercise.gate.instead)}."
        if exercise.gate.instead
        else ""
    )
    return f"I am not showing {exercise.name} now. {why}{instead}"


def _origins(exercise: Exercise) -> list[str]:
    """Where the advice comes from: each document by its title and kind, and what it says of the exercise; or that it is common practice."""
    told = []
    for source in exercise.sources:
        document = known().get(source.document)
        where = f"“{document.title}” ({document.kind})" if document else "Common practice"
        told.append(f"{where}: {source.says}")
    return (
        [f"Source: {told[0]}"] if len(told) == 1 else [f"Source {n}: {one}" for n, one in enumerate(told, 1)]
    )


def _source(source: str) -> str:
    """Where a dose comes from: a document by its title, anything else as it stands."""
    title = titles().get(source)
    return f"from “{title}”" if title else source


@cache
def titles() -> Mapping[str, str]:
    """Titles of our own documents by their ids."""
    return {name: document.title for name, document in known().items()}


@cache
def known() -> Mapping[str, Document]:
    """Our own documents by their ids, read once."""
    return {document.id: document for document in documents.load()}


def _listed(title: str, items: tuple[str, ...]) -> list[str]:
    """A titled list on one line."""
    return [f"{title}: {'; '.join(items)}."] if items else []


def _spoken(exercise: str) -> str:
    """An exercise's id as words."""
    return exercise.replace("-", " ")
