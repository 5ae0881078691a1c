"""How often one person and one server may ask. A message that the safety layer takes seriously is never held back (the caller sees to it)."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Bucket:
    """A number of tokens that fill up again evenly."""

    tokens: float
    at: float
    told: float = field(default=-1e9)
    """When its owner was last told to wait."""


class Limit:
    """`rate` uses in `per` seconds for each key, the last `remembered` keys kept."""

    def __init__(
        self, rate: int, per: float, *, remembered: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._per = per
        self._remembered = remembered
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, key: str) -> float:
        """Use one token of `key`; 0.0, or the seconds until there is one again."""
        now = self._clock()
        bucket = self._buckets.setdefault(key, Bucket(float(self._rate), now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        bucket.tokens = min(float(self._rate), bucket.tokens + (now - bucket.at) * self._rate / self._per)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) * self._per / self._rate

    def should_tell(self, key: str) -> bool:
        """Whether to tell the owner of `key` to wait: once a window, so that the notice itself is no flood."""
        bucket = self._buckets.get(key)
        if bucket is None or self._clock() - bucket.told < self._per:
            return False
        bucket.told = self._clock()
        return True


class Limits:
    """The limits of the bot: each person, and each server as a whole."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.person = Limit(8, 60.0, clock=clock)
        self.guild = Limit(120, 60.0, clock=clock)

    def wait(self, person: str, guild: str | None) -> float:
        """Seconds that this person has to wait before asking here; 0.0: go ahead."""
        return self.person.wait(person) or (self.guild.wait(guild) if guild else 0.0)
