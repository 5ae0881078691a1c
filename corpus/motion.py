"""The motion of an exercise: what its own file says about poses, and the checks on it. Drawing lives elsewhere.

Lengths are in hundredths of body height, angles in degrees, times in seconds. x points the way the figure faces, y up,
z to the figure's right. A key holds only what changes: a channel left out keeps its last value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

SIDED_ANGLES = ("thigh", "knee", "abduct", "rotate", "toes", "turnout", "arm", "elbow", "raise")
SIDED_POINTS = ("foot", "hand", "palm")
ANGLES = frozenset(
    (
        "shin",
        "lean",
        "roll",
        "turn",
        "lumbar",
        "thorax",
        "bend",
        "twist",
        "neck",
        "look",
        "glow",
        *tuple(side + name for name in SIDED_ANGLES for side in ("", "r_", "l_")),
    )
)
POINTS = frozenset(
    ("hip", "shoulders", "prop", *tuple(side + name for name in SIDED_POINTS for side in ("", "r_", "l_")))
)
VIEWS = ("side", "front", "three-quarter", "back")
HANDS = ("hang", "bar", "back", "overhead", "hips", "chest", "ears", "stick")
ELBOWS = ("back", "out", "down", "up", "forward")
PROPS = (
    "ball",
    "band",
    "barbell",
    "bench",
    "blocks",
    "box",
    "cable",
    "dumbbell",
    "ghd",
    "kettlebell",
    "rack",
    "roller",
    "sled",
    "slope",
    "stick",
    "wall",
)
PLACES = ("hands", "right hand", "left hand", "back", "right foot", "left foot")
SETTINGS = frozenset(
    {
        "view",
        "length",
        "hands",
        "elbows",
        "grip",
        "bar_x",
        "path",
        "head_over",
        "gait",
        "glow",
        "words",
        "props",
        "keys",
    }
)

Channel = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing in the picture beside the figure."""

    kind: str
    """One of `PROPS`."""
    at: tuple[float, ...] = (0.0, 0.0)
    """Where it stands, x and y (and z); for bands and cables the fixed end."""
    size: tuple[float, ...] = ()
    """Width and height, or a radius, or an angle for a slope: what the kind needs."""
    on: str | None = None
    """The part of the figure that carries it, one of `PLACES`; None for things that stand by themselves."""


@dataclass(frozen=True, slots=True)
class Key:
    """One pose: the channels known at time `t`, already carried forward from earlier keys."""

    t: float
    channels: Mapping[str, Channel]
    say: str
    """The cue in the picture from this moment."""
    spine: str
    """Words for the state of the spine from this moment; empty: words by the angles."""


@dataclass(frozen=True, slots=True)
class Words:
    """How the picture puts the state of the spine."""

    neutral: str = "Spine neutral"
    flexed: str = "Spine rounds on purpose"
    extended: str = "Spine arches on purpose"
    bent: str = "Spine bends sideways on purpose"


@dataclass(frozen=True, slots=True)
class Gait:
    """Steps: each foot goes back with the ground from `front` to `back`, then swings forward; the left half a step later."""

    period: float
    front: float
    back: float
    lift: float
    rise: float = 0.0
    """How far the ground climbs over 100 units."""
    duty: float = 0.6
    """Share of the period that a foot is on the ground."""
    heel: float = 0.0
    """Degrees by which the heels stay raised."""

    @property
    def speed(self) -> float:
        """Speed of the ground under the figure, units a second."""
        return (self.front - self.back) / (self.duty * self.period)


@dataclass(frozen=True, slots=True)
class Motion:
    """How an exercise moves, once round its loop."""

    view: str
    length: float
    """Seconds of one loop; the last key flows into the first."""
    keys: tuple[Key, ...]
    hands: str = "hang"
    elbows: str = "back"
    grip: float = 10.5
    """Half the distance between the hands on a bar."""
    bar_x: float = 3.2
    """Where a bar held in the hands travels: over the middle of the foot."""
    path: bool = False
    """Whether the path of the bar is drawn."""
    head_over: bool = False
    """Whether the head is drawn over the near arm, so that it stays visible where the arm would hide it."""
    gait: Gait | None = None
    """Steps, where the figure walks."""
    glow: str = ""
    words: Words = Words()
    props: tuple[Prop, ...] = ()


