"""Assess a conversation: read each message, judge its findings, add them up, remember.

The order of trust: what the rules assert stands; the semantic backstop may raise it; what was found earlier in the conversation stands for 72 hours
or until somebody says that a clinician has looked (rules X13, X17).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from safety.backstop import Raised, believes, raised, together
from safety.compose import Verdict, carried, decide, features
from safety.concepts import concept_of
from safety.findings import Candidate, candidates
from safety.language import detect, trouble
from safety.lexicon import LANGUAGES, lexicon
from safety.matcher import Reading, read
from safety.sight import trimmed
from safety.types import Assertion, Assessment, Finding, State, Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy import float32
    from numpy.typing import NDArray

CLOSED_QUESTIONS = ("saddle", "toilet", "legs")
"""Ids of the closed questions of CLARIFY, asked in this order (rule X18; closed plain words find more than open ones [S22, S67])."""
_LEET = re.compile(r"[a-z]\d+[a-z]", re.IGNORECASE)
"""Figures inside words hide the language too ("my b4ck w3nt")."""
_ASKED = {"saddle": "nerve:saddle", "toilet": "has:E2:unfelt", "legs": "has:E5:both"}


def assess(
    turns: Sequence[Turn],
    *,
    state: State | None = None,
    states: NDArray[float32] | None = None,
    now: datetime | None = None,
) -> tuple[Assessment, State]:
    """Assessment of the last message of `turns` in the light of the earlier ones and of `state`, and the state to remember.

    With a `state`, the earlier turns are in it already and only lend their words; without one they are assessed in order. What they said counts from
    when they said it. `states` are those of the last message's word pieces from the retrieval model, float32 (t, d), or None. Pure; time grows
    linearly with the text.
    """
    now = now or datetime.now(UTC)
    current = state if state is not None and state.standing(now) else State(since=now)
    assessment = Assessment()
    persons = [n for n, t in enumerate(turns) if t.speaker == "person"]
    for place, number in enumerate(persons):
        last = number == persons[-1]
        if state is not None and not last:
            continue
        earlier = [turns[n].text for n in persons[max(0, place - 3) : place]]
        assessment, current = _turn(turns[number], number, current, states if last else None, now, earlier)
    return assessment, current


def embeddable(text: str) -> str:
    """`text` as the embedder should read it.

    Without minimisers and instructions, since what somebody plays down must not change its states (X12), and with its typos mended, since the
    model knows no misspelt words.
    """
    _, reading = _read(text)
    tokens = reading.tokens
    hidden = {i for i, tags in enumerate(tokens.tags) if "masked" in tags and "played-down" in tags}
    if len(hidden) == len(tokens.words):
        hidden = set()
    out, last = [], 0
    for i in sorted(hidden.union(tokens.mended)):
        start, end = reading.span(i, i + 1)
        out.append(text[last : max(start, last)])
        if i not in hidden:
            out.append(tokens.words[i])
        last = end
    return " ".join(" ".join((*out, text[last:])).split()) if out else text


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[str, Reading]:
    """The language of a message and its reading, which nothing changes: the embedder's text and the assessment share it."""
    language = detect(text)
    reading = read(text, lexicon(language))
    if language != "en" and len(_LEET.findall(text)) > 1:
        english = read(text, lexicon("en"))
        if detect(english.text(0, len(english.tokens.words))) == "en":
            return "en", english
    return language, reading


