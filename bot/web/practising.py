"""The console over the practice queue: anybody at this machine may be any of three made-up moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web.authority import Grant
from bot.web.desk import Desk
from bot.web.sessions import Cookies

if TYPE_CHECKING:
    from bot.practice import Practice


class PracticeAuthority:
    """Lets the made-up moderators into the made-up server."""

    def __init__(self, moderators: dict[str, tuple[str, bool]], guild: str) -> None:
        """`moderators`: id -> (name, manages the server)."""
        self._moderators = moderators
        self._guild = guild

    async def grant(self, moderator: str, guild: str) -> Grant | None:
        """Leave for those on the list."""
        found = self._moderators.get(moderator)
        return Grant(*found) if found and guild == self._guild else None

    async def guild_name(self, guild: str) -> str:
        """The server's name."""
        return "Practice gym" if guild == self._guild else guild

    def name(self, moderator: str) -> str:
        """A moderator's name."""
        found = self._moderators.get(moderator)
        return found[0] if found else moderator


def practice_desk(practice: Practice, origin: str) -> Desk:
    """The console's state over an open practice queue, reached under `origin` (loopback)."""
    return Desk(
        practice.store,
        PracticeAuthority(practice.moderators, practice.guild),
        Cookies(practice.store.sessions, secure=False),
        origin,
        practice=True,
    )
