"""Colours of the demo card. Its own dark ground reads the same in light and dark themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.demos.paint import Colour

CARD: Colour = (30, 33, 41)
FLOOR: Colour = (36, 40, 50)
FOOTER: Colour = (43, 48, 60)
LINE: Colour = (74, 82, 103)
TEXT: Colour = (246, 247, 251)
CUE: Colour = (178, 186, 204)
BODY: Colour = (236, 239, 247)
SHORTS: Colour = (94, 106, 148)
SHOES: Colour = (88, 101, 242)
HAIR: Colour = (112, 122, 152)
SHADE: Colour = (62, 72, 98)
"""What the far limbs are mixed with."""
STEEL: Colour = (176, 184, 204)
PLATE: Colour = (88, 101, 242)
RIM: Colour = (150, 160, 255)
WOOD: Colour = (92, 100, 122)
PAD: Colour = (118, 92, 110)
BAND: Colour = (240, 150, 190)
NEUTRAL: Colour = (61, 204, 133)
MOVED: Colour = (255, 178, 46)
WRONG: Colour = (255, 107, 107)
GLOW: Colour = (61, 204, 133)
