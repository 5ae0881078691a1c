"""One motion made visible: the poses of its loop, a camera that holds them all, and a frame for any moment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PIL import Image

from bot.demos import card, figure, props, theme
from bot.demos import proportions as body
from bot.demos.camera import YAW, Camera
from bot.demos.extent import extent
from bot.demos.paint import Brush
from bot.demos.pose import pose
from bot.demos.spine import State, state
from bot.demos.timeline import Timeline

if TYPE_CHECKING:
    from bot.demos.skeleton import Pose
    from corpus.motion import Motion

FPS = 12.5
OVERSAMPLE = 3
LARGEST = 4.3
"""Dots per hundredth of body height at most: small movements should not fill the card."""


class Scene:
    """A motion with its title, ready to be drawn."""

    def __init__(self, motion: Motion, title: str, fault: str = "") -> None:
        self.motion = motion
        self.title = title
        self.fault = fault
        self.timeline = Timeline(motion)
        self.times = [i / FPS for i in range(max(round(motion.length * FPS), 1))]
        self._empty: dict[int, Image.Image] = {}

    @cached_property
    def poses(self) -> list[Pose]:
        """The pose of every frame."""
        return [pose(self.motion, self.timeline.at(t)) for t in self.times]

    @cached_property
    def camera(self) -> Camera:
        """A camera under which every frame fits between the cue and the floor."""
        bare = Camera(YAW[self.motion.view])
        points = [(bare.across(p), p[1], r) for each in self.poses for p, r in extent(self.motion, each)]
        left, right = min(x - r for x, _, r in points), max(x + r for x, _, r in points)
        top = max(y + r for _, y, r in points)
        scale = min((card.SIZE - 28) / (right - left), (card.FLOOR_LOWEST - card.TITLE_BOTTOM) / top, LARGEST)
        spare = card.FLOOR_LOWEST - card.TITLE_BOTTOM - scale * top
        floor = card.FLOOR_LOWEST - min(0.38 * spare, 92.0)
        return Camera(bare.yaw, scale, card.SIZE / 2 - scale * (left + right) / 2, floor)

    def state(self, index: int) -> State:
        """The state of the spine in a frame."""
        words = self.timeline.spine(self.times[index])
        return state(self.motion, self.poses[index], words, fault=bool(self.fault))

    def frame(self, index: int, oversample: int = OVERSAMPLE) -> Image.Image:
        """The finished picture of one frame."""
        image = self._ground(oversample).copy()
        camera = self.camera
        large = Camera(
            camera.yaw, camera.scale * oversample, camera.left * oversample, camera.floor * oversample
        )
        brush = Brush(image, large, theme.CARD)
        shown, seen = self.poses[index], self.state(index)
        self._scroll(brush, self.times[index])
        props.draw_behind(brush, self.motion, shown)
        self._path(brush)
        figure.draw(
            brush,
            shown,
            seen.colour,
            lambda: props.draw_carried(brush, self.motion, shown),
            head_over=self.motion.head_over,
        )
        small = image.reduce(oversample)
        if self.motion.glow:
            small = self._glow(small, shown)
        progress = (index + 1) / len(self.times)
        cue = self.timeline.say(self.times[index])
        card.caption(small, card.Caption(self.title, self.fault, cue, seen, progress))
        return small

    def _ground(self, oversample: int) -> Image.Image:
        if oversample not in self._empty:
            level = not (self.motion.gait and self.motion.gait.rise)
            floor = self.camera.floor if level else float(card.SIZE)
            self._empty[oversample] = card.ground(card.SIZE, floor, scale=oversample)
        return self._empty[oversample]

    def _scroll(self, brush: Brush, t: float) -> None:
        """Marks on the ground that pass under a walking figure."""
        gait = self.motion.gait
        if gait is None or not self.camera.sideways:
            return
        shift, climb = (gait.speed * t) % 24.0, gait.rise / 100.0
        for i in range(-6, 9):
            x = i * 24.0 - shift
            y = x * climb - 1.8
            brush.limb([((x, y, 0.0), 0.5), ((x + 7.0, y + 7.0 * climb, 0.0), 0.5)], theme.LINE)

    def _path(self, brush: Brush) -> None:
        bars = [each.bar for each in self.poses if each.bar is not None]
        if not self.motion.path or not bars:
            return
        low, high = min(bars, key=lambda bar: bar[1]), max(bars, key=lambda bar: bar[1])
        z = 11.5 if brush.camera.sideways else 0.0
        brush.dashes((low[0], low[1], z), (high[0], high[1], z), theme.RIM, 0.6)

    def _glow(self, image: Image.Image, shown: Pose) -> Image.Image:
        """A soft light over the muscle at work."""
        strength = shown.value("glow")
        if strength <= 0.01:
            return image
        seat = shown.frame.point(shown.pelvis, -3.0, -0.5, body.HIP_HALF)
        x, y = self.camera.dot(seat)
        size = 9.5 * self.camera.scale
        light = Image.new("L", image.size)
        spot = Image.radial_gradient("L").resize((round(2 * size), round(2 * size)))
        fade = [max(0, round((195 - level) * 1.1 * strength)) for level in range(256)]
        light.paste(spot.point(fade), (round(x - size), round(y - size)))
        return Image.composite(Image.new("RGB", image.size, theme.GLOW[:3]), image, light)
