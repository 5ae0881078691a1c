"""Wait for somebody else's code within a limit, and take its error as a value: clients raise what they like."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.chat.faults import Kind, ModelFault, classify

if TYPE_CHECKING:
    from collections.abc import Awaitable


async def within(work: Awaitable[Any], seconds: float) -> tuple[Any, ModelFault | None]:
    """What comes of `work` within `seconds`, or the fault it ends in; what takes longer is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        task.cancel()
    if not done:
        return None, ModelFault(Kind.TIMEOUT)
    if task.cancelled():
        return None, ModelFault(Kind.ERROR)
    error = task.exception()
    return (None, classify(error)) if error is not None else (task.result(), None)
