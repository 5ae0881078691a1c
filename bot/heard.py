"""Until when this process heard what people wrote, shard by shard: kept in a file, so that the next process knows what it missed."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

OVERLAP = 60.0
"""Seconds looked at twice: a connection may have been dead for a while before anybody noticed."""
LONGEST = 900.0
"""Seconds looked back at most: nobody waits for an answer any longer."""


class Heard:
    """Times of this process's shards in `heard.json` of the data folder."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Read what the process before left."""
        self._file = folder / "heard.json"
        self._clock = clock
        self._until = _read(self._file)

    def note(self, shards: Iterable[int]) -> None:
        """These shards are connected now. Writes a file of some bytes; call it in a thread."""
        now = self._clock()
        self._until |= dict.fromkeys(shards, now)
        draft = self._file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(self._until), "ascii")
        draft.replace(self._file)

    def since(self, shard: int) -> float | None:
        """The time (seconds since 1970) from which a shard that begins anew has to look; None where it was never connected before."""
        until = self._until.get(shard)
        return None if until is None else max(until - OVERLAP, self._clock() - LONGEST)


def _read(file: Path) -> dict[int, float]:
    """What stands in the file; nothing where it is missing or damaged."""
    try:
        return {int(shard): float(at) for shard, at in json.loads(file.read_text("ascii")).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
