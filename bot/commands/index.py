"""`spotter index`: Spotter's own documents and anybody's files."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.failure import Failed
from bot.commands.opening import ready_index
from bot.commands.progress import bar, waiting
from bot.commands.settings import settings
from bot.terminal import console

if TYPE_CHECKING:
    from rich.console import Console

    from bot.indexing import Gathered

SHOWN = 10
"""Files and passages named in the summary without `--verbose`."""


def index(paths: list[Path], *, only: bool, verbose: bool) -> None:
    """Index our own documents and `paths`, beside those indexed before unless `only`."""
    from bot import app, indexing

    chosen, out = settings(quiet=True), console()
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise Failed(f"no such file or folder: {', '.join(missing)}")
    before = [] if only else [Path(path) for path in indexing.sources(chosen.data_dir).paths]
    wanted = list(dict.fromkeys(path.resolve() for path in (*before, *paths) if path.exists()))
    opened = app.open_index(chosen, threads=os.cpu_count() or 1)
    with waiting("Reading files"):
        gathered = indexing.gather(wanted)
    with bar("Embedding") as progress:
        report = indexing.fill(opened, chosen.data_dir, wanted, gathered, progress=progress)
    _tell(out, gathered, verbose=verbose)
    rate = (
        f", {report.added / report.seconds:.0f} passages a second" if report.added and report.seconds else ""
    )
    out.print(
        f"Indexed {len(gathered.passages)} passages: {report.added} new, {report.kept} as before, {report.removed} gone "
        f"({report.seconds:.1f} s{rate})."
    )
    gone = [str(path) for path in before if not path.exists()]
    if gone:
        out.print(f"No longer there, and no longer indexed: {', '.join(gone)}")


def prepare() -> None:
    """Export the model and index what there is, if it has not been done."""
    ready_index(settings(quiet=True))


def import_exercises(file: Path) -> None:
    """Check a file in the shape of free-exercise-db and keep it beside the catalogue."""
    from bot.catalogue import imported_file
    from corpus.exercises import import_free_exercise_db

    chosen = settings(quiet=True)
    if not file.is_file():
        raise Failed(f"no such file: {file}")
    found = import_free_exercise_db(file)
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    kept = imported_file(chosen.data_dir)
    beside = kept.with_suffix(".new")
    beside.write_bytes(file.read_bytes())
    beside.replace(kept)
    console().print(f"Imported {len(found)} exercises: their names and muscles are found from now on.")


def _tell(out: Console, gathered: Gathered, *, verbose: bool) -> None:
    """What could not be read, and what was kept out."""
    for title, lines in (("Not read", gathered.skipped), ("Read with doubts", gathered.warnings)):
        shown = lines if verbose else lines[:SHOWN]
        for line in shown:
            out.print(f"{title}: {line}", markup=False)
        if len(lines) > len(shown):
            out.print(f"... and {len(lines) - len(shown)} more (--verbose lists them).")
    if not gathered.rejected:
        return
    rules = Counter(reason.split(" ", 1)[0] for rejected in gathered.rejected for reason in rejected.reasons)
    told = ", ".join(f"{rule} {number}" for rule, number in rules.most_common())
    out.print(f"Kept out by the safety lint: {len(gathered.rejected)} passages ({told}).")
    for rejected in gathered.rejected if verbose else gathered.rejected[:3]:
        out.print(f"  {rejected.passage.document}: {'; '.join(rejected.reasons)}", markup=False)
    if not verbose and len(gathered.rejected) > 3:
        out.print("  (--verbose lists all)")
