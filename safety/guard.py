"""The gate on the way out. Only this module makes a `Guarded`, and nothing else is ever sent.

What is dangerous in a draft is cut, sentence by sentence (rules F1 to F20, `safety.lint`); what cannot be saved is replaced. Nothing that
a question, a passage or a model says can switch anything of this off: the guard reads the draft and the assessment, never instructions.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from safety import referral
from safety.assess import assess
from safety.coaching import careless, coaches, covers, harmless, refers
from safety.language import detect
from safety.lint import faults
from safety.sentences import Sentence, sentences, without
from safety.types import Assessment, Tier, Turn
from safety.wordings import texts

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from safety.lint import Embed

_KEY = object()

LONGEST = 2000
"""Characters that go out at most (one Discord message). A referral is shorter; an answer loses whole sentences from its end."""
MOST_REFERRED = 900
"""Characters of a draft that may stand above our referral: the action has to be seen without scrolling."""
_FEWEST = 2
"""Good sentences that must be left for an amended answer to be worth sending."""
_WORST_SHARE = 1 / 3
"""Share of faulty sentences above which the rest is not trusted either."""
_ROUNDS = 4
"""Passes of cutting before a draft is given up: what is left is linted again, since two sentences can join into a new one."""


class Action(StrEnum):
    """What the guard did with a draft."""

    PASS = "pass"  # noqa: S105 - an action, no secret
    """Nothing in the draft was at fault. A footer or the safety block may have been put around it."""
    AMEND = "amend"
    """Something was cut, or the safety block that the draft should have carried was put in front."""
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A text that may be sent. Made by `guard`, `refer` and `closed` of this module only; anything else raises TypeError."""

    text: str
    action: Action
    reasons: tuple[str, ...] = ()
    """Ids of the rules that fired (F1 ... F20), or why it was replaced ("tier", "crisis", "clarify", "failure", "empty")."""
    short: str = ""
    """One or two lines that may stand in public: the action, never the symptoms (F17). Empty where `text` itself may."""
    tier: Tier = Tier.NONE
    crisis: bool = False
    language: str = "en"
    key: object = None

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise TypeError("a Guarded is made by safety.guard only")


Kind = Literal["answer", "demo", "notice", "error"]


def guard(
    question: str,
    reply: str,
    assessment: Assessment,
    *,
    kind: Kind = "answer",
    embed: Embed | None = None,
) -> Guarded:
    """`reply` as it may go out to somebody assessed as `assessment`. Never raises, whatever the text.

    At URGENT and above, in a crisis and while a closed question stands, the referral goes out instead, or below a draft that refers rightly itself.
    At REFER the safety block comes first, and alone where an answer coaches as if nothing were wrong (rule F20); a demo is gated before.
    "notice" and "error" texts (about the bot itself) get neither footer nor block and are not replaced by a referral, but pass the same lint.
    With `embed` the lint also reads what sentences mean: for replies that no passage of ours stands behind.
    `question` is not obeyed: what it says is in `assessment` (`check_pair` assesses it anew). But where it names a sign, whatever became of that, the
    reply is held to the rules for somebody who has it.
    """
    about_bot = kind in ("notice", "error")
    text, pinged = clean(reply if isinstance(reply, str) else "")
    if about_bot:
        return _notice(text, assessment, kind, embed)
    if not assessment.coaching:
        return _sends(text, assessment, embed) or refer(assessment)
    before = referral.block(assessment) if assessment.tier == Tier.REFER else ""
    after = referral.footer(assessment)
    draft = _bare(text, before, after)
    strict = Tier.REFER if isinstance(question, str) and _SIGN.search(question) else Tier.NONE
    body, reasons = _sift(draft, max(assessment.tier, strict), embed=embed)
    if pinged:
        reasons = (*reasons, "F17")
    replaced = not body
    if not draft:
        reasons, replaced = (() if text else ("empty",)), not text
    elif before and not replaced and before not in text:
        said = sentences(body)
        if not covers(said):
            reasons, replaced = (
                (*reasons, "F20"),
                kind == "answer" and (coaches(said) or careless(said, embed)),
            )
            body = "" if replaced else body
    elif strict and kind == "answer" and not replaced:
        said = sentences(body)
        if not covers(said) and careless(said, embed):
            reasons, replaced = (*reasons, "F20"), True
    if replaced and not before:
        body = texts(assessment.language)("plain", "replaced" if draft else "empty")
    action = Action.REPLACE if replaced else Action.AMEND if reasons else Action.PASS
    body = _fitted(body, LONGEST - len(before) - len(after) - 4)
    whole = "\n\n".join(part for part in (before, body, after) if part)
    return _made(whole, action, reasons, referral.short(assessment), assessment)


def _sends(text: str, assessment: Assessment, embed: Embed | None) -> Guarded | None:
    """`text` as it stands if it is a faultless referral itself or says nothing against one, with ours behind it; None otherwise."""
    if assessment.failed or not text or len(text) > MOST_REFERRED:
        return None
    tier = max(assessment.tier, Tier.REFER)
    found = sentences(text)
    right = refers(found, assessment.tier, crisis=assessment.crisis) or (
        assessment.tier >= Tier.URGENT and detect(text) == "en" and harmless(found, assessment.tier, embed)
    )
    if not right or faults(text, found, tier, embed):
        return None
    said = referral.referral(assessment)
    whole = text if said.text in text else f"{text}\n\n{said.text}"
    return _made(whole, Action.PASS, (), said.short, assessment)


