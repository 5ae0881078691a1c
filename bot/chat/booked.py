"""A model that is asked within the guild's budget only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.faults import Kind, ModelFault

if TYPE_CHECKING:
    from bot.chat.budget import Budget
    from bot.chat.model import Model, Written
    from bot.chat.prompting import Prompt


class BookedModel:
    """Books tokens and money before it asks `model`, and settles what was used."""

    def __init__(self, model: Model, budget: Budget, most: int) -> None:
        """Both are shared by everything that asks; `most` tokens of an answer are booked."""
        self.name = model.name
        self._model = model
        self._budget = budget
        self._most = most

    @property
    def form(self) -> str:
        """The form of answers that the model takes now."""
        return self._model.form

    async def ask(self, guild: str | None, prompt: Prompt, seconds: float) -> Written:
        """What the model writes. Raises `ModelFault`, also where the budget is used up."""
        booking = await self._budget.reserve(guild, prompt.tokens, self._most)
        used, asked = (prompt.tokens, 0), True
        try:
            written = await self._model.ask(prompt, seconds)
            used = _used(written, prompt)
        except ModelFault as fault:
            if fault.kind is Kind.OPEN:
                used, asked = (0, 0), False
            raise
        finally:
            await self._budget.settle(booking, *used, asked=asked)
        return written

    async def close(self) -> None:
        """Let go of connections."""
        await self._model.close()


def _used(written: Written, prompt: Prompt) -> tuple[int, int]:
    """Tokens by the provider's count, or by ours where it gives none."""
    given = written.prompt_tokens, written.completion_tokens
    return (
        prompt.tokens if given[0] is None else given[0],
        len(written.text) // 3 if given[1] is None else given[1],
    )
