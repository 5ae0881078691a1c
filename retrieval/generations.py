"""Generations of a scope's snapshot on disk, and the one pointer that says which of them answers.

A generation is written into a folder of its own; `swap` then replaces the pointer file in one rename. Whoever is cut off before that
leaves the old generation answering. Readers that hold an old generation keep it: its files stay mapped even when they are deleted.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from retrieval.snapshot import FormatError, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

POINTER = "CURRENT"


class BusyError(RuntimeError):
    """Another process is updating the same scope."""


@dataclass(slots=True)
class Generations:
    """The snapshots of one scope in one folder."""

    folder: Path
    _open: Snapshot | None = None
    _seen: tuple[int, int] | None = None
    _lock: Lock = field(default_factory=Lock)

    def current(self) -> Snapshot | None:
        """The generation that answers now, opened once; None while there is none. Costs one `stat` when nothing changed."""
        try:
            status = (self.folder / POINTER).stat()
        except FileNotFoundError:
            self._open = self._seen = None
            return None
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            with self._lock:
                self._open, self._seen = self._read(), seen
        return self._open

    def _read(self) -> Snapshot | None:
        """Open what the pointer names; again if it moved on and the folder went in between."""
        for last in (False, False, True):
            try:
                name = str(json.loads((self.folder / POINTER).read_text("utf-8"))["folder"])
                snapshot = Snapshot(self.folder / name)
            except FileNotFoundError:
                if last:
                    raise
            except FormatError:
                # Another version's files count as nothing indexed: the next update writes them anew.
                return None
            else:
                return snapshot
        return None

    def begin(self) -> Path:
        """A fresh folder for the next generation."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="generation-", dir=self.folder))

    def swap(self, generation: Path) -> None:
        """Let `generation` answer from now on, then delete all others."""
        for path in generation.iterdir():
            _flush(path)
        beside = self.folder / f".{POINTER}.{os.getpid()}"
        beside.write_text(json.dumps({"folder": generation.name}), "utf-8")
        _flush(beside)
        beside.replace(self.folder / POINTER)
        self.sweep()

    def sweep(self) -> None:
        """Delete the folders of old generations and of runs that were cut off."""
        current = self.current()
        for path in self.folder.glob("generation-*"):
            if current is None or path != current.folder:
                shutil.rmtree(path, ignore_errors=True)

    def drop(self) -> None:
        """Delete the scope: it stops answering at once."""
        (self.folder / POINTER).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the scope's lock while updating; raises `BusyError` when another process has it. A killed process lets go of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"another process is indexing {self.folder.name}; wait for it to end"
                ) from None
            yield


def meta(fingerprint: str, embedder: str, scope: str) -> dict[str, Any]:
    """What a generation says of itself, beside its sizes."""
    return {"fingerprint": fingerprint, "embedder": embedder, "scope": scope}


def _flush(path: Path) -> None:
    """Have the disk keep a file before anything points to it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
