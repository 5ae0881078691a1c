"""Make a follow-up stand alone: "and how many sets?" is asked of what the turns before were about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safety.types import Turn

LEANING = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|also|then|what about|how about|what if|why|which|where|when|how (?:many|much|long|often|far|deep|heavy|high|low|wide|fast|slow|hard|light|big|soon|so)"
    r"|for how|any other|anything else|what else|what'?s next|whats next|next|same|more|harder|easier|tell me more|go on|really|is that|are those|does (?:it|that)|do those)\b",
    re.IGNORECASE,
)
"""Beginnings that most often lean on what was said before."""

JOINED = re.compile(r"^(?:and|but|so|then|also|or|ok(?:ay)?|what about|how about|what if)\b", re.IGNORECASE)
"""Beginnings that join a question to the one before, however long it is."""

BRIEF = re.compile(
    r"^(?:do|does|should|can|could|would|is|are) (?:i|you|we|they)\b(?:\W+\w+){1,3}\W*$", re.IGNORECASE
)
"""Questions so brief that they ask about a step of what was spoken of: "do I round on purpose?"."""

POINTING = re.compile(
    r"\b(?:even|then|instead|as well|it|its|it's|that|that's|thats|this|those|these|them|they|one|ones|there|he|his|she|her|the (?:same|other|second|first|last|drill|exercise|"
    r"movement|lift|weight|leg|pad|stretch|test))\b",
    re.IGNORECASE,
)
"""Words that point at something named before."""

_TALK = """
a about actually after again all also an and any are as at bad be been before best bit both but by can
cant could day did do does doesnt dont each easier easy either else even ever every exactly far fast fine
first for from get give go good got had hard harder has have heavier heavy hello hey hi high how i if im
in instead is isnt it its just keep kind know least left less light like little lol long lot low make
many me mean more most much my myself need next no normal not now of often ok okay on one or other out
over per please pls really right safe said same say should show slow so some sort start still tell than
thank thanks that the their them then there these they thing think this those time to too u use was way
we week well what whats when where which who why will with works would wrong yeah yes you your
"""
TALK = frozenset(_TALK.split())
"""Words that name no subject."""

THANKS = re.compile(
    r"^(?:(?:ok(?:ay)?|right|thanks?|thank you|ta|cheers|got it|i see|nice|great|perfect|cool|sweet|brilliant|lovely|hm+|ah+|oh+|yes|yeah|yep|no|nope|fair enough|makes sense|will do|good|gotcha)"
    r"(?: (?:so much|a lot|very (?:much|clear)|you|mate|man|bro|then|that helps|for that|one|to know))*\s*[.,!:;-]+\s*)+",
    re.IGNORECASE,
)
"""What people say first to show that they heard; the question comes after."""

BARE = 4
"""Words up to which a last sentence without any subject ("easy now. next?") leans, whatever stands before it."""
FEW = 3
"""Subjects up to which a question that joins on leans, however long it is and whether or not it points."""
SHORT = 8
"""A question of at most so many words may lean on the turn before; a longer one names its own subject."""


def condense(text: str, turns: Sequence[Turn]) -> str:
    """`text`, or `text` with what the person asked before in front where it cannot be understood alone."""
    said = [turn.text for turn in turns if turn.speaker == "person" and turn.text.strip()]
    if not said or not leans(text):
        return text
    subject = next((earlier for earlier in reversed(said) if not leans(earlier)), said[0])
    return f"{_trimmed(subject)} {text.strip()}"


def leans(text: str) -> bool:
    """Whether a question needs the turns before it."""
    text = THANKS.sub("", text.strip()) or text
    last = re.split(r"(?<=[.!?,;])\s+", text)[-1]
    if last != text and len(last.split()) <= BARE and not _subjects(last):
        return True
    words = re.findall(r"[\w']+", text.lower())
    subjects = _subjects(text)
    if len(subjects) == 0:
        return True
    if len(words) > SHORT:
        joined = JOINED.match(text.strip()) is not None
        pointing = POINTING.search(text) is not None
        return (len(subjects) <= (4 if joined else 2) and pointing) or (joined and len(subjects) <= FEW)
    said = text.strip()
    return len(subjects) == 1 or any((LEANING.match(said), POINTING.search(said), BRIEF.match(said)))


def _subjects(text: str) -> list[str]:
    """The words of a text that name something."""
    return [word for word in re.findall(r"[\w']+", text.lower()) if word not in TALK and not word.isdigit()]


def _trimmed(subject: str) -> str:
    """The earlier question, cut to a length that leaves the new one its weight."""
    return " ".join(subject.split()[:40]).rstrip("?!. ")
