"""Frames into a file: animated WebP, GIF where WebP is not wanted, or one still picture."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS = ("webp", "gif", "png")
WEBP_QUALITIES = (72, 58, 44, 32)
"""Tried in turn until the file is small enough; nearly every demo is at the first."""
LARGEST_WEBP = 250_000
"""Bytes: what a phone on a poor connection still plays at once."""
SHRINK = 0.9
"""What a step down in quality leaves of a file, so that the steps which cannot be enough are not tried."""
GIF_COLOURS = 48


def webp(frames: Sequence[Image.Image], milliseconds: int) -> bytes:
    """An endless animated WebP of at most `LARGEST_WEBP` bytes, as far as lower quality gets it there."""
    data, step = b"", 0
    while step < len(WEBP_QUALITIES):
        out = BytesIO()
        frames[0].save(
            out,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=milliseconds,
            loop=0,
            quality=WEBP_QUALITIES[step],
            method=2,
        )
        data = out.getvalue()
        if len(data) <= LARGEST_WEBP:
            break
        needed = math.ceil(math.log(LARGEST_WEBP / len(data)) / math.log(SHRINK))
        step += min(needed, max(1, len(WEBP_QUALITIES) - 1 - step))
    return data


def gif(frames: Sequence[Image.Image], milliseconds: int) -> bytes:
    """An endless GIF in one palette for all frames, so that nothing flickers."""
    sample = Image.new("RGB", (frames[0].width, frames[0].height * 2))
    sample.paste(frames[0], (0, 0))
    sample.paste(frames[len(frames) // 2], (0, frames[0].height))
    palette = sample.quantize(GIF_COLOURS, method=Image.Quantize.MEDIANCUT)
    flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    out = BytesIO()
    flat[0].save(
        out, "GIF", save_all=True, append_images=flat[1:], duration=milliseconds, loop=0, optimize=False
    )
    return out.getvalue()


def png(frame: Image.Image) -> bytes:
    """One still picture."""
    out = BytesIO()
    frame.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()
