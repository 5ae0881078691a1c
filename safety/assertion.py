"""Is it said to be there? Negation, time, person, hypothesis and harmless cause of one finding, by clause.

In the manner of ConText [S104], with what chat needs on top: a negator inside a finding belongs to it ("can't feel"), pseudo-negations stand aside
("not just", "never had this before"), denial of one thing ends where another begins, and questions about oneself are reports (rules X1 to X12).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.frames import animal, answered_no, drafted, quotation
from safety.pattern import SENTENCE
from safety.scope import PAST, Scope, clause_of, covered, marks_in, of_another, over_in, scope_of
from safety.types import Assertion

if TYPE_CHECKING:
    from safety.matcher import Mark, Reading

_LIST_TAGS = frozenset(
    {
        "numb",
        "tingle",
        "shoot",
        "weak",
        "burn",
        "pain",
        "dead",
        "pee",
        "poo",
        "incontinent",
        "saddle",
        "buttock",
        "leg",
        "foot",
        "arm",
        "hand",
        "back",
        "neck",
        "altered",
        "sciatica",
        "weird",
        "fever",
        "headache",
        "chest",
        "face",
        "left",
        "right",
        "both",
        "one",
        "neg",
        "givesway",
        "legs",
        "arms",
        "knee",
        "toe",
        "bladder",
        "sudden",
        "heart:hard",
        "E10:heart",
        "faint",
        "masked",
    }
)


_OWN = frozenset({"no", "lack", "cant", "couldnt"})
"""Negators that begin a finding and belong to it."""
_LOST = frozenset({"neg", "cantfeel"})
"""What makes a finding of something that is not there any more."""
_REACH = 4
"""Words after a negator within which it denies ("nobody has ever found a tumour"), if no list of findings goes on."""
_SIGNS = frozenset(
    {"numb", "tingle", "shoot", "weak", "burn", "pain", "dead", "pee", "poo", "altered", "sciatica", "saddle"}
)
"""What may have been long ago itself."""
_FEELINGS = frozenset({"numb", "tingle", "altered", "shoot", "burn"})
_PARTS = frozenset({"saddle", "outerthigh", "buttock", "foot", "leg", "hand", "arm", "face", "toe"})


@dataclass(slots=True)
class Judgement:
    """An assertion and the rule that decided it."""

    assertion: Assertion
    rule: str = ""


def negated(reading: Reading, at: int) -> str:
    """The denying word in whose scope the finding that starts at word `at` stands, or ""."""
    tokens = reading.tokens
    pseudo = covered(reading, "pseudo", low=max(0, at - 12), high=at + 1)
    i = at
    steps = 0
    listing = True
    crossed = False
    while i > 0 and steps < 9:
        if tokens.breaks[i] >= SENTENCE:
            break
        comma = tokens.breaks[i] > 0
        crossed = crossed or comma
        if comma and i < at and "determiner" in tokens.tags[i]:
            break  # "no pain, the big toe refuses to come up"
        i -= 1
        steps += 1
        tags = tokens.tags[i]
        if comma and not listing:
            break
        if "terminator" in tags and "neg" not in tags:
            break
        if tokens.words[i] == "no" and "determiner" in tokens.tags[i + 1]:
            continue  # "but no, my leg went": it answers, and denies nothing
        if "nor" in tags and _neither(reading, i) and (listing or at - i <= _REACH):
            return tokens.words[i]
        if tags.get("neg", 0) > i + 1 and tokens.breaks[i + 1] > 0:
            continue  # "no, tengo hormigueo" answers, and is no "no tengo"
        if "neg" in tags and i not in pseudo:
            if comma and steps == 1:
                return ""
            if tokens.words[at] == tokens.words[i] in _OWN:
                return ""  # "no fall, no leaking, no feeling when i wipe": its own "no" belongs to it
            if crossed and _new_item(reading, i, at):
                return ""
            if crossed and "verbnot" in tags and not any("either" in t for t in tokens.tags[i:at]):
                return ""
            if at - (i + 1 if crossed else tags["neg"]) < _REACH or listing:
                return tokens.words[i]
        if not (_LIST_TAGS & tags.keys() or "series" in tags or "filler" in tags):
            listing = False
    return ""


def _neither(reading: Reading, at: int) -> bool:
    """Whether a "neither" earlier in the sentence makes a denial of the word at `at` ("weder zieht es, noch kribbelt es")."""
    tokens = reading.tokens
    for j in range(at - 1, max(-1, at - _PAIRED), -1):
        if "neither" in tokens.tags[j]:
            return True
        if tokens.breaks[j] >= SENTENCE:
            return False
    return False


_PAIRED = 25
"""Words within which "neither" has its "nor"."""


def _new_item(reading: Reading, negator: int, at: int) -> bool:
    """Whether the finding at word `at` begins anew behind a comma ("no fever, numb groin"), and is no item of a denied list ("no numb toes, weak legs")."""
    tags = reading.tokens.tags
    between = negator + 1
    if "adjective" not in tags[at] or any("adjective" in t for t in tags[between:at]):
        return False
    return not any("either" in t for t in tags[between : at + _LISTED])


def inside(reading: Reading, at: int, end: int) -> str:
    """A plain denial within the words of a finding: of a pain that travels ("hurts but nothing down the leg"), of failing ("no slapping"), or ""."""
    words, tags = reading.tokens.words, reading.tokens.tags
    last = tags[end - 1]
    if end - at > 2 and (
        ("fails" in last and words[end - 2] in _FAILS_NOT)
        or (
            "looks" in last
            and words[end - 2] in _LOOKS_NOT
            and reading.tokens.breaks[end - 1] == 0
            and not _RATHER.intersection(words[end : end + 1])
            and not any(
                "looks" in t and words[j - 1] not in _LOOKS_NOT
                for j, t in enumerate(tags[end : end + 4], end)
            )
        )
    ):
        return words[end - 2]
    if not any("shoot" in reading.tokens.tags[j] for j in range(at, end)):
        return ""
    pseudo = covered(reading, "pseudo", low=at, high=end)
    denials = [j for j in range(at + 1, end) if "denier" in reading.tokens.tags[j] and j not in pseudo]
    return reading.tokens.words[denials[0]] if denials else ""


_FAILS_NOT = frozenset({"no", "doesnt", "dont", "didnt", "never", "without"})
"""What denies that a limb fails ("foot's strong, no slapping"); "isn't dragging, the whole leg is" does not."""
_LOOKS_NOT = frozenset({"not", "no", "isnt", "arent", "never"})
"""What denies how it looks ("calf sore, not swollen")."""
_RATHER = frozenset(
    {"more", "but", "rather", "just", "its", "it", "plutot", "eher", "sondern", "sino", "mas", "mais"}
)
"""What goes on to say how it does look ("pee isn't red, more like coke")."""
_UNTIL = frozenset({"until", "till", "except", "but", "apart", "unless"})
"""What takes a denial back for a part of the time or of the body ("no, not until this morning")."""
_COLON = 2
"""Strength of the boundary before what follows a colon."""
_LISTED = 6
"""Words of a list behind a finding within which the denial of all of it may stand."""


def _excepted(reading: Reading, at: int, end: int) -> str:
    """The exception to a denial that takes it back for a part of the body ("no numbness except my toes"), or ""."""
    tokens = reading.tokens
    for mark in marks_in(reading, "exception", at, min(end + 5, len(tokens.words))):
        stop = min(mark.end + 4, len(tokens.words))
        for j in range(mark.end, stop):
            if (
                tokens.breaks[j] >= SENTENCE
                or "neg" in tokens.tags[j]
                or not _FEELINGS.isdisjoint(tokens.tags[j])
            ):
                break
            if not _PARTS.isdisjoint(tokens.tags[j]):
                rest = next((k for k in range(j + 1, stop) if tokens.breaks[k] > 0), stop)
                if not _FEELINGS.isdisjoint(t for k in range(j, rest) for t in tokens.tags[k]):
                    break  # "no weakness, only the thumb buzzes" is another symptom, and no exception
                return reading.text(mark.start, j + 1)
    return ""


def denied_after(reading: Reading, start: int, end: int) -> str:
    """The denial right behind a finding at words `start` to `end` ("numbness: none", "tingling? nope"), or "".

    Of a loss, "nothing" says once more that it is there ("can't feel my foot, nothing").
    """
    tokens = reading.tokens
    if end < len(tokens.words) and "denial" in tokens.tags[end]:
        nxt = end + 1
        lost = "naught" in tokens.tags[end] and any(_LOST & t.keys() for t in tokens.tags[start:end])
        if lost and tokens.breaks[end] > 0 and not tokens.question[end - 1]:
            return ""
        if tokens.question[end]:
            return ""  # "foot asleep, no?" asks to be told that it is
        closes = nxt >= len(tokens.words) or tokens.breaks[nxt] > 0
        if closes and (tokens.breaks[end] > 0 or "nil" in tokens.tags[end]):
            return tokens.words[end]
    return _absent(reading, end) or _denied_list(reading, end)


def _absent(reading: Reading, end: int) -> str:
    """The words of denial that end the clause of a finding whose name comes first ("Kribbeln habe ich nicht", "hormigueo no tengo"), or ""."""
    tokens = reading.tokens
    last = len(tokens.words)
    for j in range(end, min(end + _ASIDE + 1, last)):
        apart = tokens.breaks[j]
        if j > end and (apart > 0 or tokens.breaks[end] > 0 or _LIST_TAGS & tokens.tags[j - 1].keys()):
            return ""  # "toes numb, pain I don't have" denies the pain
        if apart >= SENTENCE and not tokens.question[j - 1]:
            return ""
        stop = tokens.tags[j].get("absent", 0)
        if stop and (stop == last or tokens.breaks[stop] > 0 or "joiner" in tokens.tags[stop]):
            return reading.text(j, stop)
    return ""


_ASIDE = 2
"""Words that may stand between a finding and the words that deny it ("Taubheit habe ich auch nicht")."""


def _denied_before_part(reading: Reading, at: int, end: int) -> str:
    """The denial of a feeling that stands before the part taken for its own ("numbness - none / legs - good"), or ""."""
    tags = reading.tokens.tags[at]
    ends = {tags[tag] for tag in _FEELINGS | {"weak"} if tag in tags}
    words = reading.tokens.words
    for stop in ends:
        if stop < end and not _RATHER.intersection(words[stop + 1 : stop + 2]):
            word = denied_after(reading, at, stop)
            if word:
                return word
    return ""


def _denied_list(reading: Reading, end: int) -> str:
    """The denial behind the colon that ends a list ("chest pain or fainting: no"), or ""."""
    tokens = reading.tokens
    for j in range(end, min(end + _LISTED, len(tokens.words))):
        tags = tokens.tags[j]
        if tokens.breaks[j] == _COLON and "denial" in tags:
            closes = j + 1 == len(tokens.words) or tokens.breaks[j + 1] > 0
            taken_back = not _UNTIL.isdisjoint(tokens.words[j + 1 : j + 5])
            return tokens.words[j] if closes and not taken_back else ""
        if tokens.breaks[j] >= _COLON or not (
            _LIST_TAGS & tags.keys() or "listing" in tags or "series" in tags
        ):
            return ""
    return ""


def subject(reading: Reading, start: int, scope: Scope) -> tuple[str, Mark | None]:
    """Whose it is: ("self", None), or ("other", the words that say so). The nearest mention before the finding decides; a pronoun looks back."""
    if scope.low < len(reading.tokens.tags) and "asksall" in reading.tokens.tags[scope.low]:
        return "self", None  # "does everyone piss themselves on a max" is about oneself (X6)
    others = [m for m in reading.of("other", "famous") if not _greeted(reading, m)]
    inside = {j for m in others for j in range(m.start, m.end)}
    near = range(max(scope.low, start - 2), min(start + 2, len(reading.tokens.tags)))
    if any("mine" in reading.tokens.tags[j] and j not in inside for j in near):
        return "self", None
    selves = [
        m.start
        for m in reading.marks.get("self", ())
        if m.start not in inside and "firsts" in reading.tokens.tags[m.start]
    ]
    if start in selves or start + 1 in selves:
        return "self", None
    for low in (scope.low, scope.previous_low, 0):
        near_self = max((s for s in selves if low <= s < start + 1), default=-1)
        near_other = max(
            (m for m in others if low <= m.start < start + 1), key=lambda m: m.start, default=None
        )
        if near_other is not None and near_other.start > near_self:
            return "other", near_other
        if near_self >= 0:
            return "self", None
    return "self", None


def _greeted(reading: Reading, mark: Mark) -> bool:
    """Whether people are spoken to ("hi guys, ..."), not of."""
    tokens = reading.tokens
    if tokens.tags[mark.start].get("people") != mark.end:
        return False
    hailed = mark.start > 0 and "greeting" in tokens.tags[mark.start - 1]
    return hailed or (
        tokens.breaks[mark.start] >= SENTENCE
        and mark.end < len(tokens.breaks)
        and tokens.breaks[mark.end] > 0
    )


def judge(reading: Reading, start: int, end: int, at: int, *, grave: bool = False) -> Judgement:
    """Assertion of a finding at words `start` to `end`, whose decisive word is `at`. Harmless cause is judged apart (X11)."""
    word = (
        negated(reading, at)
        or denied_after(reading, start, end)
        or _denied_before_part(reading, at, end)
        or inside(reading, at, end)
    )
    if word:
        but = _excepted(reading, at, end)
        if but:
            return Judgement(Assertion.PRESENT, f"X1 exception: {but}")
        return Judgement(Assertion.ABSENT, f"X1 denied: {word}")
    scope = scope_of(reading, start, end)
    framed = _framed(reading, scope, start, end)
    if framed is not None:
        return framed
    has = reading.marks
    who, mark = subject(reading, start, scope)
    personal = _personal(reading, scope, start, end) or _dated(reading, start, end)
    if (
        has.get("fiction")
        and marks_in(reading, "fiction", scope.previous_low, scope.next_high)
        and not personal
    ):
        return Judgement(Assertion.HYPOTHETICAL, "X16 fiction")
    hypo = _hypothetical(reading, scope, at, personal=personal)
    if hypo:
        return Judgement(Assertion.HYPOTHETICAL, f"X7 hypothetical: {hypo}")
    asked = "" if personal else _asked(reading, scope, start, end, own=who == "self")
    if asked:
        return Judgement(Assertion.KNOWLEDGE, asked)
    past = _past(reading, scope, start, end, grave=grave)
    if who == "other" and mark is not None:
        famous = marks_in(reading, "famous", scope.previous_low, scope.high)
        long_ago = marks_in(reading, "longago", scope.previous_low, scope.next_high)
        if (
            famous
            or long_ago
            or past
            or (marks_in(reading, "family", scope.low, start) and _had(reading, scope, start))
        ):
            return Judgement(
                Assertion.HISTORY_OF_OTHER, f"X9 somebody else, past: {reading.text(mark.start, mark.end)}"
            )
        if reading.tokens.tags[mark.start].get("people") == mark.end:
            return Judgement(Assertion.KNOWLEDGE, "X7 people in general")
        return Judgement(Assertion.OTHER, f"X8 somebody else: {reading.text(mark.start, mark.end)}")
    if past:
        return Judgement(Assertion.PAST, past)
    return Judgement(Assertion.PRESENT)


def _asked(reading: Reading, scope: Scope, start: int, end: int, *, own: bool) -> str:
    """Why a finding that nobody claims is a matter of knowledge, or ""; `own` where no other person is named."""
    known = list(marks_in(reading, "knowledge", scope.low, start + 1))
    if own and not known:
        known = [
            *(
                m
                for m in marks_in(reading, "question", scope.low, scope.low + 2)
                if _asks_of(reading, m, start)
            ),
            *marks_in(reading, "askswhich", end, scope.high),
        ]
    if known and not reading.has("claimed"):
        return f"X7 knowledge question: {reading.text(known[0].start, known[0].end)}"
    written = drafted(reading, scope, start) if own else ""
    return f"X15 being written or taught: {written}" if written else ""


def _asks_of(reading: Reading, mark: Mark, start: int) -> bool:
    """Whether a question opens the clause of the finding at word `start`, or a list of signs that it belongs to; not "was fine before, toes numb"."""
    _, high = clause_of(reading, mark.start)
    return start < high or any(_SIGNS & t.keys() for t in reading.tokens.tags[mark.start : high])


def _framed(reading: Reading, scope: Scope, start: int, end: int) -> Judgement | None:
    """The judgement of what is quoted, asked about and denied, or an animal's; None for anything else."""
    source = quotation(reading, start, end)
    if source:
        return Judgement(Assertion.KNOWLEDGE, f"X15 quotation: {source}")
    answer = answered_no(reading, scope, start, end)
    if answer:
        return Judgement(Assertion.ABSENT, f"X1 asked and denied: {answer}")
    creature = animal(reading, start)
    if creature:
        return Judgement(Assertion.KNOWLEDGE, f"X8 an animal: {creature}")
    return None