def _turn(
    turn: Turn, number: int, before: State, states: NDArray[float32] | None, now: datetime, earlier: list[str]
) -> tuple[Assessment, State]:
    language, whole = _read(turn.text)
    reading = trimmed(whole)
    found = candidates(reading)
    fresh = features(reading, found)
    alone = decide(fresh, fresh)
    if _reviewed(before, fresh, alone):
        before = State(min(before.tier, Tier.CAUTION), since=now)
    elif _explained(before, alone, earlier, turn.text, reading, language):
        before = State(since=now)
    answered = _answers(before, reading, found)
    earlier_features = before.features | answered
    verdict = decide(fresh, fresh | earlier_features)
    _seen_unchanged(verdict, fresh)
    lift = raised(reading, found, verdict, states, whole)
    if before.features:
        # What stands already never makes a message less than it is alone.
        lift = max(lift, raised(reading, found, alone, states, whole), key=attrgetter("tier"))
    if lift.doubted and not before.features:
        fresh, verdict = (
            frozenset(),
            Verdict(
                Tier.CAUTION if "has:backpain" in fresh else Tier.NONE, rules=[*verdict.rules, "doubted"]
            ),
        )
    if lift.tier > verdict.tier:
        verdict.raise_to(lift.tier, "backstop", "", lift.topic, nerve=lift.nerve)
        if lift.tier >= Tier.REFER:
            fresh |= {"backstop"}
    if earlier and max(verdict.tier, before.tier) < Tier.REFER and "~reviewed" not in fresh:
        said = together(_joined((*earlier, turn.text), language), [_read(text)[1] for text in earlier])
        if said.tier >= Tier.REFER:
            verdict.raise_to(said.tier, "backstop together", "", said.topic, nerve=said.nerve)
            fresh |= {"backstop"}
    verdict.nerve = verdict.nerve and verdict.tier >= Tier.REFER
    crisis = "has:CRISIS:self-harm" in fresh or lift.crisis
    tier = max(verdict.tier, before.tier)
    told = bool(carried(fresh)) or verdict.tier > before.tier
    now_told = verdict.tier if told else alone.tier
    clarify = _clarify(verdict, lift, found, language, turn.text) if tier < Tier.REFER and not crisis else ()
    if before.asked and not clarify and tier < Tier.REFER and reading.has("no"):
        clarify = ()
    assessment = _assessment(
        verdict, before, tier, found, reading, number, lift,
        crisis=crisis, clarify=clarify, language=language, fresh=now_told,
    )  # fmt: skip
    kept = State(
        tier,
        assessment.crisis,
        assessment.topic,
        assessment.nerve,
        earlier_features | carried(fresh),
        clarify,
        (turn.at or now) if told and verdict.tier >= before.tier else before.since,
    )
    return assessment, kept


def _assessment(
    verdict: Verdict, before: State, tier: Tier, found: list[Candidate], reading: Reading, number: int, lift: Raised,
    *, crisis: bool, clarify: tuple[str, ...], language: str, fresh: Tier,
) -> Assessment:  # fmt: skip
    counted = [c for c in found if c.counts]
    silent = [
        c
        for c in found
        if c.judgement.assertion in (Assertion.BENIGN, Assertion.KNOWLEDGE, Assertion.HYPOTHETICAL)
        and concept_of(c).tier >= Tier.REFER
    ]
    return Assessment(
        tier=tier,
        nerve=(verdict.nerve or before.nerve) and tier >= Tier.REFER,
        crisis=crisis or before.crisis,
        clarify=clarify,
        education=(bool(silent) or lift.doubted) and tier < Tier.REFER,
        findings=tuple(_finding(c, reading, number) for c in found),
        rules=tuple(dict.fromkeys(verdict.rules)),
        topic=verdict.topic if verdict.tier >= before.tier else before.topic,
        other=bool(counted)
        and all(c.judgement.assertion is Assertion.OTHER for c in counted if concept_of(c).tier >= Tier.REFER)
        and any(c.judgement.assertion is Assertion.OTHER for c in counted),
        minor=reading.has("minor"),
        refuses=reading.has("refuses"),
        language=language if language in LANGUAGES else "en",
        fresh=fresh,
        sticky=before.tier > fresh,
        scores=lift.scores,
    )


def _finding(c: Candidate, reading: Reading, number: int) -> Finding:
    start, end = reading.span(c.start, c.end)
    concept = concept_of(c)
    rule = c.judgement.rule or ("T12 no time given: taken as new" if c.counts else "")
    return Finding(
        concept.id,
        concept.name,
        start,
        end,
        reading.text(c.start, c.end),
        c.judgement.assertion,
        concept.tier,
        rule,
        concept.source,
        number,
        concept.nerve,
    )


