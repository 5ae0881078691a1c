"""From marks to facts: which feeling or weakness belongs to which part of the body, on which side.

Word order decides: a feeling attaches to the nearest body part of its sentence ("my foot is numb", "numb toes", "can't feel my left calf"),
together with the parts listed beside it ("groin and inner thighs"). A sentence without a part borrows one from the sentence before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from safety.pattern import SENTENCE

if TYPE_CHECKING:
    from safety.matcher import Mark, Reading

REGIONS = (
    "saddle",
    "outerthigh",
    "buttock",
    "foot",
    "leg",
    "hand",
    "arm",
    "face",
    "neck",
    "back",
    "chest",
    "belly",
    "head",
)
"""Region tags, the more telling first: where two cover the same words, the longer wins, then the earlier of this list."""
KINDS = ("cantfeel", "numb", "tingle", "shoot", "dead", "altered", "burn", "weak", "weird")
"""Feeling and weakness tags, the more telling first."""
LOSS = frozenset({"cantfeel", "numb", "tingle", "dead", "altered"})
_REACH = {
    "cantfeel": (6, 4),
    "numb": (7, 8),
    "tingle": (7, 8),
    "shoot": (7, 7),
    "dead": (3, 5),
    "altered": (7, 7),
    "burn": (4, 5),
    "weak": (4, 6),
    "weird": (4, 5),
}
"""How many words after and before a feeling its body part may stand."""
_start = attrgetter("start")
_SOMEWHERE = LOSS | {"weak"}
"""Feelings that belong to a part even where the only one named is said to be fine."""
_FARTHEST = 40
"""Words between the beginnings of a feeling and of a part beyond which neither reaches the other, however long they are."""
_WELL_WITHIN = 4
"""Words behind a part within which it may be said to be fine."""
_FIT = frozenset({"strong", "intact"})
"""Words that say it of a limb alone: "strong" may also be a feeling."""
_AFTER_WELL = frozenset({"otherwise", "though", "tho", "too", "thankfully", "luckily"})
"""Words after "fine" that add no condition to it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A body part as mentioned: tag, words, side ("left", "right", "one", "") and whether it is both or several of a pair."""

    group: str
    start: int
    end: int
    side: str
    both: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A feeling or weakness with its body part. `start`/`end` cover both; `at` is the first word of the feeling itself."""

    kind: str
    group: str
    start: int
    end: int
    at: int
    until: int
    side: str = ""
    both: bool = False
    borrowed: bool = False
    """The body part comes from another sentence."""


def facts(reading: Reading) -> list[Fact]:
    """All facts of a message, in order."""
    regions = find_regions(reading)
    ill = [region for region in regions if not _is_well(region, reading)]
    found: list[Fact] = []
    for mark in _feelings(reading):
        attached = _attach(mark, ill, reading)
        if not attached and mark.tag in _SOMEWHERE and len(ill) < len(regions):
            attached = _attach(mark, regions, reading)  # "i've lost feeling, legs look fine": it is somewhere
        if not attached:
            found.append(Fact(mark.tag, "", mark.start, mark.end, mark.start, mark.end))
        for region, borrowed in attached:
            start, end = (
                (mark.start, mark.end)
                if borrowed
                else (min(mark.start, region.start), max(mark.end, region.end))
            )
            found.append(
                Fact(
                    mark.tag,
                    region.group,
                    start,
                    end,
                    mark.start,
                    mark.end,
                    region.side,
                    region.both,
                    borrowed,
                )
            )
    return found


