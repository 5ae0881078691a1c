"""The rota as it is typed into the settings: one moderator's id a line, in the order of their turns."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING

from bot.guild import TURNS
from bot.web.authority import Unreachable

if TYPE_CHECKING:
    from bot.web.authority import Authority

SHOWN = 25
"""Characters of a wrong entry that the page repeats."""


async def read_rota(
    typed: str, standing: tuple[str, ...], authority: Authority, guild: str
) -> tuple[tuple[str, ...], str]:
    """The ids out of what was typed, and what is wrong with them ("" where nothing is).

    Ids may stand on lines or between commas, bare or as a mention ("<@123>"). Whoever is new on the rota has to moderate the server; those
    who stand on it already are not asked for again, so that an old entry keeps nobody from saving something else.
    """
    ids = tuple(one.strip("<@!>") for one in typed.replace(",", " ").split())
    twice = next((one for one in ids if ids.count(one) > 1), "")
    if twice:
        return ids, f"{twice[:SHOWN]} stands there twice."
    if len(ids) > TURNS:
        return ids, f"At most {TURNS} moderators."
    fresh = [one for one in ids if one not in standing]
    try:
        grants = await gather(*(authority.grant(one, guild) for one in fresh))
    except Unreachable:
        return ids, "Discord cannot be asked who moderates here just now. Try again in a minute."
    strangers = [one[:SHOWN] for one, grant in zip(fresh, grants, strict=True) if grant is None]
    if strangers:
        return ids, f"Not the id of anybody who moderates this server: {', '.join(strangers)}."
    return ids, ""