def read_motion(table: Mapping[str, Any], where: str, faults: list[str]) -> Motion | None:
    """The motion in `table`; None, with the reasons added to `faults`, if it has no usable keys."""
    fields = Fields(table, where, faults)
    fields.only(SETTINGS)
    keys = _read_keys(fields.tables("keys"), where, faults)
    if not keys:
        faults.append(f"{where}: keys must hold at least one pose")
        return None
    length = fields.number("length", 0.0)
    if length <= keys[-1].t:
        faults.append(f"{where}: length must be later than the last key ({keys[-1].t} s)")
        return None
    words = table.get("words", {})
    if not isinstance(words, dict):
        faults.append(f"{where}: words must be a table")
        words = {}
    spine = Fields(words, f"{where}.words", faults)
    spine.only(Words.__dataclass_fields__)
    said = Words()
    return Motion(
        view=fields.one_of("view", VIEWS, "side"),
        length=length,
        keys=keys,
        hands=fields.one_of("hands", HANDS, "hang"),
        elbows=fields.one_of("elbows", ELBOWS, "back"),
        grip=fields.number("grip", 10.5),
        bar_x=fields.number("bar_x", 3.2),
        path=bool(table.get("path", False)),
        head_over=bool(table.get("head_over", False)),
        gait=_read_gait(table["gait"], f"{where}.gait", faults) if "gait" in table else None,
        glow=fields.text("glow", ""),
        words=Words(
            spine.text("neutral", said.neutral),
            spine.text("flexed", said.flexed),
            spine.text("extended", said.extended),
            spine.text("bent", said.bent),
        ),
        props=tuple(_read_prop(prop, f"{where}.props", faults) for prop in fields.tables("props")),
    )


def _read_gait(table: Any, where: str, faults: list[str]) -> Gait | None:
    if not isinstance(table, dict):
        faults.append(f"{where} must be a table")
        return None
    fields = Fields(table, where, faults)
    fields.only(Gait.__dataclass_fields__)
    read = Gait(
        period=fields.number("period", 0.0),
        front=fields.number("front", 0.0),
        back=fields.number("back", 0.0),
        lift=fields.number("lift", 0.0),
        rise=fields.number("rise", 0.0),
        duty=fields.number("duty", 0.6),
        heel=fields.number("heel", 0.0),
    )
    if read.period <= 0 or not 0 < read.duty < 1 or read.front <= read.back:
        faults.append(f"{where}: period must be positive, duty between 0 and 1, front ahead of back")
        return None
    return read


def _read_prop(table: Mapping[str, Any], where: str, faults: list[str]) -> Prop:
    fields = Fields(table, where, faults)
    fields.only(Prop.__dataclass_fields__)
    on = fields.one_of("on", PLACES) if "on" in table else None
    return Prop(fields.one_of("kind", PROPS), fields.numbers("at", (0.0, 0.0)), fields.numbers("size"), on)


def _read_keys(tables: list[Mapping[str, Any]], where: str, faults: list[str]) -> tuple[Key, ...]:
    keys: list[Key] = []
    carried: dict[str, Channel] = {}
    say = ""
    for index, table in enumerate(tables):
        fields = Fields(table, f"{where}.keys[{index}]", faults)
        fields.only(ANGLES | POINTS | {"t", "like", "say", "spine"})
        like = table.get("like")
        if like is not None:
            if not isinstance(like, int) or not 0 <= like < len(keys):
                faults.append(f"{fields.where}: like must be the number of an earlier key, counted from 0")
            else:
                carried = dict(keys[like].channels)
        for name in table:
            if name in ANGLES:
                carried[name] = (fields.number(name, 0.0),)
            elif name in POINTS:
                point = fields.numbers(name)
                if len(point) not in (2, 3):
                    faults.append(f"{fields.where}: {name} must be [x, y] or [x, y, z]")
                    continue
                carried[name] = point
        t = fields.number("t", 0.0)
        if keys and t <= keys[-1].t:
            faults.append(f"{fields.where}: t must grow from key to key")
        say = fields.text("say", say)
        keys.append(Key(t, dict(carried), say, fields.text("spine", "")))
    return _complete(keys, where, faults)


def _complete(keys: list[Key], where: str, faults: list[str]) -> tuple[Key, ...]:
    """Give every key every channel: before it is first set, an angle is 0 and a point is where it will be."""
    first: dict[str, Channel] = {}
    for key in keys:
        for name, value in key.channels.items():
            first.setdefault(name, value)
    full = tuple(
        Key(key.t, {name: _before(name, key, first) for name in first}, key.say, key.spine) for key in keys
    )
    faults.extend(
        f"{where}: {name} must have the same number of figures in every key"
        for name in first
        if len({len(key.channels[name]) for key in full}) > 1
    )
    if full and full[0].t != 0.0:
        faults.append(f"{where}: the first key must be at t = 0")
    return full


def _before(name: str, key: Key, first: Mapping[str, Channel]) -> Channel:
    if name in key.channels:
        return key.channels[name]
    both = name.removeprefix("r_").removeprefix("l_")
    if both in key.channels:
        return key.channels[both]
    return (0.0,) if name in ANGLES else first[name]
