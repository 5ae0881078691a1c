"""The exercise catalogue: one TOML file an exercise, loaded and checked as a whole."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.fields import Fields
from corpus.motion import Motion, read_motion

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).with_name("exercises")
"""Where our own catalogue lies."""

KINDS = ("lift", "drill", "core", "stretch", "screen", "conditioning", "imported")
COMMON_PRACTICE = "common practice"
"""Stands where a document's id would: no document says it, coaches commonly do."""
GATES = ("REFER", "URGENT")
MUSCLES = (
    "abdominals",
    "abductors",
    "adductors",
    "biceps",
    "calves",
    "chest",
    "forearms",
    "glutes",
    "hamstrings",
    "lats",
    "lower back",
    "middle back",
    "neck",
    "quadriceps",
    "shoulders",
    "traps",
    "triceps",
)
EQUIPMENT = (
    "GHD",
    "PVC stick",
    "band",
    "barbell",
    "bench",
    "blocks",
    "box",
    "cable",
    "dumbbell",
    "exercise ball",
    "foam roller",
    "kettlebell",
    "machine",
    "medicine ball",
    "none",
    "other",
    "rack",
    "sled",
    "wall",
)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class CatalogueError(ValueError):
    """The catalogue cannot be used; `faults` lists everything wrong with it, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Dose:
    """How much, and who says so."""

    text: str
    source: str
    """Id of a document, or `COMMON_PRACTICE`."""


@dataclass(frozen=True, slots=True)
class Gate:
    """When an exercise is not shown. At URGENT and above nothing is, whatever stands here (rule F9)."""

    tier: str
    """Name of the tier at and above which it is hidden: "REFER" or "URGENT"."""
    why: str = ""
    instead: tuple[str, ...] = ()
    """Ids of exercises to offer in its place; none of them is hidden at the same tier."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a document says about an exercise, in our words."""

    document: str
    says: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A common fault, shown as its own demo."""

    name: str
    caption: str
    """One sentence: what is wrong, and what to do about it."""
    motion: Motion


@dataclass(frozen=True, slots=True)
class Exercise:
    """One movement: what people call it, how it is done, for whom not, and how it moves."""

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    summary: str
    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    equipment: tuple[str, ...]
    cues: tuple[str, ...]
    dose: Dose | None
    stop_if: tuple[str, ...]
    avoid_if: tuple[str, ...]
    gate: Gate
    regressions: tuple[str, ...] = ()
    progressions: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    facts: str = ""
    """Id of the same movement in free-exercise-db, if it is there."""
    motion: Motion | None = field(default=None, repr=False)
    fault: Fault | None = field(default=None, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything people may call it, the proper name first."""
        return (self.name, *self.aliases)


_TOP = frozenset(
    [
        "name",
        "aliases",
        "kind",
        "summary",
        "equipment",
        "facts",
        "cues",
        "stop_if",
        "avoid_if",
        "regressions",
        "progressions",
        "related",
        "muscles",
        "dose",
        "gate",
        "sources",
        "motion",
        "fault",
    ]
)


def load(folder: Path = FOLDER, *more: Path) -> dict[str, Exercise]:
    """All exercises of `folder` and of any further folders, by id (the file's stem), sorted by name.

    A file in a later folder replaces one with the same id. Raises `CatalogueError` with every fault of every file.
    """
    faults: list[str] = []
    found: dict[str, Exercise] = {}
    for place in (folder, *more):
        if not place.is_dir():
            faults.append(f"{place}: no such folder")
            continue
        for path in sorted(place.glob("*.toml")):
            exercise = _read_file(path, faults)
            if exercise is not None:
                found[exercise.id] = exercise
    _check_links(found, faults)
    _check_names(found, faults)
    if faults:
        raise CatalogueError(faults)
    return dict(sorted(found.items(), key=lambda item: item[1].name.casefold()))


def _read_file(path: Path, faults: list[str]) -> Exercise | None:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path.name}: cannot be read: {error}")
        return None
    if not _ID.fullmatch(path.stem):
        faults.append(f"{path.name}: name the file in lower-case words joined by hyphens")
    return read_exercise(path.stem, table, faults)


