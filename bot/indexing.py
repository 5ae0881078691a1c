"""Fill the index: our own documents, and whatever files somebody names, through the safety lint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.documents import HERE
from corpus.passages import Passage, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrieval.embed import Report as Progress
    from retrieval.index import Index, Report

WATCHED = 3000
"""Files of a source that are looked at for changes at every start; a bigger one is read again by `spotter index` only."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is to index, and what is kept out and why."""

    passages: tuple[Passage, ...]
    rejected: tuple[Rejected, ...] = ()
    skipped: tuple[str, ...] = ()
    """One line for each file that could not be read."""
    warnings: tuple[str, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """Which paths are indexed beside our own documents, and how everything looked when it was."""

    paths: tuple[str, ...] = ()
    signature: str = ""
    file: Path | None = field(default=None, compare=False)


def gather(paths: Sequence[Path], *, progress: Callable[[str], None] | None = None) -> Gathered:
    """Passages of our own documents and of `paths`.

    Raises `corpus.faults.CorpusFaults` when our own documents have faults, `FileNotFoundError` naming a path
    that is not there.
    """
    from corpus.cutting import cut_claims, cut_text
    from corpus.documents import load

    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path}: no such file or folder")
    ours = [passage for document in load() for passage in cut_claims(document)]
    if not paths:
        return Gathered(tuple(ours))
    from corpus.files import read

    reading = read(paths, progress=progress)
    kept, rejected = _screened(passage for text in reading.texts for passage in cut_text(text))
    return Gathered(
        tuple(ours + kept),
        tuple(rejected),
        tuple(map(str, reading.skipped)),
        reading.warnings,
        files=len(reading.texts),
    )


def fill(
    index: Index,
    data_dir: Path,
    paths: Sequence[Path],
    gathered: Gathered,
    *,
    progress: Progress | None = None,
) -> Report:
    """Make the shared scope hold exactly what was gathered, and remember the paths. Raises `retrieval.generations.BusyError`."""
    from retrieval.index import SHARED

    seen = signature(paths)
    report = index.update(gathered.passages, scope=SHARED, progress=progress)
    remembered = {"paths": [str(path.resolve()) for path in paths], "signature": seen}
    (data_dir / "sources.json").write_text(json.dumps(remembered, indent=1) + "\n", "utf-8")
    return report


def sources(data_dir: Path) -> Sources:
    """What was indexed last; empty where nothing was."""
    file = data_dir / "sources.json"
    try:
        held = json.loads(file.read_text("utf-8"))
        return Sources(tuple(map(str, held["paths"])), str(held["signature"]), file)
    except (OSError, ValueError, KeyError, TypeError):
        return Sources()


def stale(index: Index, data_dir: Path) -> bool:
    """Whether something has to be indexed before the next question: nothing stands, or a file was changed, added or deleted."""
    known = sources(data_dir)
    return index.snapshot() is None or known.signature != signature([Path(path) for path in known.paths])


def signature(paths: Sequence[Path]) -> str:
    """One hash over the names, sizes and times of all files, ours included."""
    from corpus.walking import find

    lines = [_looks(path) for path in sorted(HERE.rglob("*.md"))]
    for root in paths:
        found = []
        for one in find([root]):
            found.append(f"{one.shown} {_looks(one.path)}")
            if len(found) > WATCHED:
                found = [f"{root} is too big to watch"]
                break
        lines += found
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _looks(path: Path) -> str:
    """Name, size and time of a file; its name alone when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return f"{path.name} -"
    return f"{path.name} {status.st_size} {status.st_mtime_ns}"


def _screened(passages: Iterable[Passage]) -> tuple[list[Passage], list[Rejected]]:
    """Foreign passages that pass the lint, each hidden from the tier on at which it would be unfit; and those kept out at any tier."""
    from safety.lint import lint
    from safety.types import Tier

    kept: list[Passage] = []
    rejected: list[Rejected] = []
    for passage in passages:
        faults = lint(passage.text, Tier.NONE)
        if faults:
            rejected.append(
                Rejected(passage, tuple(dict.fromkeys(f'{fault.rule} ("{fault.words}")' for fault in faults)))
            )
            continue
        gate = next((tier.name for tier in (Tier.CAUTION, Tier.REFER) if lint(passage.text, tier)), None)
        kept.append(replace(passage, gate=gate))
    return kept, rejected