def find_regions(reading: Reading) -> list[Region]:
    """Body parts mentioned, without overlaps."""
    marks = sorted(reading.of(*REGIONS), key=lambda m: (-(m.end - m.start), REGIONS.index(m.tag)))
    taken: set[int] = set()
    chosen: list[Mark] = []
    for mark in marks:
        span = range(mark.start, mark.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(mark)
    chosen.sort(key=lambda m: m.start)
    return [_sided(m, reading) for m in chosen]


def _sided(mark: Mark, reading: Reading) -> Region:
    tokens = reading.tokens
    low, high = max(0, mark.start - 3), min(len(tokens.words), mark.end + 3)
    while low < mark.start and any(b >= SENTENCE for b in tokens.breaks[low + 1 : mark.start + 1]):
        low += 1
    for j in range(mark.end, high):
        if tokens.breaks[j] >= SENTENCE:
            high = j
            break
    near = [tokens.tags[j] for j in range(low, high)]
    fine = {
        j for m in reading.marks.get("both", ()) if well_behind(reading, m.end) for j in range(m.start, m.end)
    }
    near = [t for j, t in zip(range(low, high), near, strict=True) if j not in fine]
    both = any("both" in t for t in near)
    well = _other_is_well(tokens.tags[mark.end : mark.end + 9])
    if well:
        near = [tokens.tags[j] for j in range(low, mark.end)]
        both = any("both" in t for t in near)
    left = any("left" in t for t in near)
    right = any("right" in t for t in near)
    one = any("one" in t for t in near)
    plural = any("legs" in t or "arms" in t for t in (tokens.tags[j] for j in range(mark.start, mark.end)))
    if left and right and not one:
        both = True
    if both and not one:
        return Region(mark.tag, mark.start, mark.end, "", both=True)
    single = all("onecheek" in t for t in tokens.tags[mark.start : mark.end])
    side = "left" if left else "right" if right else "one" if one or single else ""
    return Region(mark.tag, mark.start, mark.end, side, both=plural and not side)


def _other_is_well(behind: list[dict[str, int]]) -> bool:
    """Whether the other side, named right behind a part, is said to be fine ("left foot numb, the right one is fine")."""
    sides = [j for j, t in enumerate(behind) if "left" in t or "right" in t or "otherside" in t]
    return bool(sides) and any("well" in t for t in behind[sides[0] + 1 : sides[0] + 6])


def _feelings(reading: Reading) -> list[Mark]:
    """Feeling marks without those that stand inside a longer or more telling one."""
    marks = sorted(reading.of(*KINDS), key=lambda m: (KINDS.index(m.tag), -(m.end - m.start)))
    kept: list[Mark] = []
    for mark in marks:
        if not any(k.start < mark.end and mark.start < k.end for k in kept):
            kept.append(mark)
    return sorted(kept, key=lambda m: m.start)


def _attach(mark: Mark, regions: list[Region], reading: Reading) -> list[tuple[Region, bool]]:
    best: tuple[float, int] | None = None
    low = bisect_left(regions, mark.start - _FARTHEST, key=_start)
    high = bisect_right(regions, mark.end + _FARTHEST, key=_start)
    for index in range(low, high):
        cost = _cost(mark, regions[index], reading)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, index)
    if best is None:
        return _borrow(mark, regions, reading)
    return [(r, False) for r in _listed(best[1], regions, reading)]


def _cost(mark: Mark, region: Region, reading: Reading) -> float | None:
    breaks = reading.tokens.breaks
    after, before = _REACH[mark.tag]
    if region.start < mark.end and mark.start < region.end:
        return 0.0
    if region.start >= mark.end:
        gap = region.start - mark.end
        crossed = breaks[mark.end : region.start + 1]
        limit = after
        cost = float(gap)
        if gap and "towards" in reading.tokens.tags[mark.end]:
            cost -= 2.0
    else:
        gap = mark.start - region.end
        crossed = breaks[region.end : mark.start + 1]
        limit = before
        cost = gap + (3.0 if mark.tag == "cantfeel" else 0.5)
    if gap > limit or any(b >= SENTENCE for b in crossed):
        return None
    terms = sum(
        "terminator" in t and "but" in t
        for t in reading.tokens.tags[min(mark.end, region.end) : max(mark.start, region.start)]
    )
    return cost + 1.5 * sum(b in (1, 2) for b in crossed) + 3.0 * terms


def _is_well(region: Region, reading: Reading) -> bool:
    """Whether a part is said to be fine right behind its name, and nothing else of it ("sore and stiff low down, legs are fine")."""
    return well_behind(reading, region.end)


def well_behind(reading: Reading, end: int) -> bool:
    """Whether what is named before word `end` is said there to be fine, and nothing else of it."""
    tokens = reading.tokens
    behind = range(end, min(end + _WELL_WITHIN, len(tokens.words)))
    for j in behind:
        if tokens.breaks[j]:
            return False
        if "well" in tokens.tags[j] or tokens.words[j] in _FIT:
            return (
                j + 1 == len(tokens.words) or tokens.breaks[j + 1] > 0 or tokens.words[j + 1] in _AFTER_WELL
            )
        if "neg" in tokens.tags[j]:
            return False
    return False


def _borrow(mark: Mark, regions: list[Region], reading: Reading) -> list[tuple[Region, bool]]:
    """The body part of the sentence before (within 25 words), or of the one after a very short sentence."""
    low = bisect_left(regions, mark.start - 25 - _FARTHEST, key=_start)
    high = bisect_right(regions, mark.end + 8, key=_start)
    near = range(low, high)
    before = [i for i in near if regions[i].end <= mark.start and mark.start - regions[i].end <= 25]
    if before:
        return [(r, True) for r in _listed(before[-1], regions, reading)]
    after = [i for i in near if regions[i].start >= mark.end]
    return [(regions[after[0]], True)] if after else []


def _listed(index: int, regions: list[Region], reading: Reading) -> list[Region]:
    """`regions[index]` and those listed beside it ("groin, inner thighs and one cheek")."""
    tags = reading.tokens.tags
    chosen = [regions[index]]
    for step in (-1, 1):
        at = index
        while 0 <= at + step < len(regions):
            first, second = sorted((regions[at], regions[at + step]), key=lambda r: r.start)
            between = tags[first.end : second.start]
            crossed = reading.tokens.breaks[first.end : second.start + 1]
            if (
                len(between) > 4
                or any(b >= SENTENCE for b in crossed)
                or not all("listing" in t for t in between)
            ):
                break
            at += step
            chosen.append(regions[at])
    return chosen
