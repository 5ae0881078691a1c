"""A limit on what a provider's answer may weigh, for clients that speak httpx: one that never ends must not fill the memory before its time is up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.chat.faults import Kind, ModelFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MOST = 512 * 1024
"""Bytes; a good answer has under ten thousand."""
PLAIN = {"accept-encoding": "identity"}
"""Headers that ask for answers as they are: a packed one could be small and grow."""


async def cap(response: Any) -> None:
    """A response hook of httpx: raises `ModelFault` (long) for what is packed, and as soon as more than `MOST` bytes have come."""
    from httpx import AsyncByteStream

    if response.headers.get("content-encoding", "identity") != "identity":
        raise ModelFault(Kind.LONG)
    stream = response.stream

    class Capped(AsyncByteStream):
        """The stream, up to the limit."""

        async def __aiter__(self) -> AsyncIterator[bytes]:
            """The pieces as they come."""
            read = 0
            async for piece in stream:
                read += len(piece)
                if read > MOST:
                    raise ModelFault(Kind.LONG)
                yield piece

        async def aclose(self) -> None:
            """Let go of the connection."""
            await stream.aclose()

    response.stream = Capped()
