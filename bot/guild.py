"""What a server has set for itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.digest import HOUR
from bot.review import Targets

if TYPE_CHECKING:
    from datetime import datetime

TURNS = 14
"""Moderators on a rota at most."""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """Settings of one server, made by `/setup` and the console. Ids are Discord's, as text."""

    review_channel: str | None = None
    """Where review cards go; None: no cards, the console only."""
    moderator_roles: tuple[str, ...] = ()
    """Roles whose members review cases (besides those who may manage the server)."""
    senior_role: str | None = None
    """The one role that an escalation pings."""
    quiet_channels: tuple[str, ...] = ()
    """Channels in which Spotter does not answer mentions."""
    asking_roles: tuple[str, ...] = ()
    """Who may ask; empty: everybody."""
    language: str | None = None
    """Language of notices; None: the server's own."""
    share: bool = False
    """Whether answers to `/ask` are public unless the asker says otherwise."""
    targets: Targets = field(default_factory=Targets)
    """How soon cases should be decided."""
    quiet_hours: tuple[int, int] | None = None
    """Hours (from, to; UTC, 0 to 23) in which cards ping nobody."""
    rota: tuple[str, ...] = ()
    """Moderators who take turns, in order: one a day is pinged by cards from URGENT on."""
    digest_hour: int | None = HOUR
    """Hour (UTC, 0 to 23) of the daily digest in the review channel; None: no digest."""
    export_text: bool = False
    """Whether corrected labels may be exported with message text; False: rules and outcomes only."""
    greeted: bool = False
    """Whether the one greeting after joining went out."""


def quiet(hours: tuple[int, int] | None, hour: int) -> bool:
    """Whether `hour` (UTC) lies in the quiet hours, which may run over midnight."""
    if hours is None or hours[0] == hours[1]:
        return False
    begin, end = hours
    return begin <= hour < end if begin < end else hour >= begin or hour < end


def on_duty(settings: GuildSettings, now: datetime) -> str | None:
    """The moderator whose day (UTC) it is; None without a rota, and in quiet hours."""
    if not settings.rota or quiet(settings.quiet_hours, now.hour):
        return None
    return settings.rota[now.toordinal() % len(settings.rota)]
