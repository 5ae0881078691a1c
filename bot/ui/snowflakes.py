"""Ids as Discord's published schema has them, as text. discord.py puts numbers into a few bodies; Discord takes both, its schema does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Id:
    """Anything that has an id."""

    id: str


class Reply(discord.MessageReference):
    """A reply to a message, sent even if that was deleted in between."""

    def to_dict(self) -> Any:
        """The reference with its ids as text."""
        return {key: str(value) if key.endswith("_id") else value for key, value in super().to_dict().items()}

    to_message_reference_dict = to_dict


class Attached(discord.File):
    """A file to send."""

    def to_dict(self, index: int) -> Any:
        """Its description with its number as text."""
        return super().to_dict(index) | {"id": str(index)}


def reply_to(message: int, channel: int, guild: int | None) -> Reply:
    """A reply to the message of these ids."""
    return Reply(message_id=message, channel_id=channel, guild_id=guild, fail_if_not_exists=False)


def pinging(*, roles: Iterable[int | str] = (), users: Iterable[int | str] = ()) -> discord.AllowedMentions:
    """Mentions that ping these and nobody else."""
    named: dict[str, Any] = {
        "roles": [Id(str(one)) for one in roles],
        "users": [Id(str(one)) for one in users],
    }
    return discord.AllowedMentions(everyone=False, replied_user=False, **named)


def preset(chosen: int | str, kind: discord.SelectDefaultValueType) -> discord.SelectDefaultValue:
    """A role or channel that a menu shows as chosen."""
    text: Any = str(chosen)
    return discord.SelectDefaultValue(id=text, type=kind)
