"""Find the files meant by a list of paths: directories are walked in order, loops of links broken, hidden files left out."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and how it is shown: by its name within the path that was given, so that no home directory is shown to anyone."""

    path: Path
    shown: str
    problem: str | None = None
    """Why it cannot be read, when that is known without opening it."""


def find(paths: Iterable[str | Path]) -> Iterator[Found]:
    """Each file once, in the order of the paths given and by name within a directory."""
    seen: set[tuple[int, int]] = set()
    names: dict[str, str] = {}
    for given in paths:
        root = Path(given)
        try:
            label = root.name or root.resolve().name or "files"
        except (OSError, RuntimeError):
            label = root.name or "files"
        for path, parts, problem in _walk(root, (label,), seen):
            yield Found(path, _unique(_printable("/".join(parts)), path, names), problem)


def _walk(
    root: Path, label: tuple[str, ...], seen: set[tuple[int, int]]
) -> Iterator[tuple[Path, tuple[str, ...], str | None]]:
    waiting = [(root, label)]
    while waiting:
        path, parts = waiting.pop()
        try:
            status = path.stat()
            key = (status.st_dev, status.st_ino)
            inside = stat.S_ISDIR(status.st_mode) and key not in seen
            names = sorted((child.name for child in path.iterdir()), reverse=True) if inside else []
        except (OSError, ValueError) as error:
            yield path, parts, _why(path, error)
            continue
        if key in seen:
            continue  # the same file or directory by another way, a loop perhaps
        seen.add(key)
        if stat.S_ISREG(status.st_mode):
            yield path, parts, None
        elif stat.S_ISDIR(status.st_mode):
            waiting.extend((path / name, (*parts, name)) for name in names if not name.startswith("."))
        else:
            yield (
                path,
                parts,
                "is neither a file nor a directory",
            )  # opening a pipe or device could wait for ever


def _why(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is a broken link" if path.is_symlink() else "does not exist"
    return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _printable(name: str) -> str:
    """A file's name fit for a message: bytes that are no UTF-8, and control characters, replaced."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _unique(shown: str, path: Path, names: dict[str, str]) -> str:
    """The name, with a few digits of the place's hash after it if another file already goes by it."""
    place = os.path.abspath(path)  # noqa: PTH100 - links stay as they are
    if names.setdefault(shown, place) == place:
        return shown
    return f"{shown} ({hashlib.sha256(os.fsencode(place)).hexdigest()[:6]})"
