"""The accent of a card. Colour never stands alone: the words say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from safety.types import Tier

if TYPE_CHECKING:
    from safety.guard import Guarded

ANSWER = discord.Colour(0x2F9E6E)
QUIET = discord.Colour(0x6B7280)
CRISIS = discord.Colour(0xB0419E)
TIERS = {
    Tier.NONE: ANSWER,
    Tier.CAUTION: discord.Colour(0x2F7FBF),
    Tier.REFER: discord.Colour(0xC98A00),
    Tier.URGENT: discord.Colour(0xD9620F),
    Tier.EMERGENCY: discord.Colour(0xD12F2F),
}
"""All have at least 3:1 against Discord's light and dark cards."""


def of(guarded: Guarded, *, answered: bool = True) -> discord.Colour:
    """The accent of a reply."""
    if guarded.crisis:
        return CRISIS
    if guarded.tier is Tier.NONE and not answered:
        return QUIET
    return TIERS[guarded.tier]


def of_case(tier: Tier, *, crisis: bool) -> discord.Colour:
    """The accent of a review card."""
    return CRISIS if crisis else TIERS[tier]
