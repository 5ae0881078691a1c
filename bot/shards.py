"""When a shard may identify: one per bucket in five seconds, over all processes that share a data folder.

Discord lets `max_concurrency` shards identify at once; shard `n` belongs to bucket `n % max_concurrency`.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 5.0
"""Seconds between two identifications of one bucket."""
SPARE = 0.5
"""Seconds added where another machine waits: this one may be slow to say what it has the turn for."""


class Turnstile:
    """Lets shards identify in turn. The turn is kept in a small file a bucket, locked while it is taken."""

    def __init__(self, folder: Path, *, every: float = EVERY) -> None:
        """Keep the turns in `folder`."""
        self._folder = folder
        self._every = every
        self.concurrency = 1
        """How many buckets there are, as Discord says."""

    async def wait(self, shard: int) -> float:
        """Wait for the turn of a shard; returns the seconds waited."""
        pause = await asyncio.to_thread(self._take, shard % max(1, self.concurrency))
        if pause > 0:
            await asyncio.sleep(pause)
        return pause

    def _take(self, bucket: int) -> float:
        """Take the next free moment of a bucket; returns how far away it is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / f"identify-{bucket}", os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            now = time.time()
            taken = _number(file.read())
            free = taken + self._every if now - 600 < taken < now + 600 else now
            moment = max(now, free)
            file.seek(0)
            file.truncate()
            file.write(f"{moment:.3f}")
            return moment - now


def _number(text: str) -> float:
    """A time, or 0.0 for anything else."""
    try:
        return float(text)
    except ValueError:
        return 0.0