def _dated(reading: Reading, start: int, end: int) -> bool:
    """Whether the clause of a finding says since when it is there ("in case it matters, numb crotch since monday"): then it is."""
    _, high = clause_of(reading, max(end - 1, start))
    tags = reading.tokens.tags
    return any("sinceword" in t for t in tags[end : min(end + _SOON, high)]) or bool(
        marks_in(reading, "recent", end, min(end + _SOON, high))
    )


_SOON = 2
"""Words behind a finding within which it is said since when it is there."""


def _personal(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """Whether the sentence claims it for somebody: "my foot", "I have", "he can't"."""
    words, tags = reading.tokens.words, reading.tokens.tags
    for j in range(max(scope.low, start - 4), min(scope.high, end + 1)):
        if "mine" in tags[j] or ("claim" in tags[j] and j + 1 < scope.high):
            return True
        if "first" in tags[j] and j + 1 < scope.high and "generic" not in tags[j + 1]:
            return True
    if scope.low < len(tags) and ("thisis" in tags[scope.low] or "asksall" in tags[scope.low]):
        return True
    return any("minestill" in tags[j] and "mystudies" not in tags[j] for j in range(scope.low, start)) or any(
        w in ("mine", "mines") for w in words[end : scope.next_high]
    )


def _hypothetical(reading: Reading, scope: Scope, at: int, *, personal: bool) -> str:
    tokens = reading.tokens
    for mark in marks_in(reading, "hypo", scope.low, at):
        if mark.end > at + 1 or _set_off(reading, mark, at):
            continue
        text = reading.text(mark.start, mark.end)
        tags = tokens.tags[mark.start]
        strong = "strong" in tags
        if "conditional" in tags and not _conditional(reading, mark, at):
            continue
        if personal and not strong:
            continue
        if personal and "dread" in tags and any("stated" in t for t in tokens.tags[mark.end : at + 1]):
            continue
        return text
    return ""


def _set_off(reading: Reading, mark: Mark, at: int) -> bool:
    """Whether a comma ends what is feared or supposed before the finding at word `at` ("in case it matters, ...", "not risking it, ...")."""
    breaks, tags = reading.tokens.breaks, reading.tokens.tags
    cut = next((j for j in range(mark.end, at + 1) if breaks[j] > 0 or "but" in tags[j]), 0)
    return cut > 0 and not any(_SIGNS & t.keys() for t in tags[mark.start : cut])


def _conditional(reading: Reading, mark: Mark, at: int) -> bool:
    """An if-clause that holds the finding itself ("if my legs ever go numb"), not a habit around it ("if I squat my foot goes numb")."""
    return not any("holder" in t for t in reading.tokens.tags[mark.end : at][2:])


def _beside(reading: Reading, mark: Mark, start: int, end: int) -> bool:
    """Whether a time belongs to the finding: near it, with no word of the present between or right after."""
    tags = reading.tokens.tags
    low, high = (mark.end, start) if mark.start < start else (end, mark.start)
    if high - low > 9 or any("fresh" in t for t in tags[low:high]):
        return False
    if _of_other_clause(reading, mark, start, end) or _compares(reading, mark):
        return False
    apart = mark.start < start and any(b > 0 for b in reading.tokens.breaks[mark.end : start + 1])
    if apart and any("mine" in t for t in tags[mark.end : end]):
        return False
    over = covered(reading, "resolved", low=end, high=end + 5)
    return not (
        mark.start < start
        and any("fresh" in tags[j] for j in range(end, min(end + 5, len(tags))) if j not in over)
    )


def _compares(reading: Reading, mark: Mark) -> bool:
    """Whether a time is only what now is like ("numb again, same as in 2019")."""
    return mark.start > 0 and "likened" in reading.tokens.tags[mark.start - 1]


def _of_other_clause(reading: Reading, mark: Mark, start: int, end: int) -> bool:
    """Whether a time belongs to another clause than the finding at words `start` to `end`, which tells nothing of the past.

    "Hurt my back in 2019, foot hangs", "disc surgery 3 years ago crotch numb", "began two months ago".
    """
    tags = reading.tokens.tags
    low, high = clause_of(reading, mark.start)
    high = max(high, mark.end)
    first, last = clause_of(reading, start)
    apart = not (start < high and low < end)
    past = any(PAST & t.keys() for t in tags[first:last])
    if apart and dates_event(reading, mark):
        return not past
    if reading.has("cleared", "resolved", "stable", "reviewed", "painless"):
        return False
    if any("onset" in t for t in tags[min(low, first) : max(high, last)]):
        return True
    if past:
        return False
    if not apart:
        return mark.end <= start and any("event" in t for t in tags[low : mark.end])
    afterthought = mark.start >= end and high - low <= mark.end - mark.start + _FEW
    return not afterthought and not any((_SIGNS - {"pain"}) & t.keys() for t in tags[low:high])


_FEW = 2
"""Words beside a time in a clause that is nothing but a time ("fainted once, years ago now")."""


def dates_event(reading: Reading, mark: Mark) -> bool:
    """Whether a time stands in a clause that tells of an operation, an old disc, a scan, and of no sign ("disc surgery 3 years ago, crotch numb")."""
    low, high = clause_of(reading, mark.start)
    told = reading.tokens.tags[low : max(high, mark.end)]
    return any("event" in t or "herniation" in t for t in told) and not any(_SIGNS & t.keys() for t in told)


def _had(reading: Reading, scope: Scope, start: int) -> bool:
    """Whether a verb of the past leads to the finding, and no word of the present comes after it ("was at the gym, now his crotch is numb")."""
    tags = reading.tokens.tags[scope.low : start + 1]
    last = max((i for i, t in enumerate(tags) if "had" in t), default=-1)
    return last >= 0 and not any("fresh" in t for t in tags[last + 1 :])


def _past(reading: Reading, scope: Scope, start: int, end: int, *, grave: bool) -> str:
    """Why the finding is history, or "". A grave one (EMERGENCY alone) is history only if long ago or examined (T5)."""
    stopped = [
        m
        for m in over_in(reading, "resolved", start, scope.next_high)
        if not of_another(reading, m, start, end)
    ] or [m for m in over_in(reading, "resolved", scope.low, start) if not of_another(reading, m, start, end)]
    long_ago = [
        m for m in marks_in(reading, "longago", scope.low, scope.high) if _beside(reading, m, start, end)
    ]
    back = over_in(reading, "returned", end, scope.next_high) + [
        m
        for m in marks_in(reading, "persist", scope.low, scope.next_high)
        if "still" in reading.tokens.tags[m.start]
    ]
    cleared = marks_in(reading, "cleared", scope.low, scope.next_high)
    back = [m for m in back if not any(s.start <= m.start < s.end for s in stopped + long_ago)]
    back = [
        m
        for m in back
        if not any("prevents" in t for t in reading.tokens.tags[max(0, m.start - 4) : m.start])
    ]
    if long_ago and not back:
        return f"T6 long ago: {reading.text(long_ago[0].start, long_ago[0].end)}"
    if stopped and not back and not (grave and not cleared and not long_ago):
        return f"X10 over: {reading.text(stopped[0].start, stopped[0].end)}"
    steady = [
        m
        for m in marks_in(reading, "stable", scope.low, scope.next_high)
        if (cleared or reading.has("longtime", "longago")) and not of_another(reading, m, start, end)
    ]
    if steady and not any(marks_in(reading, tag, scope.low, scope.next_high) for tag in ("worse", "sudden")):
        return f"T11 long unchanged: {reading.text(steady[0].start, steady[0].end)}"
    return ""
