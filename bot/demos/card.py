"""The card round the picture: title, cue, ground, state of the spine and progress."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from bot.demos import theme

if TYPE_CHECKING:
    from bot.demos.paint import Colour
    from bot.demos.spine import State

SIZE = 480
TITLE_BOTTOM = 72
"""Nothing of the figure may lie above this line, in dots from the top."""
FLOOR_LOWEST = 424
FOOTER_TOP = 436


@lru_cache(maxsize=8)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own typeface, which is the same on every machine."""
    chosen = ImageFont.load_default(size)
    assert isinstance(chosen, ImageFont.FreeTypeFont)
    return chosen


def fitting(text: str, size: int, width: int) -> ImageFont.FreeTypeFont:
    """The largest type up to `size` in which `text` is no wider than `width` dots."""
    while size > 10 and font(size).getlength(text) > width:
        size -= 1
    return font(size)


def ground(size: int, floor: float, *, scale: int) -> Image.Image:
    """The empty card with its floor at `floor` dots, `scale` times as large as shown."""
    image = Image.new("RGB", (size * scale, size * scale), theme.CARD[:3])
    draw = ImageDraw.Draw(image)
    top = round(floor * scale)
    draw.rectangle((0, top, size * scale, size * scale), fill=theme.FLOOR)
    draw.rectangle((0, top, size * scale, top + scale), fill=theme.LINE)
    return image


@dataclass(frozen=True, slots=True)
class Caption:
    """Everything written on one frame."""

    title: str
    fault: str
    """Name of the common fault shown; empty in an ordinary demo."""
    cue: str
    state: State
    progress: float
    """Share of the loop, 0 to 1."""


def caption(image: Image.Image, words: Caption) -> None:
    """Write the words on a finished frame."""
    title, fault, cue = words.title, words.fault, words.cue
    draw = ImageDraw.Draw(image)
    width = SIZE - 36
    if fault:
        above = f"{title}: common fault"
        draw.text((18, 9), above, font=fitting(above, 14, width), fill=theme.CUE)
        _sign(draw, 24, 37, "wrong", theme.WRONG)
        draw.text((38, 37), fault, font=fitting(fault, 21, width - 20), fill=theme.TEXT, anchor="lm")
        draw.text((18, 52), cue, font=fitting(cue, 16, width), fill=theme.CUE)
    else:
        draw.text((18, 13), title, font=fitting(title, 25, width), fill=theme.TEXT)
        draw.text((18, 45), cue, font=fitting(cue, 17, width), fill=theme.CUE)
    draw.rectangle((0, FOOTER_TOP, SIZE, SIZE), fill=theme.FOOTER)
    y = (FOOTER_TOP + SIZE) // 2
    _sign(draw, 25, y, words.state.mark, words.state.colour)
    draw.text(
        (42, y), words.state.words, font=fitting(words.state.words, 17, 288), fill=theme.TEXT, anchor="lm"
    )
    left, right = 344, SIZE - 18
    draw.rounded_rectangle((left, y - 3, right, y + 3), 3, fill=theme.LINE)
    end = left + max(6, round((right - left) * words.progress))
    draw.rounded_rectangle((left, y - 3, end, y + 3), 3, fill=theme.CUE)


def _sign(draw: ImageDraw.ImageDraw, x: int, y: int, mark: str, colour: Colour) -> None:
    if mark == "wrong":
        draw.line((x - 6, y - 6, x + 6, y + 6), fill=colour, width=4)
        draw.line((x - 6, y + 6, x + 6, y - 6), fill=colour, width=4)
    elif mark == "moved":
        draw.polygon(((x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)), fill=colour)
    else:
        draw.ellipse((x - 7, y - 7, x + 7, y + 7), fill=colour)