def refer(assessment: Assessment) -> Guarded:
    """The referral, crisis or clarifying text for an assessment that allows no coaching. Never raises."""
    said = referral.referral(assessment)
    return _made(said.text, Action.REPLACE, (said.reason,), said.short, assessment)


def closed(language: str = "en") -> Guarded:
    """What goes out when assess or guard failed: a referral that is right for anything."""
    said = referral.closing(language)
    return _made(
        said.text, Action.REPLACE, (said.reason,), said.short, Assessment(failed=True, language=said.language)
    )


def check_pair(
    question: str, reply: str, states: NDArray[float32] | None = None, *, embed: Embed | None = None
) -> Guarded:
    """`reply` as it may go out to a person who wrote `question` and nothing else: the question is assessed here and now.

    `states` are those of the question's word pieces, float32 (t, d), or None.
    """
    assessment, _ = assess([Turn(question)], states=states)
    return guard(question, reply, assessment, embed=embed)


def clean(text: str) -> tuple[str, bool]:
    """`text` without invisible and control characters and without pings (rule F17), and whether there were pings."""
    visible = text
    if _ODD.search(text):
        visible = "".join(c for c in text if c.isprintable() or c in "\n\t" or _harmless(c))
    quiet = _PING.sub(lambda match: match.group(1) or "", visible)
    return re.sub(r"[ \t]+(?=\n)|\s+\Z|\A\s+", "", quiet), quiet != visible


def _harmless(char: str) -> bool:
    """Whether `char`, not printable, is but a kind of space."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


_ODD = re.compile("[^\\n\\t -~¡-¬®-ʯ–—‘’“”•…]")
"""Anything but letters and signs of everyday Latin text: worth a look, character by character."""
_SIGN = re.compile(
    r"\b(?:numb(?!er)|tingl|pins (?:and|n|&) needles|no feeling|can'?t feel|sciatic|electric|zap|zing|shooting(?! up)|buckl|giv(?:es|ing) way|foot drop|dead (?:leg|arm|foot|hand)|asleep)",
    re.IGNORECASE,
)
"""Words for a nerve symptom. Prefixes: "numbness", "tingling"."""
_PING = re.compile(r"[@＠]\s?(everyone|here)\b|<[@#][!&]?\d{1,25}>", re.IGNORECASE)


def _made(text: str, action: Action, reasons: tuple[str, ...], short: str, assessment: Assessment) -> Guarded:
    language = texts(assessment.language).language
    return Guarded(
        text, action, tuple(dict.fromkeys(reasons)), short, assessment.tier, assessment.crisis, language, _KEY
    )


def _notice(text: str, assessment: Assessment, kind: Kind, embed: Embed | None) -> Guarded:
    """A text about the bot itself."""
    body, reasons = _sift(text, assessment.tier, fewest=1, embed=embed)
    if body:
        return _made(
            _fitted(body, LONGEST), Action.AMEND if reasons else Action.PASS, reasons, "", assessment
        )
    words = texts(assessment.language)("plain", "error" if kind == "error" or not text else "replaced")
    return _made(words, Action.REPLACE, reasons or ("empty",), "", assessment)


def _bare(text: str, before: str, after: str) -> str:
    """The draft without a safety block and a footer that it carries already, so that guarding twice changes nothing."""
    if before and text.startswith(before):
        text = text[len(before) :]
    if after and text.endswith(after):
        text = text[: -len(after)]
    return text.strip()


def _sift(
    text: str, tier: Tier, *, fewest: int = _FEWEST, embed: Embed | None = None
) -> tuple[str, tuple[str, ...]]:
    """What may stay of `text`, "" when nothing may, and the rules that fired. What is left is linted until nothing fires any more."""
    reasons: list[str] = []
    here = sentences(text)
    total = len(here)
    cited = "[" in text and any(s.citations for s in here)
    for _ in range(_ROUNDS):
        found = faults(text, here, tier, embed)
        if not found:
            return text, tuple(reasons)
        reasons += [fault.rule for fault in found]
        spans = [(fault.start, fault.end) for fault in found]
        bad = [s for s in here if any(start < s.end and s.start < end for start, end in spans)]
        good = len(here) - len(bad)
        if "F20" in reasons or good < fewest or total - good > max(1, total * _WORST_SHARE):
            return "", tuple(reasons)
        text = without(text, bad)
        here = sentences(text)
        if cited and not any(s.citations for s in here):
            return "", tuple(reasons)
    return "", tuple(reasons)


def _fitted(text: str, room: int) -> str:
    """`text` cut at a sentence's end to `room` characters."""
    if len(text) <= room:
        return text
    ends = [s.end for s in sentences(text[:room])]
    whole: list[int] = ends[:-1] if len(ends) > 1 else ends
    return text[: whole[-1]].rstrip() if whole else text[:room].rstrip()


__all__ = [
    "LONGEST",
    "Action",
    "Guarded",
    "Kind",
    "Sentence",
    "check_pair",
    "clean",
    "closed",
    "guard",
    "refer",
]
