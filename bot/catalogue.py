"""The exercises that can be asked for by name: ours, and those imported beside them with `spotter index --exercises`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.logs import logger
from corpus.exercises import CatalogueError, import_free_exercise_db, load
from corpus.names import Names, normal

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.exercises import Exercise

log = logger("catalogue")

IMPORTED = "imported"
"""The kind of an exercise that is known by its name, muscles and equipment only (see `corpus.free_exercise_db`)."""


class Catalogue:
    """Exercises by id and by name. Where an imported one has an id or a name of ours, ours is meant."""

    def __init__(self, imported: dict[str, Exercise]) -> None:
        """Put `imported` beside ours."""
        ours = load()
        self._ours = Names(ours)
        taken = {normal(name) for exercise in ours.values() for name in (exercise.id, *exercise.names)}
        known = {exercise.facts for exercise in ours.values() if exercise.facts}
        more = {
            ident: one
            for ident, one in imported.items()
            if not {normal(ident), normal(one.name)} & taken and one.facts not in known
        }
        self._all = Names({**ours, **more}) if more else self._ours

    def get(self, ident: str) -> Exercise | None:
        """The exercise of that id."""
        return self._all.catalogue.get(ident)

    def find(self, asked: str) -> Exercise | None:
        """The exercise meant: by its exact name, else of ours the nearest, else of the imported ones; None if unclear."""
        found = self._all.find(asked)
        if found is not None and normal(asked) in {normal(name) for name in (found.id, *found.names)}:
            return found
        return self._ours.find(asked) or found

    def suggest(self, prefix: str, limit: int = 25) -> list[Exercise]:
        """Exercises for completion while typing, ours before imported ones that fit as well."""
        near = self._ours.suggest(prefix, limit)
        if self._all is self._ours:
            return near
        ranked = self._all.suggest(prefix, limit + len(near))
        fitting = [one for one in ranked if one.kind == IMPORTED]
        if normal(prefix) and fitting and ranked[0] is fitting[0]:
            # what fits the letters best comes first, whosever it is; the rest of ours follows at once
            return [fitting[0], *near, *fitting[1:]][:limit]
        return [*near, *fitting][:limit]

    def mentioned(self, text: str) -> list[Exercise]:
        """Exercises of ours that are named in running text; imported names ("Crunches", "Run") are too plain to be meant."""
        return self._ours.mentioned(text)


def read(data_dir: Path) -> Catalogue:
    """The catalogue with what was imported into `data_dir`; read again when the file there is another one."""
    file = imported_file(data_dir)
    try:
        status = file.stat()
    except OSError:
        return _read(None, 0, 0)
    return _read(file, status.st_mtime_ns, status.st_size)


def imported_file(data_dir: Path) -> Path:
    """Where imported exercises are kept."""
    return data_dir / "exercises.json"


@lru_cache(maxsize=4)
def _read(file: Path | None, _changed: int, _size: int) -> Catalogue:
    """The catalogue as it was at one time; a damaged file is told in the log, and ours are there all the same."""
    if file is None:
        return Catalogue({})
    try:
        return Catalogue(import_free_exercise_db(file))
    except CatalogueError as error:
        log.warning("imported exercises cannot be read", file=file.name, faults=len(error.faults))
        return Catalogue({})