def _reviewed(before: State, fresh: frozenset[str], alone: Verdict) -> bool:
    """A medical review stated by the person releases the sticky tier (X17), unless the same message tells of something."""
    return before.tier >= Tier.REFER and "~reviewed" in fresh and alone.tier < Tier.REFER


_GRAVE = (
    "nerve:saddle",
    "nerve:buttock:all",
    "has:E1",
    "has:E2",
    "has:E3",
    "has:E4",
    "has:E6",
    "has:E7",
    "has:E8",
    "has:footdrop",
    "has:cant",
    "weak:",
    "has:givesway",
)
_OVER = (Assertion.BENIGN, Assertion.PAST, Assertion.KNOWLEDGE)


def _explained(
    before: State, alone: Verdict, earlier: list[str], text: str, reading: Reading, language: str
) -> bool:
    """A harmless cause told in the next message ("feet are numb" - "just out of the ice bath" - "back to normal"): read as one, it is T7.

    So is a history told in two ("had sciatica at school" - "never came back"). Never where saddle, bladder, bowel, weakness or trauma stood, nor where
    the scorer does not believe it ("shoots to the calf" - "tiptoes fine, feeling normal"), nor by an answer about the toilet ("no, wiping is normal").
    """
    if before.tier < Tier.REFER or alone.tier >= Tier.CAUTION or not earlier:
        return False
    if len(reading.tokens.words) > 30 or reading.has("pee", "poo", "wiping"):
        return False
    if "backstop" in before.features or any(f.startswith(_GRAVE) for f in before.features):
        return False
    whole = _joined((*earlier, text), language)
    found = candidates(whole)
    joined = features(whole, found)
    if decide(joined, joined).tier >= Tier.REFER:
        return False
    telling = [c for c in found if concept_of(c).tier >= Tier.REFER]
    over = [c for c in telling if c.judgement.assertion in (Assertion.BENIGN, Assertion.PAST)]
    return (
        bool(over)
        and not any(c.counts for c in telling)
        and all(
            c.judgement.assertion in _OVER for c in telling if c.judgement.assertion is not Assertion.ABSENT
        )
        and believes(whole)
    )


def _joined(texts: Iterable[str], language: str) -> Reading:
    """Messages read as one."""
    return read(". ".join(texts), lexicon(language))


def _seen_unchanged(verdict: Verdict, fresh: frozenset[str]) -> None:
    """Examined for it and unchanged since: one step lower, never from EMERGENCY (X13)."""
    if (
        verdict.tier in (Tier.URGENT, Tier.REFER)
        and "~reviewed" in fresh
        and not {"~worse", "~newtoday", "~notbetter", "~paingone"} & fresh
    ):
        verdict.tier = Tier(verdict.tier - 1)
        verdict.rules.append("X13")


def _answers(before: State, reading: Reading, found: list[Candidate]) -> frozenset[str]:
    """What a bare "yes" to the closed questions means: the graver reading (K16)."""
    if not before.asked or any(c.counts and concept_of(c).tier >= Tier.REFER for c in found):
        return frozenset()
    if reading.has("yes") and not reading.has("no"):
        return frozenset({_ASKED[before.asked[0]]})
    return frozenset()


def _clarify(
    verdict: Verdict, lift: Raised, found: list[Candidate], language: str, text: str
) -> tuple[str, ...]:
    """Closed questions for what is unclear (X18) or written in a language that is not read (X20)."""
    if language == "other":
        return CLOSED_QUESTIONS if trouble(text) or verdict.tier > Tier.NONE else ()
    odd = any(c.counts and c.label == "weird" and c.group not in ("", "head", "face") for c in found)
    return CLOSED_QUESTIONS if odd or lift.unsure or "E2 alone" in verdict.rules else ()