def read_exercise(ident: str, table: Mapping[str, Any], faults: list[str]) -> Exercise:
    """The exercise in `table`; whatever is wrong is added to `faults`."""
    fields = Fields(table, ident, faults)
    fields.only(_TOP)
    muscles = _section(table, "muscles", ident, faults, ("primary", "secondary"))
    exercise = Exercise(
        id=ident,
        name=fields.text("name"),
        aliases=fields.texts("aliases"),
        kind=fields.one_of("kind", KINDS),
        summary=fields.text("summary"),
        primary=known(muscles, "primary", MUSCLES),
        secondary=known(muscles, "secondary", MUSCLES),
        equipment=known(fields, "equipment", EQUIPMENT),
        cues=fields.texts("cues"),
        dose=_read_dose(table, ident, faults),
        stop_if=fields.texts("stop_if"),
        avoid_if=fields.texts("avoid_if"),
        gate=_read_gate(table, ident, faults),
        regressions=fields.texts("regressions"),
        progressions=fields.texts("progressions"),
        related=fields.texts("related"),
        sources=tuple(_read_source(entry, ident, faults) for entry in fields.tables("sources")),
        facts=fields.text("facts", ""),
    )
    for missing, what in ((exercise.primary, "muscles.primary"), (exercise.equipment, "equipment")):
        if not missing:
            faults.append(f"{ident}: {what} must name at least one")
    if len(exercise.cues) != 3:
        faults.append(f"{ident}: cues must be three, there are {len(exercise.cues)}")
    if not exercise.stop_if:
        faults.append(f"{ident}: stop_if must name at least one sign")
    if not exercise.sources:
        faults.append(f"{ident}: sources must name at least one, or {COMMON_PRACTICE!r}")
    return _with_motion(exercise, table, faults)


def _with_motion(exercise: Exercise, table: Mapping[str, Any], faults: list[str]) -> Exercise:
    motion = table.get("motion")
    if motion is None:
        return exercise
    if not isinstance(motion, dict):
        faults.append(f"{exercise.id}: motion must be a table")
        return exercise
    shown = read_motion(motion, f"{exercise.id}.motion", faults)
    wrong = table.get("fault")
    if wrong is None:
        return replace(exercise, motion=shown)
    fields = _section(table, "fault", exercise.id, faults, ("name", "caption", "motion"))
    changed = fields.table.get("motion", {})
    # The fault is told as a change to the right way: what it does not set stays as in the demo.
    altered = read_motion({**motion, **changed}, f"{exercise.id}.fault.motion", faults)
    name, caption = fields.text("name"), fields.text("caption")
    return replace(exercise, motion=shown, fault=Fault(name, caption, altered) if altered else None)


def _section(
    table: Mapping[str, Any], key: str, ident: str, faults: list[str], legal: tuple[str, ...]
) -> Fields:
    section = table.get(key, {})
    if not isinstance(section, dict):
        faults.append(f"{ident}: {key} must be a table")
        section = {}
    fields = Fields(section, f"{ident}.{key}", faults)
    fields.only(legal)
    return fields


def known(fields: Fields, key: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """A list of strings, each out of `vocabulary`; others are noted as faults, naming the known ones."""
    items = fields.texts(key)
    for item in items:
        if item not in vocabulary:
            fields.faults.append(
                f"{fields.where}: {key} has {item!r}; known ones are {', '.join(vocabulary)}"
            )
    return items


def _read_dose(table: Mapping[str, Any], ident: str, faults: list[str]) -> Dose:
    fields = _section(table, "dose", ident, faults, ("text", "source"))
    return Dose(fields.text("text"), fields.text("source"))


def _read_gate(table: Mapping[str, Any], ident: str, faults: list[str]) -> Gate:
    fields = _section(table, "gate", ident, faults, ("tier", "why", "instead"))
    gate = Gate(fields.one_of("tier", GATES), fields.text("why", ""), fields.texts("instead"))
    if gate.tier == "REFER" and not (gate.why and gate.instead):
        faults.append(f"{ident}.gate: say why, and what to do instead")
    return gate


def _read_source(entry: Mapping[str, Any], ident: str, faults: list[str]) -> Source:
    fields = Fields(entry, f"{ident}.sources", faults)
    fields.only(("document", "says"))
    return Source(fields.text("document"), fields.text("says"))


def _check_links(found: Mapping[str, Exercise], faults: list[str]) -> None:
    for exercise in found.values():
        links = {
            "regressions": exercise.regressions,
            "progressions": exercise.progressions,
            "related": exercise.related,
            "gate.instead": exercise.gate.instead,
        }
        for what, ids in links.items():
            for ident in ids:
                if ident not in found or ident == exercise.id:
                    faults.append(f"{exercise.id}: {what} names {ident!r}, which is no other exercise")
                elif what == "gate.instead" and found[ident].gate.tier == exercise.gate.tier:
                    faults.append(f"{exercise.id}: {what} names {ident!r}, which is hidden at the same tier")


def _check_names(found: Mapping[str, Exercise], faults: list[str]) -> None:
    taken: dict[str, str] = {}
    for exercise in found.values():
        for name in exercise.names:
            other = taken.setdefault(name.casefold(), exercise.id)
            if other != exercise.id:
                faults.append(f"{exercise.id}: the name {name!r} is already taken by {other}")


def import_free_exercise_db(path: Path) -> dict[str, Exercise]:
    """Exercises by id from a file in the shape of free-exercise-db's JSON: see `corpus.free_exercise_db.read`."""
    from corpus.free_exercise_db import read  # it builds on this module

    return read(path)
