"""The daily digest of a review channel: counts and times, nobody's words and nobody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.ui import colours
from bot.ui.actions import button, custom_id
from bot.ui.card import card, rows
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.digest import Tally, Waiting
    from bot.ui.card import Shown
    from bot.ui.words import Words

VERB = "digest-queue"
CRISIS = 5
LONG = 120
"""Minutes from which a time is told in hours."""


def digest_card(tally: Tally, due: datetime, said: Words, *, guild: str, console: str = "") -> ui.LayoutView:
    """The card: what waits by severity, what happened since the last one, the way to the queue. `due` is when it was due."""
    title = f"### {said('digest.title', day=discord.utils.format_dt(due, 'D'))}"
    waiting = [_waiting(one, said) for one in tally.waiting] or [said("digest.nothing-waits")]
    shown: list[Shown] = [ui.TextDisplay("\n".join((title, *waiting)))]
    shown.append(ui.TextDisplay(_happened(tally, said)))
    buttons: list[Shown] = [button(said("digest.queue"), VERB, tally.until.isoformat())]
    if console:
        buttons.append(ui.Button(label=said("case.console"), url=f"{console}/queue?guild={guild}"))
    worst = tally.waiting[0].severity if tally.waiting else None
    accent = (
        colours.QUIET
        if worst is None
        else colours.of_case(Tier(min(worst, int(Tier.EMERGENCY))), crisis=worst == CRISIS)
    )
    return card(*shown, *rows(buttons), accent=accent)


def is_digest(components: Iterable[object], day: date) -> bool:
    """Whether a message with these components is the digest of `day`."""
    wanted = custom_id(VERB, day.isoformat())
    return any(
        getattr(one, "custom_id", None) == wanted or is_digest(getattr(one, "children", ()), day)
        for one in components
    )


def _waiting(one: Waiting, said: Words) -> str:
    """What waits of one severity."""
    name = "crisis" if one.severity == CRISIS else Tier(one.severity).name.casefold()
    return said(
        "digest.waiting", severity=said(f"tier.{name}"), open=one.open, claimed=one.claimed, escalated=one.escalated,
        overdue=one.overdue, oldest=discord.utils.format_dt(one.oldest, "R"),
    )  # fmt: skip


def _happened(tally: Tally, said: Words) -> str:
    """What happened on the days looked back on."""
    span = said("digest.yesterday") if tally.days == 1 else said("digest.days", days=tally.days)
    lines = [f"**{span}** {said('digest.came', opened=tally.opened, decided=tally.decided)}"]
    if tally.decided:
        rate = f"{tally.false_alarms / tally.decided:.0%}"
        claim, decide = _time(tally.claim_minutes), _time(tally.decide_minutes)
        lines.append(said("digest.times", claim=claim, decide=decide))
        lines.append(said("digest.alarms", number=tally.false_alarms, rate=rate))
    if tally.expired:
        lines.append(said("digest.expired", number=tally.expired))
    return "\n".join(lines)


def _time(minutes: float | None) -> str:
    """Minutes, or hours where there are many; a dash where nothing was measured."""
    if minutes is None:
        return "-"
    return f"{minutes:.0f} min" if minutes < LONG else f"{minutes / 60:.0f} h"
