"""Talking to Discord through its bad minutes: refusals for being too fast, servers that stumble, answers that get lost.

discord.py repeats most refusals by itself; it gives up on a 429 without its usual headers, on a 503 and on a broken connection. What is
repeated here may have been executed the first time, so it must be harmless twice: an edit, a message with a nonce, an acknowledgement.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import discord
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

TRIES = 6
LONGEST = 8.0
"""Seconds waited at most before another try."""
PATIENCE = 0.8
"""Seconds for one try to acknowledge: Discord gives three in all, and discord.py would sleep most of them away after a stumble."""
ACKNOWLEDGED = 40060
"""Discord's code for an interaction that was acknowledged before."""


class Taken(Exception):
    """The interaction was acknowledged by another process, or in an earlier delivery of the same event."""


def passing(error: BaseException) -> bool:
    """Whether trying again can help: too fast, a server's stumble, a broken connection."""
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return isinstance(error, aiohttp.ClientError | asyncio.TimeoutError | OSError)


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """The result of `call`, tried again while that can help. Raises what the last try raised."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception(passing), wait=_pause, stop=stop_after_attempt(TRIES), reraise=True
    ):
        with attempt:
            return await call()
    raise AssertionError("unreachable")  # pragma: no cover


async def defer(interaction: discord.Interaction[Any], *, private: bool = True, update: bool = False) -> None:
    """Acknowledge an interaction: `update` keeps the message as it is, otherwise "thinking" is shown, to the person alone if `private`.

    Raises `Taken` when somebody acknowledged it before us. An acknowledgement whose answer got lost counts as ours.
    """

    async def call() -> None:
        if update:
            await interaction.response.defer()
        else:
            interaction.extras["public"] = not private
            await interaction.response.defer(ephemeral=private, thinking=True)

    await _acknowledge(interaction, call)


async def ask_back(interaction: discord.Interaction[Any], modal: discord.ui.Modal) -> None:
    """Open a modal as the acknowledgement. Raises `Taken` when somebody acknowledged the interaction before us."""
    await _acknowledge(interaction, lambda: interaction.response.send_modal(modal))


async def _acknowledge(interaction: discord.Interaction[Any], call: Callable[[], Awaitable[Any]]) -> None:
    """Acknowledge once: "acknowledged before" is an error on the first try only, later it was us."""
    tried = False

    async def once() -> None:
        nonlocal tried
        again, tried = tried, True
        try:
            await asyncio.wait_for(call(), PATIENCE)
        except discord.HTTPException as error:
            if error.code != ACKNOWLEDGED:
                raise
            if not again:
                raise Taken(str(interaction.id)) from error

    await persist(once)


def _pause(state: RetryCallState) -> float:
    """Seconds to wait: what Discord asks for, else a little longer each time."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, discord.HTTPException):
        asked = error.response.headers.get("Retry-After") if hasattr(error.response, "headers") else None
        try:
            return (
                min(LONGEST, max(0.05, float(asked))) if asked else min(LONGEST, 0.5 * state.attempt_number)
            )
        except ValueError:  # a date instead of seconds
            return 1.0
    if isinstance(error, asyncio.TimeoutError):
        return 0.05
    return min(LONGEST, 0.3 * state.attempt_number)
