"""Exercises out of a file in the shape of free-exercise-db's JSON: names, muscles and equipment, nothing more."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from corpus.exercises import EQUIPMENT, MUSCLES, CatalogueError, Exercise, Gate, known
from corpus.fields import Fields

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> dict[str, Exercise]:
    """Names, muscles and equipment out of a file in the shape of free-exercise-db's JSON; no cues, no motion.

    Its instructions are left out on purpose: nobody knows where they come from, and some contradict the documents.
    Raises `CatalogueError` where the file is not of that shape.
    """
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError([f"{path.name}: cannot be read: {error}"]) from error
    if not isinstance(records, list):
        raise CatalogueError([f"{path.name}: a list of records is expected"])
    faults: list[str] = []
    found = [_imported(record, index, faults) for index, record in enumerate(records)]
    if faults:
        raise CatalogueError(faults)
    return {exercise.id: exercise for exercise in found if exercise is not None}


_THEIR_EQUIPMENT = {
    "body only": "none",
    "bands": "band",
    "foam roll": "foam roller",
    "kettlebells": "kettlebell",
    "e-z curl bar": "barbell",
}


def _imported(record: Any, index: int, faults: list[str]) -> Exercise | None:
    if not isinstance(record, dict):
        faults.append(f"record {index}: a table is expected")
        return None
    fields = Fields(record, f"record {index}", faults)
    theirs = record.get("equipment") or "none"
    name, ident = fields.text("name"), fields.text("id")
    equipment = _THEIR_EQUIPMENT.get(theirs, theirs)
    return Exercise(
        id=re.sub(r"[^a-z0-9]+", "-", ident.casefold()).strip("-"),
        name=name,
        aliases=(),
        kind="imported",
        summary="",
        primary=known(fields, "primaryMuscles", MUSCLES),
        secondary=known(fields, "secondaryMuscles", MUSCLES),
        equipment=(equipment if equipment in EQUIPMENT else "other",),
        cues=(),
        dose=None,
        stop_if=(),
        avoid_if=(),
        # Nobody has judged these movements: they are hidden as early as the strictest of ours.
        gate=Gate("REFER", "This movement has not been checked for people with a possible nerve symptom."),
        facts=ident,
    )
