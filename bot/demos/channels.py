"""Looking up what a motion says about one moment, for one side of the body or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demos.skeleton import SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.demos.vectors import Vector
    from corpus.motion import Channel


class Channels:
    """Looks a channel up for one side: `r_knee`, else `knee`."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self.channels = channels

    def has(self, name: str, side: str = "") -> bool:
        """Whether the motion uses a channel, for one side or for both."""
        return f"{side}_{name}" in self.channels or name in self.channels

    def number(self, name: str, side: str = "", default: float = 0.0) -> float:
        """A channel with one figure."""
        return self.channels.get(f"{side}_{name}", self.channels.get(name, (default,)))[0]

    def point(self, name: str, side: str, width: float) -> Vector:
        """A point of the world; without a z it lies `width` out on its side, given for both it is mirrored."""
        own = self.channels.get(f"{side}_{name}")
        value = own if own is not None else self.channels[name]
        z = value[2] if len(value) == 3 else width
        return (value[0], value[1], z if own is not None and len(value) == 3 else SIDES[side] * z)
