"""Words that are nobody's symptom: quoted, taught, an animal's, or asked about and denied.

Each frame gives way where somebody may have the symptom now: a poster that fits its reader, a coach whose client has it since this morning.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from safety.scope import Scope, marks_in

if TYPE_CHECKING:
    from safety.matcher import Reading

_AROUND = 9
"""Words before a quotation, and half as many after it, in which its source may be named."""


def quotation(reading: Reading, start: int, end: int) -> str:
    """Where the quotation comes from that words `start` to `end` stand in: a song, an article, a poster (X15). "" for what is nobody's or a person's.

    People report in inverted commas too ("my mate says "my groin is numb""), and may say that the quotation fits them: neither is passed over.
    """
    quotations = reading.quotations
    at = bisect_right(quotations, (start, len(reading.tokens.words))) - 1
    if at < 0 or end > quotations[at][1] or reading.has("claimed"):
        return ""
    first, after = quotations[at]
    tags = reading.tokens.tags
    near = [*range(max(0, first - _AROUND), first), *range(after, min(len(tags), after + _AROUND // 2))]
    named = [j for j in near if "thingsaid" in tags[j]]
    words = reading.tokens.words
    if named and not any(
        "own" in tags[j] or ("other" in tags[j] and "at" not in words[max(0, j - 2) : j]) for j in near
    ):
        return reading.text(named[0], named[0] + 1)
    return ""


def answered_no(reading: Reading, scope: Scope, start: int, end: int) -> str:
    """The answer to what somebody asked about ("asked about legs, bladder and numb spots, all no"), or ""."""
    asked = [m for m in marks_in(reading, "askedabout", scope.low, start) if m.end <= start]
    answers = marks_in(reading, "allwell", end, scope.next_high) if asked else []
    if not answers or any("but" in t for t in reading.tokens.tags[end : answers[0].end + 1]):
        return ""
    tags = reading.tokens.tags
    between = tags[asked[-1].end : answers[0].start]
    if any("function" in t for t in between) and not any("trouble" in t for t in between):
        return ""  # "asked about bladder control, i have none"
    if any("mine" in t for t in tags[asked[-1].end : end]) or reading.tokens.question[answers[0].start]:
        return ""  # "asked my gp about my numb feet, all clear?" is a report
    since = len(reading.tokens.words)
    if any(marks_in(reading, tag, answers[0].end, since) for tag in ("yes", "recent", "persist", "newtoday")):
        return ""
    return reading.text(answers[0].start, answers[0].end)


_ANIMALS = 6
"""Words behind an animal within which what is told is its own."""


def animal(reading: Reading, start: int) -> str:
    """The animal that has the finding at word `start` ("our greyhound has lost the use of her back legs"), or ""."""
    for mark in marks_in(reading, "animal", start - _ANIMALS - 2, start + 1):
        between = range(mark.start, start)
        if mark.start <= start and not any(
            reading.tokens.breaks[j + 1] > 0
            or not reading.tokens.tags[j].keys().isdisjoint(("firsts", "mine", "own"))
            for j in between
        ):
            return reading.text(mark.start, mark.end)
    return ""


def drafted(reading: Reading, scope: Scope, start: int) -> str:
    """What text about warning signs the message is on ("my draft has: numb groin, weak legs"), or "" where somebody may have them now."""
    texts = marks_in(reading, "drafting", 0, scope.next_high)
    now = reading.of("recent", "newtoday", "persist")
    if not texts or reading.has("claimed") or any(reading.text(m.start, m.end) != "new" for m in now):
        return ""
    tags = reading.tokens.tags
    if any("lately" in t for t in tags[scope.low : scope.high]):
        return ""
    inside = [m for m in texts if scope.low <= m.start]
    if inside and inside[0].end <= start and not any("ontopic" in t for t in tags[inside[0].end : start]):
        return ""  # "i was making a poster and bent over, both legs tingle"
    return reading.text(texts[0].start, texts[0].end)
