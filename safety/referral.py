"""The texts that stand in place of coaching: referral, crisis, clarifying questions; the safety block and the footers.

What each must hold, and in how many words, is section 3.1 of the ground truth (safety/README.md): EMERGENCY and URGENT at most 120 words,
REFER at most 150, a footer at most 30.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from safety.types import Assessment, Tier, Topic
from safety.wordings import Texts, texts

Who = Literal["you", "other"]

QUESTIONS = ("saddle", "toilet", "legs")
"""Ids of the closed questions that are asked when nothing more fitting is known (rule X18)."""
MOST_QUESTIONS = 3
_CORD = frozenset({"E7", "U4", "U7"})
"""Rules that mean the neck: nothing is said of the bottom of the spine then."""
_CALL = (Topic.HEART, Topic.HEAD)
"""Topics for which an ambulance is called: no MRI sentence, no cauda equina wording."""
_WATCHED = (Topic.SPINE, Topic.ARM, Topic.TRAUMA, Topic.INFECTION, Topic.PELVIC, Topic.GENERAL)


@dataclass(frozen=True, slots=True)
class Referral:
    """A text in place of coaching."""

    text: str
    short: str
    """What may stand where others read: the action, never a symptom (rule F17)."""
    reason: Literal["tier", "crisis", "clarify", "failure"]
    language: str


def referral(assessment: Assessment) -> Referral:
    """The text for an assessment that allows no coaching. A crisis comes first; beside URGENT or EMERGENCY both are said."""
    words = texts(assessment.language)
    if assessment.failed:
        return closing(assessment.language)
    if assessment.crisis:
        return Referral(
            _crisis(assessment, words), words("crisis", _who(assessment), "short"), "crisis", words.language
        )
    if assessment.tier >= Tier.URGENT:
        return Referral(_referred(assessment, words), short(assessment), "tier", words.language)
    if assessment.clarify:
        return Referral(_clarify(assessment, words), words("clarify", "short"), "clarify", words.language)
    if assessment.tier == Tier.REFER:
        return Referral(block(assessment), short(assessment), "tier", words.language)
    return closing(assessment.language)


def closing(language: str) -> Referral:
    """The text that is right for anything: what goes out when the layer itself failed."""
    words = texts(language)
    return Referral(words("closed", "text"), words("closed", "short"), "failure", words.language)


def block(assessment: Assessment) -> str:
    """The safety block that stands before a coaching answer at REFER (at most 150 words)."""
    words, who = texts(assessment.language), _who(assessment)
    head, pelvic = assessment.topic is Topic.HEAD, assessment.topic is Topic.PELVIC
    kind = "head" if head else "pelvic" if pelvic else "nerve" if assessment.nerve else "general"
    book = "pelvic" if pelvic else "doctor" if head else "book"
    steps = [
        words("refer", who, "leave"),
        words("refer", who, book),
        "" if head or pelvic else words("refer", who, "scan"),
        " ".join((words("refer", who, "sooner"), words("refer", who, "head_watch" if head else "watch"))),
    ]
    return "\n".join(
        [words("refer", "open", kind), *_numbered(steps), _end(words("refer", who, "bot"), assessment, words)]
    )


def footer(assessment: Assessment) -> str:
    """The line under an answer at CAUTION, or under an educational one (at most 30 words); "" where none is due."""
    words = texts(assessment.language)
    if assessment.tier == Tier.CAUTION:
        return words("footer", "caution")
    return words("footer", "education") if assessment.education and assessment.tier == Tier.NONE else ""


def short(assessment: Assessment) -> str:
    """The line for a public place; "" below REFER."""
    words, who = texts(assessment.language), _who(assessment)
    name = {Tier.EMERGENCY: "emergency", Tier.URGENT: "urgent", Tier.REFER: "refer"}.get(assessment.tier)
    return words(name, "short", who) if name else ""


def _who(assessment: Assessment) -> Who:
    """Whom the words speak of (rule X8)."""
    return "other" if assessment.other else "you"


def _numbered(steps: list[str]) -> list[str]:
    """Steps as numbered lines, empty ones left out."""
    return [f"{number}. {step}" for number, step in enumerate((s for s in steps if s), 1)]


def _end(line: str, assessment: Assessment, words: Texts) -> str:
    """The last line; under 18 a parent or coach joins (rule X19)."""
    if not assessment.minor:
        return line
    return f"{line} {words('minor_other' if assessment.other else 'minor')}".strip()


def _topic(assessment: Assessment) -> Topic:
    """Topic of the words: the neck where the rules that fired mean the neck."""
    if (
        assessment.topic is Topic.SPINE
        and _CORD & set(assessment.rules)
        and not {"K1", "K2", "K2b"} & set(assessment.rules)
    ):
        return Topic.ARM
    return Topic.SPINE if assessment.topic is Topic.PELVIC else assessment.topic


def _referred(assessment: Assessment, words: Texts) -> str:
    """EMERGENCY or URGENT; shorter when it was said before (rules X14, X17)."""
    return _emergency(assessment, words) if assessment.tier == Tier.EMERGENCY else _urgent(assessment, words)


def _emergency(assessment: Assessment, words: Texts) -> str:
    who, topic = _who(assessment), _topic(assessment)
    go = words("emergency", who, "go")
    way = "call" if topic in _CALL else "still" if topic is Topic.TRAUMA else "lift"
    when = words("emergency", "when", who) + " " if topic is Topic.SPINE else ""
    worry = words("emergency", "worry", topic.value)
    tell = words("emergency", who, "tell").replace("{when}", when).replace("{worry}", worry)
    result = words.get("emergency", "result", topic.value)
    if assessment.sticky or assessment.refuses:
        return _again(
            assessment,
            words,
            "emergency",
            [go if way == "lift" else "", words("emergency", who, way), tell, result],
        )
    steps = [
        go if way == "lift" else "",
        words("emergency", who, way),
        tell,
        f"{result} {words('emergency', who, 'back')}".strip(),
    ]
    note = words("emergency", who, "note") if topic is Topic.SPINE else ""
    lines = [
        words("emergency", who, "stop"),
        *_numbered(steps),
        note,
        _end(words("emergency", who, "bot"), assessment, words),
    ]
    return "\n".join(line for line in lines if line)


def _urgent(assessment: Assessment, words: Texts) -> str:
    who, topic = _who(assessment), _topic(assessment)
    go = words("urgent", who, "hospital" if topic in (Topic.VESSEL, Topic.HEART) else "go")
    scan = words("urgent", who, "scan") if topic in (Topic.SPINE, Topic.ARM) else ""
    name = (
        "breath" if topic in (Topic.VESSEL, Topic.HEART) else "ill" if topic is Topic.INFECTION else "watch"
    )
    watch = words("urgent", who, name)
    if assessment.sticky or assessment.refuses:
        return _again(assessment, words, "urgent", [go, scan, watch])
    steps = [go, words("urgent", who, "tell"), scan, watch]
    lines = [
        words("urgent", who, "stop"),
        *_numbered(steps),
        _end(words("urgent", who, "bot"), assessment, words),
    ]
    return "\n".join(lines)


def _again(assessment: Assessment, words: Texts, name: str, steps: list[str]) -> str:
    """Said before, or refused: one line of it, and the steps once more, without the rest."""
    who = _who(assessment)
    stop = words(name, who, "stop")
    lead = [
        f"{words('before')} {stop[:1].lower() + stop[1:] if words.language != 'de' else stop}"
        if assessment.sticky
        else stop
    ]
    if assessment.refuses:
        lead.append(words(name, who, "refusal"))
    elif assessment.sticky:
        lead.append(words("no_coaching"))
    return "\n".join(
        [" ".join(lead), *_numbered(steps), _end(words("urgent", who, "bot"), assessment, words)]
    )


def _crisis(assessment: Assessment, words: Texts) -> str:
    """Crisis first; a spinal EMERGENCY or URGENT in full after it, one line at REFER."""
    who = _who(assessment)
    text = words("crisis", who, "text")
    if assessment.minor:
        text = f"{text} {words('crisis', who, 'minor')}"
    if assessment.tier >= Tier.URGENT:
        return f"{text}\n\n{_referred(assessment, words)}"
    return f"{text}\n\n{words('crisis', who, 'also')}" if assessment.tier == Tier.REFER else text


def _clarify(assessment: Assessment, words: Texts) -> str:
    """The safety net first, then at most three closed questions (rule X18)."""
    known = words.names("clarify", "questions")
    asked = [name for name in assessment.clarify if name in known][:MOST_QUESTIONS] or list(QUESTIONS)
    return "\n".join([
        words("clarify", f"net_{_who(assessment)}"),
        words("clarify", "ask"),
        *_numbered([words("clarify", "questions", name) for name in asked]),
        _end(words("clarify", "end"), assessment, words),
    ])  # fmt: skip
