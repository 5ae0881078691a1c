"""What a guild may spend on the model in a day (UTC), in tokens and in money: booked before a call, settled after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.chat import metrics
from bot.chat.awaiting import within
from bot.chat.faults import Kind, ModelFault
from bot.logs import logger

if TYPE_CHECKING:
    from collections.abc import Callable

log = logger("chat")

LEDGER_SECONDS = 2.0
"""How long the ledger may take. What cannot be booked is not asked."""


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
    """One guild's day so far, or a change of it."""

    tokens: int = 0
    cost: float = 0.0
    requests: int = 0

    def plus(self, change: Spent) -> Spent:
        """Both together."""
        return Spent(self.tokens + change.tokens, self.cost + change.cost, self.requests + change.requests)

    def share(self, most: Spent) -> float:
        """The share of `most` that is used: of tokens or of money, whichever is more; a limit of 0 is none."""
        tokens = self.tokens / most.tokens if most.tokens else 0.0
        return max(tokens, self.cost / most.cost if most.cost else 0.0)

    def within(self, most: Spent) -> bool:
        """Whether neither limit is passed."""
        return self.share(most) <= 1.0


class Ledger(Protocol):
    """Keeps what was spent, for all processes together. Implemented by `bot.store.spending.Spending`."""

    async def book(self, guild: str | None, day: date, change: Spent, most: Spent) -> Spent | None:
        """Add `change` unless it would pass `most`, in one step; the day with it, or None where it was not added."""

    async def settle(self, guild: str | None, day: date, change: Spent) -> None:
        """Add `change` (mostly negative) to what was booked."""

    async def spent(self, guild: str | None, day: date) -> Spent:
        """What `guild` (None: outside of guilds) has used on that day."""


class Tally:
    """A ledger in memory, for measuring and for tests."""

    def __init__(self) -> None:
        """Nothing is spent yet."""
        self._spent: dict[tuple[str | None, date], Spent] = {}

    async def book(self, guild: str | None, day: date, change: Spent, most: Spent) -> Spent | None:
        """As `Ledger.book`."""
        after = (await self.spent(guild, day)).plus(change)
        if not after.within(most):
            return None
        self._spent[guild, day] = after
        return after

    async def settle(self, guild: str | None, day: date, change: Spent) -> None:
        """As `Ledger.settle`."""
        self._spent[guild, day] = (await self.spent(guild, day)).plus(change)

    async def spent(self, guild: str | None, day: date) -> Spent:
        """As `Ledger.spent`."""
        return self._spent.get((guild, day), Spent())


@dataclass(frozen=True, slots=True)
class Booking:
    """What one call may take at most, held until it is settled. If the process dies before that, it counts as spent."""

    guild: str | None
    day: date
    held: Spent


class Budget:
    """Books before a call and settles after it, so that calls side by side, in one process or several, cannot overrun the limit together."""

    def __init__(
        self,
        *,
        tokens: int,
        cost: float,
        price: Price,
        ledger: Ledger | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`tokens` and `cost` per guild and day; 0: no limit. Without a `ledger` only this process knows what was spent."""
        self.most = Spent(tokens, cost)
        self.price = price
        self._ledger: Ledger = ledger or Tally()
        self._now = now
        self._shares: dict[str | None, float] = {}
        self._day: date | None = None

    async def spent(self, guild: str | None) -> Spent:
        """What `guild` (None: outside of guilds) has used today."""
        return await self._ledger.spent(guild, self._now().date())

    async def reserve(self, guild: str | None, prompt: int, completion: int) -> Booking:
        """Book what a call may take at most. Raises `ModelFault`: `BUDGET` when it does not fit any more, `UNBOOKED` when the ledger fails."""
        booking = Booking(
            guild, self._now().date(), Spent(prompt + completion, self.price.of(prompt, completion), 1)
        )
        after, fault = await within(
            self._ledger.book(guild, booking.day, booking.held, self.most), LEDGER_SECONDS
        )
        if fault is not None:
            raise ModelFault(Kind.UNBOOKED)
        self._show(guild, booking.day, 1.0 if after is None else after.share(self.most))
        if after is None:
            raise ModelFault(Kind.BUDGET)
        return booking

    async def settle(self, booking: Booking, prompt: int, completion: int, *, asked: bool = True) -> None:
        """Put what was used in place of what was booked. If the ledger fails the booking stands: counted too high, never too low."""
        held, cost = booking.held, self.price.of(prompt, completion)
        change = Spent(prompt + completion - held.tokens, cost - held.cost, 0 if asked else -held.requests)
        _, fault = await within(self._ledger.settle(booking.guild, booking.day, change), LEDGER_SECONDS)
        if fault is not None:
            log.warning("chat_unsettled", kind=fault.kind.value)
        metrics.TOKENS.labels("prompt").inc(prompt)
        metrics.TOKENS.labels("completion").inc(completion)
        metrics.COST.inc(cost)

    def _show(self, guild: str | None, day: date, share: float) -> None:
        """Show the largest share of a day's budget that a guild has used, as far as this process has booked; no names."""
        if day != self._day:
            self._day = day
            self._shares.clear()
        self._shares[guild] = share
        metrics.BUDGET_USED.set(max(self._shares.values()))
