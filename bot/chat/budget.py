"""What a guild may spend on the model in a day (UTC), in tokens and in money. Kept in this process; a restart begins anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Price:
    """Money for a million tokens; 0 where nothing is to be paid."""

    prompt: float = 0.0
    completion: float = 0.0

    def of(self, prompt: int, completion: int) -> float:
        """What so many tokens cost."""
        return (prompt * self.prompt + completion * self.completion) / 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """One guild's day so far."""

    tokens: int = 0
    cost: float = 0.0
    requests: int = 0


class Budget:
    """Reserves before a call and settles after it, so that calls side by side cannot overrun the limit together."""

    def __init__(
        self,
        *,
        tokens: int,
        cost: float,
        price: Price,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`tokens` and `cost` per guild and day; 0: no limit."""
        self.tokens = tokens
        self.cost = cost
        self.price = price
        self._now = now
        self._day: date | None = None
        self._spent: dict[str | None, Spent] = {}

    def spent(self, guild: str | None) -> Spent:
        """What `guild` (None: outside of guilds) has used today."""
        self._turn()
        return self._spent.get(guild, Spent())

    def reserve(self, guild: str | None, prompt: int, completion: int) -> bool:
        """Book what a call may take at most; False (and nothing booked) when it does not fit any more."""
        before = self.spent(guild)
        tokens = before.tokens + prompt + completion
        cost = before.cost + self.price.of(prompt, completion)
        if (self.tokens and tokens > self.tokens) or (self.cost and cost > self.cost):
            return False
        self._spent[guild] = Spent(tokens, cost, before.requests + 1)
        return True

    def settle(self, guild: str | None, reserved: tuple[int, int], used: tuple[int, int]) -> None:
        """Put what was used (prompt, completion) in place of what was reserved."""
        before = self.spent(guild)
        tokens = before.tokens - sum(reserved) + sum(used)
        cost = before.cost - self.price.of(*reserved) + self.price.of(*used)
        self._spent[guild] = Spent(max(0, tokens), max(0.0, cost), before.requests)

    def _turn(self) -> None:
        """Begin anew at midnight UTC."""
        today = self._now().date()
        if today != self._day:
            self._day = today
            self._spent.clear()
