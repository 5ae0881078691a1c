"""Servers, channels and people of the made-up Discord, and the objects that describe them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.double.token"  # noqa: S105 - nobody's
ME, OWNER = 100000000000000000, 300000000000000000
EPOCH = 1420070400000
"""Milliseconds from which snowflakes count."""
ALL = str((1 << 50) - 1)
"""Every permission."""
V2 = 1 << 15
"""Flag of a message made of components."""


@dataclass(slots=True)
class Room:
    """A text channel: what stands in it, oldest first."""

    id: int
    guild: int
    name: str
    messages: list[dict[str, Any]] = field(default_factory=list)


class World:
    """Everything there is. Servers are spread over the shards as Discord does it, by `(id >> 22) % shards`."""

    def __init__(self, guilds: int, people: int) -> None:
        """`guilds` servers with two channels each; `people`, each a member of two of the servers."""
        self.guilds = [(100_000_000 + number) << 22 for number in range(guilds)]
        self.people = [OWNER + 1 + number for number in range(people)]
        self.rooms = {
            room.id: room
            for guild in self.guilds
            for room in (Room(guild + 1, guild, "training"), Room(guild + 2, guild, "review"))
        }
        self._serial = 0

    def home(self, person: int) -> int:
        """A person's first server."""
        return self.guilds[(person - OWNER) % len(self.guilds)]

    def away(self, person: int) -> int:
        """A person's other server."""
        return self.guilds[(person - OWNER + max(1, len(self.guilds) // 2)) % len(self.guilds)]

    def new_id(self) -> int:
        """A snowflake of now."""
        self._serial += 1
        return ((int(time.time() * 1000) - EPOCH) << 22) | (self._serial & 0x3FFFFF)

    def user(self, person: int) -> dict[str, Any]:
        """A user object."""
        name = "Spotter" if person == ME else f"person{person - OWNER}"
        return {
            "id": str(person), "username": name, "discriminator": "0", "avatar": None, "global_name": None, "bot": person == ME,
        }  # fmt: skip

    def member(self, person: int, *, user: bool = True) -> dict[str, Any]:
        """A member object."""
        made: dict[str, Any] = {
            "roles": [], "joined_at": "2020-01-01T00:00:00+00:00", "deaf": False, "mute": False, "nick": None, "flags": 0, "avatar": None,
        }  # fmt: skip
        return made | ({"user": self.user(person)} if user else {})

    def channel(self, room: Room) -> dict[str, Any]:
        """A channel object, with the id of its newest message."""
        last = room.messages[-1]["id"] if room.messages else None
        return {
            "id": str(room.id), "type": 0, "name": room.name, "guild_id": str(room.guild), "position": room.id - room.guild,
            "permission_overwrites": [], "parent_id": None, "nsfw": False, "topic": None, "last_message_id": last, "rate_limit_per_user": 0,
        }  # fmt: skip

    def guild(self, guild: int) -> dict[str, Any]:
        """The object that a server arrives as."""
        own_role = guild + 3
        role = {"id": str(guild), "name": "@everyone", "permissions": "2048", "position": 0, "color": 0, "hoist": False, "managed": False,
                "mentionable": False, "flags": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}  # fmt: skip
        own = role | {
            "id": str(own_role),
            "name": "Spotter",
            "permissions": ALL,
            "position": 1,
            "managed": True,
            "tags": {"bot_id": str(ME)},
        }
        rooms = [self.channel(self.rooms[guild + n]) for n in (1, 2)]
        return {
            "id": str(guild), "name": f"Gym {guild >> 22}", "owner_id": str(OWNER), "roles": [role, own], "emojis": [], "stickers": [],
            "features": [], "member_count": 60, "members": [self.member(ME) | {"roles": [str(own_role)]}], "channels": rooms, "threads": [],
            "presences": [], "voice_states": [], "large": False, "unavailable": False, "joined_at": "2020-01-01T00:00:00+00:00",
            "icon": None, "splash": None, "discovery_splash": None, "afk_channel_id": None, "afk_timeout": 300, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "application_id": None,
            "system_channel_id": None, "system_channel_flags": 0, "rules_channel_id": None, "vanity_url_code": None, "description": None,
            "banner": None, "premium_tier": 0, "preferred_locale": "en-US", "public_updates_channel_id": None, "nsfw_level": 0,
            "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "premium_progress_bar_enabled": False,
            "safety_alerts_channel_id": None,
        }  # fmt: skip

    def message(self, ident: int, channel: int, person: int, body: dict[str, Any]) -> dict[str, Any]:
        """A message object from the body that made it."""
        flags, components = body.get("flags") or 0, body.get("components") or []
        for number, one in enumerate(walk(components), 1):
            one.setdefault("id", number)
            if one["type"] == 17:
                flags |= V2
        made = {
            "id": str(ident), "channel_id": str(channel), "author": self.user(person), "content": body.get("content") or "",
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [],
            "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "type": 0, "components": components, "flags": flags,
            "nonce": body.get("nonce"),
        }  # fmt: skip
        if body.get("message_reference"):
            made |= {"type": 19, "message_reference": body["message_reference"]}
        return made


def walk(components: Any) -> Any:
    """All components at any depth."""
    for one in components or ():
        yield one
        yield from walk(one.get("components"))
        if one.get("accessory"):
            yield one["accessory"]


def words(message: dict[str, Any]) -> str:
    """All words of a message."""
    shown = [one["content"] for one in walk(message.get("components")) if one.get("type") == 10]
    return "\n".join(filter(None, [message.get("content"), *shown]))
