"""Who may moderate which server, as a port: Discord answers in earnest, the practice queue lets everybody in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5


class Unreachable(RuntimeError):
    """Discord could not be asked; nobody is let in on a guess."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to moderate one server."""

    name: str
    """What the moderator is called there."""
    admin: bool
    """May manage the server: sees everybody's audit and changes settings."""


class Authority(Protocol):
    """Answers who may do what. Raises `Unreachable`."""

    async def grant(self, moderator: str, guild: str) -> Grant | None:
        """The leave of `moderator` in `guild`; None when there is none."""

    async def guild_name(self, guild: str) -> str:
        """What a server is called."""

    def name(self, moderator: str) -> str:
        """What a moderator is called, as far as is known here; some form of the id otherwise."""


def weigh(member: dict[str, Any], server: dict[str, Any], moderator_roles: tuple[str, ...]) -> Grant | None:
    """What Discord's member and guild objects amount to: the owner, managers of the server, and the moderators' roles are let in.

    `server` holds `id`, `owner_id` and `roles` (each with `id` and `permissions` as a decimal text).
    """
    user = member.get("user") or {}
    held = {str(role) for role in member.get("roles", ())}
    name = str(member.get("nick") or user.get("global_name") or user.get("username") or "moderator")
    everyone = str(server.get("id"))
    bits = 0
    for role in server.get("roles", ()):
        if str(role["id"]) in held or str(role["id"]) == everyone:
            bits |= int(role.get("permissions", 0))
    admin = bool(bits & (ADMINISTRATOR | MANAGE_GUILD)) or str(server.get("owner_id")) == str(user.get("id"))
    return Grant(name, admin) if admin or held & set(moderator_roles) else None
