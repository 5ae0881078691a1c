"""From findings to a tier: the combination rules K0 to K17 and the time rules T1 to T12 of the clinical table.

Everything is decided on a set of feature names ("numb:leg", "back-pain", "worse"), so that symptoms told in different messages add up: the
features of a conversation are the union of those of its messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from safety.assertion import dates_event, denied_after, negated
from safety.facts import LOSS, Fact, well_behind
from safety.findings import ARMS, LEGS, Candidate
from safety.types import Assertion, Tier, Topic

if TYPE_CHECKING:
    from safety.matcher import Mark, Reading

NERVE_WORDS = LOSS | {"shoot"}
_RIDING = frozenset(
    [
        "ride",
        "rides",
        "riding",
        "cycling",
        "cycled",
        "spin",
        "spinning",
        "peloton",
        "turbo",
        "bike",
        "biking",
        "zwift",
        "saddle",
        "horse",
        "rowing",
        "erg",
    ]
)


@dataclass(slots=True)
class Verdict:
    """A tier with the rules that led to it. `concepts` are the concept ids behind it."""

    tier: Tier = Tier.NONE
    topic: Topic = Topic.GENERAL
    nerve: bool = False
    rules: list[str] = field(default_factory=list)
    concepts: list[str] = field(default_factory=list)

    def raise_to(self, tier: Tier, rule: str, concept: str, topic: Topic, *, nerve: bool = False) -> None:
        """Note a rule that fired; the highest tier stands, and with it its topic."""
        self.rules.append(rule)
        self.concepts.append(concept)
        self.nerve = self.nerve or (nerve and tier >= Tier.REFER)
        if tier > self.tier:
            self.tier, self.topic = tier, topic


def features(reading: Reading, found: list[Candidate]) -> frozenset[str]:
    """Names of everything a message contributes to the tier."""
    names: set[str] = set()
    counted = [c for c in found if c.counts]
    for c in counted:
        names.add(f"has:{c.label}")
        if c.fact is not None:
            names |= _of_fact(replace(c.fact, kind="altered") if _held_up(reading, c.fact) else c.fact)
    steady = {j for m in reading.marks.get("notworse", ()) for j in range(m.start, m.end)}
    nerve = any(
        (n.startswith(("nerve:", "weak:")) and not n.endswith(":vague"))
        or n in ("has:footdrop", "has:cantlimb", "has:canttoe", "has:cantheel")
        for n in names
    )
    for tag in (
        "worse",
        "paingone",
        "sudden",
        "longtime",
        "weeks",
        "recurrent",
        "notbetter",
        "minor",
        "age50",
        "age70",
        "effort",
        "daily",
        "training",
        "belt",
        "hours",
        "exertion",
        "midline",
        "faint",
        "veryunwell",
        "injecting",
        "immuno",
        "unwell",
        "cancer",
        "weightloss",
        "nightpain",
        "osteo",
        "thinners",
        "recentop",
        "spineop",
        "knownces",
        "herniation",
        "fracture",
        "crunch",
        "severe",
        "morningstiff",
        "extension",
        "compartment",
        "muscle",
        "worseafter",
        "heart:hard",
        "chestmuscle",
        "recent",
        "returned",
        "cleared",
        "justseen",
        "shybladder",
        "uticlues",
        "dyed",
        "pregnant",
        "persist",
        "longago",
        "cause",
        "causehard",
        "gymfatigue",
        "neck",
        "someweeks",
        "fainthome",
        "infectionsite",
        "onesidebefore",
        "resolved",
        "constipation",
        "both",
        "rapid",
        "stable",
        "pain",
        "ride",
        "flare",
        "firstever",
        "reviewed",
        "newtoday",
        "left",
        "right",
        "contact",
        "relentless",
        "entrapment",
        "condition",
        "self",
        "rising",
    ):
        if tag in reading.marks and not (
            (tag == "worse" and all(m.start in steady for m in reading.marks[tag]))
            or (tag == "both" and all(_other_both(reading, m) for m in reading.marks[tag]))
            or (tag in _RISKS and all(_denied(reading, m) for m in reading.marks[tag]))
        ):
            names.add(f"~{tag}")
    names |= _spreads(reading)
    long = reading.marks.get("longtime")
    if long and all(dates_event(reading, m) for m in long):
        names.add("~longevent")
    if any(c.label == "cancer" and c.counts for c in found) or any(
        c.label == "cancer" and c.judgement.assertion is Assertion.PAST for c in found
    ):
        names.add("cancer")
    if any(
        c.label == "sciatica" and c.judgement.assertion in (Assertion.PRESENT, Assertion.OTHER) for c in found
    ):
        names.add("sciatica")
    if nerve:
        names.add("nerve")
    return frozenset(names)


_RISKS = frozenset(
    (
        "cancer",
        "fracture",
        "immuno",
        "infectionsite",
        "injecting",
        "nightpain",
        "osteo",
        "thinners",
        "unwell",
        "veryunwell",
        "weightloss",
    )
)
"""Circumstances that people list to say that they have none of them ("no thin bones, no blood thinners")."""


def _denied(reading: Reading, mark: Mark) -> bool:
    """Whether a circumstance is said to be absent (X1)."""
    return bool(negated(reading, mark.start) or denied_after(reading, mark.start, mark.end))


_BEFORE_SIDES = 5
"""Words before "both sides" within which the back is what has them."""


def _other_both(reading: Reading, mark: Mark) -> bool:
    """Whether "both" means what is fine ("both legs strong") or the two sides of the back, so no pair of limbs."""
    if well_behind(reading, mark.end):
        return True
    before = reading.tokens.tags[max(0, mark.start - _BEFORE_SIDES) : mark.start]
    return reading.tokens.words[mark.end - 1] == "sides" and any("back" in tags for tags in before)


def _spreads(reading: Reading) -> set[str]:
    """Whether the other side is said to join in, and of which limb: only where the clause ends there ("right one too", not "right leg too strong")."""
    tokens = reading.tokens
    found: set[str] = set()
    for mark in reading.of("spread", "also"):
        after = mark.end
        if _goes_on(reading, after) and not _SIDES.isdisjoint(tokens.tags[after]):
            after += 1
        if _goes_on(reading, after) and "thereupon" not in tokens.tags[after]:
            continue
        if mark.tag == "also":
            found.add("~also")
            continue
        named = {tag for tags in tokens.tags[mark.start : after] for tag in tags}
        found.add("~spread:leg" if named & LEGS else "~spread:arm" if named & ARMS else "~spread")
    return found


_SIDES = LEGS | ARMS | {"bodyside"}


def _goes_on(reading: Reading, at: int) -> bool:
    """Whether a clause goes on at word `at`."""
    return at < len(reading.tokens.words) and not reading.tokens.breaks[at]


def _held_up(reading: Reading, fact: Fact) -> bool:
    """Whether an arm only goes heavy where it is held up (R3: "arm goes heavy and tingly when i work overhead")."""
    words = reading.tokens.tags[fact.at : fact.until]
    return (
        fact.kind == "weak"
        and fact.group in ARMS
        and "heldup" in reading.marks
        and any("heavyword" in tags for tags in words)
    )


def _of_fact(fact: Fact) -> set[str]:
    group = fact.group or "none"
    if fact.kind == "weak" and group not in LEGS | ARMS:
        return {f"weak:{group}:vague"}
    kind = "weak" if fact.kind == "weak" else "nerve" if fact.kind in NERVE_WORDS else fact.kind
    limb = "leg" if group in LEGS else "arm" if group in ARMS else group
    names = {f"{kind}:{limb}", f"{fact.kind}:{group}"}
    if limb in ("leg", "arm"):
        names.add(f"{kind}:{limb}:{'both' if fact.both else fact.side or 'one'}")
    elif group == "face" and (fact.side or fact.both):
        names.add(f"{kind}:face:one")
    elif group == "buttock" and fact.kind != "shoot":
        names.add(f"{kind}:buttock:{fact.side or 'all'}")
    elif (not group or group == "none") and fact.kind == "shoot" and fact.both:
        names |= {"nerve:leg", "nerve:leg:both"}
    return names


def decide(now: frozenset[str], all_: frozenset[str]) -> Verdict:
    """Tier of a conversation with features `all_`, of which `now` stand in the latest message."""
    v = Verdict()
    _saddle(v, all_)
    _bladder(v, all_)
    _legs(v, now, all_)
    _weakness(v, now, all_)
    _arms(v, now, all_)
    _trauma(v, now, all_)
    _infection(v, all_)
    _heart_and_head(v, now)
    _muscle(v, now)
    _vessel(v, now)
    _high_risk(v, now, all_)
    _lasting(v, now, all_)
    _plain(v, now)
    return v


LASTING = frozenset(
    {
        "~knownces",
        "~recentop",
        "~thinners",
        "~herniation",
        "~osteo",
        "~spineop",
        "~immuno",
        "~injecting",
        "~neck",
    }
)
"""Circumstances that hold for the whole conversation, not only for the message that tells them."""


def carried(names: frozenset[str]) -> frozenset[str]:
    """The features of a message that go on counting in the messages after it."""
    return frozenset(n for n in names if not n.startswith("~") or n in LASTING)


def _has(f: frozenset[str], *names: str) -> bool:
    return not f.isdisjoint(names)


def _spinal(f: frozenset[str]) -> bool:
    """Back pain, a leg symptom or a known disc, anywhere in the conversation (the condition of K2)."""
    return _has(
        f,
        "has:backpain",
        "has:legpain",
        "nerve:leg",
        "weak:leg",
        "sciatica",
        "~herniation",
        "has:footdrop",
        "nerve:buttock",
        "~spineop",
        "nerve:back",
        "shoot:",
        "has:shoot",
        "has:E8:trauma",
    )


def _saddle(v: Verdict, f: frozenset[str]) -> None:
    if "has:E1:saddle" in f and "nerve:saddle" not in f:
        v.raise_to(Tier.EMERGENCY, "K1", "E1", Topic.SPINE, nerve=True)
    if (
        _has(f, "nerve:saddle")
        and "~ride" in f
        and not _has(f, "has:backpain", "sciatica", "nerve:leg", "has:E2:change")
    ):
        v.raise_to(Tier.REFER, "X11 riding", "R8", Topic.PELVIC, nerve=True)
    elif _has(f, "nerve:saddle"):
        if "~longtime" in f and not _has(f, "~longevent", "~worse", "~recent", "~sudden", "~returned"):
            v.raise_to(Tier.URGENT, "T4", "E1", Topic.SPINE, nerve=True)
        else:
            v.raise_to(Tier.EMERGENCY, "K1", "E1", Topic.SPINE, nerve=True)
    if "nerve:buttock:all" in f:
        v.raise_to(Tier.EMERGENCY, "K1", "E1", Topic.SPINE, nerve=True)
    elif "nerve:buttock" in f:
        v.raise_to(Tier.REFER, "R2", "R2", Topic.SPINE, nerve=True)
    if "has:E4:sexual" in f:
        if _spinal(f) or "nerve" in f:
            v.raise_to(Tier.EMERGENCY, "K4", "E4", Topic.SPINE, nerve=True)
        else:
            v.raise_to(Tier.REFER, "E4 alone", "E4", Topic.PELVIC)


def _bladder(v: Verdict, f: frozenset[str]) -> None:
    spinal = _spinal(f)
    if "has:E2:unfelt" in f or ("has:E2:retention" in f and "~shybladder" not in f):
        v.raise_to(Tier.EMERGENCY, "K2b", "E2", Topic.SPINE, nerve=True)
    elif "has:E2:effort" in f and "has:E2:change" not in f and not _has(f, "nerve"):
        v.raise_to(Tier.REFER, "K2c", "R6", Topic.PELVIC)
    elif "has:E2:change" in f:
        effort = "~effort" in f and "~daily" not in f and not _has(f, "nerve", "has:E3:bowel", "sciatica")
        if effort and not _has(f, "has:legpain"):
            v.raise_to(Tier.REFER, "K2c", "R6", Topic.PELVIC)
        elif "~uticlues" in f and not spinal:
            v.rules.append("K2d")
        elif spinal:
            v.raise_to(Tier.EMERGENCY, "K2", "E2", Topic.SPINE, nerve=True)
        else:
            v.rules.append("E2 alone")
    if "has:E3:bowel" in f:
        v.raise_to(Tier.EMERGENCY, "K2b", "E3", Topic.SPINE, nerve=True)


def _old(f: frozenset[str]) -> bool:
    long = _has(f, "~longtime", "~weeks", "~someweeks")
    return long and not _has(f, "~longevent", "~worse", "~sudden", "~returned")


def _legs(v: Verdict, now: frozenset[str], f: frozenset[str]) -> None:
    other = ("nerve:leg:left" in f and "~right" in now) or ("nerve:leg:right" in f and "~left" in now)
    both = (
        "has:E5:both" in f
        or (other and "~also" in now)
        or (
            _has(f, "nerve:leg", "sciatica")
            and not _has(now, "nerve:leg:left", "nerve:leg:right")
            and _has(now, "~spread", "~spread:leg")
        )
        or "nerve:leg:both" in f
        or {"nerve:leg:left", "nerve:leg:right"} <= f
        or ("nerve:leg" in f and "~both" in now and "nerve:leg" in now and not _has(now, "nerve:leg:one"))
    )
    if both:
        if _old(f):
            v.raise_to(Tier.URGENT, "K3b", "E5", Topic.SPINE, nerve=True)
        elif _has(f, "~cause") and _has(f, "~recurrent") and not _spinal(f - {"nerve:leg"}):
            v.raise_to(Tier.REFER, "T8", "R8", Topic.SPINE, nerve=True)
        else:
            v.raise_to(Tier.EMERGENCY, "K3", "E5", Topic.SPINE, nerve=True)
    elif "nerve:leg" in f or "sciatica" in f:
        concept = (
            "R5"
            if "numb:outerthigh" in f or "tingle:outerthigh" in f or "burn:outerthigh" in f
            else "R1"
            if _has(f, "sciatica", "has:shoot")
            else "R2"
        )
        if _has(now, "~worse", "~paingone") and "nerve" in f:
            v.raise_to(Tier.URGENT, "K5", "U3", Topic.SPINE, nerve=True)
        else:
            v.raise_to(Tier.REFER, concept, concept, Topic.SPINE, nerve=True)
    elif _has(f, "burn:outerthigh"):
        v.raise_to(Tier.REFER, "R5", "R5", Topic.SPINE, nerve=True)
    told = _has(
        f, "has:backpain", "has:legpain", "sciatica", "~persist", "~recurrent", "~someweeks", "~worse"
    )
    if v.tier < Tier.REFER and told and _has(f, "tingle:none", "numb:none", "numb:back", "tingle:back"):
        v.raise_to(
            Tier.URGENT if "~worse" in now else Tier.REFER, "R2 no part named", "R2", Topic.SPINE, nerve=True
        )


def _weakness(v: Verdict, now: frozenset[str], f: frozenset[str]) -> None:
    onset = _has(
        f,
        "nerve",
        "has:backpain",
        "~sudden",
        "~persist",
        "~worse",
        "~recent",
        "sciatica",
        "has:legpain",
        "~herniation",
    )
    if "has:E6:lost" in f:
        v.raise_to(Tier.EMERGENCY, "E6", "E6", Topic.SPINE, nerve=True)
    drop = _has(f, "has:footdrop", "has:cantheel")
    if drop:
        both = _has(f, "weak:leg:both") or ("~both" in now and "has:footdrop" in now)
        fast = "~rapid" in now and _has(now, "~worse", "weak:leg", "has:cantlimb")
        v.raise_to(
            Tier.EMERGENCY if both or fast else Tier.URGENT,
            "E6" if both or fast else "U1",
            "U1",
            Topic.SPINE,
            nerve=True,
        )
    limb = _has(f, "has:canttoe") or (
        "has:cantlimb" in f
        and _has(
            f, "nerve", "has:backpain", "~sudden", "~worse", "sciatica", "~herniation", "~neck", "~persist"
        )
    )
    if limb and onset:
        v.raise_to(Tier.URGENT, "U2", "U2", Topic.SPINE if "nerve:arm" not in f else Topic.ARM, nerve=True)
    felt = any(n.startswith("nerve:") for n in f) or _has(f, "sciatica", "has:footdrop", "has:cantlimb")
    told = _has(f, "has:backpain", "~sudden", "~worse", "~persist", "~recent", "~herniation", "has:legpain")
    if "weak:leg:both" in f and (felt or told):
        v.raise_to(Tier.EMERGENCY, "E6", "E6", Topic.SPINE, nerve=True)
    elif "weak:leg" in f and onset:
        v.raise_to(Tier.URGENT, "U2", "U2", Topic.SPINE, nerve=True)
    if "has:givesway" in f and _has(
        f, "nerve", "has:backpain", "sciatica", "~persist", "has:legpain", "~recent", "~herniation"
    ):
        v.raise_to(Tier.URGENT, "U2", "U2", Topic.SPINE, nerve=True)
        if _has(f, "nerve:leg:both", "weak:leg:both"):
            v.raise_to(Tier.EMERGENCY, "E6", "E6", Topic.SPINE, nerve=True)
    elif "has:givesway" in now and "~gymfatigue" not in f and _has(now, *_AWAY_FROM_THE_BAR):
        v.raise_to(Tier.URGENT, "U2", "U2", Topic.SPINE, nerve=True)
    if "weak:arm" in f and onset and _has(f, "nerve", "~sudden", "~worse", "~neck", "has:cantlimb"):
        both = "weak:arm:both" in f
        v.raise_to(Tier.URGENT, "K6" if both else "U2", "U2", Topic.ARM, nerve=True)
    if (
        "has:unsteady" in f
        and _has(f, "nerve:leg", "weak:leg", "has:footdrop")
        and not _has(f, "nerve:arm", "has:fumble")
    ):
        v.raise_to(Tier.EMERGENCY, "E6", "E6", Topic.SPINE, nerve=True)
    if "has:cantwalk" in f and "has:cantheel" not in f:
        if _has(f, "nerve", "weak:leg", "has:footdrop", "has:givesway") or (
            "~sudden" in f and _has(f, "has:backpain") and "~rising" not in f
        ):
            v.raise_to(Tier.EMERGENCY, "E6", "E6", Topic.SPINE, nerve=True)
        elif _has(f, "has:backpain", "has:legpain"):
            v.raise_to(Tier.URGENT, "U8", "U8", Topic.SPINE)


_AWAY_FROM_THE_BAR = ("~daily", "~recurrent", "~left", "~right", "~someweeks")
"""What tells a limb that gives way from a hard set: one side alone, over and over, in the course of a day."""


def _arms(v: Verdict, now: frozenset[str], f: frozenset[str]) -> None:
    arm = "nerve:arm" in f
    both = (
        "nerve:arm:both" in f
        or {"nerve:arm:left", "nerve:arm:right"} <= f
        or (
            arm
            and not _has(now, "nerve:arm")
            and "nerve:leg" not in f
            and _has(now, "~spread", "~spread:arm")
        )
    )
    neck = "~neck" in f or _has(f, "nerve:neck")
    sudden = _has(now, "~sudden") or "has:E8:trauma" in f
    walking = _has(f, "has:cantwalk", "has:unsteady", "has:limbheavy")
    hands = _has(f, "has:fumble")
    if arm and _has(f, "nerve:leg", "weak:leg"):
        v.raise_to(
            Tier.EMERGENCY if sudden or _has(f, "has:E2:change") else Tier.URGENT,
            "K6",
            "E7",
            Topic.SPINE,
            nerve=True,
        )
    elif both and neck and (sudden or "~longtime" not in f):
        v.raise_to(Tier.EMERGENCY if sudden else Tier.URGENT, "K6", "E7", Topic.SPINE, nerve=True)
    elif both and _has(f, "~cause"):
        v.raise_to(Tier.REFER, "T8", "R8", Topic.ARM, nerve=True)
    elif both:
        v.raise_to(Tier.URGENT, "K6", "U4", Topic.ARM, nerve=True)
    elif arm:
        if _has(now, "~worse", "~paingone"):
            v.raise_to(Tier.URGENT, "K5", "U3", Topic.ARM, nerve=True)
        else:
            v.raise_to(Tier.REFER, "R3", "R3", Topic.ARM, nerve=True)
    if hands and (walking or arm or neck or _has(f, "weak:arm")):
        v.raise_to(Tier.URGENT, "K6", "U4", Topic.SPINE, nerve=True)
    if arm and walking:
        v.raise_to(Tier.URGENT, "K6", "U4", Topic.SPINE, nerve=True)
    if "has:E7:cord" in f:
        v.raise_to(Tier.EMERGENCY, "K6", "E7", Topic.SPINE, nerve=True)
    if "has:lhermitte" in f:
        v.raise_to(
            Tier.EMERGENCY if sudden or (_has(now, "~recent") and not _old(f)) else Tier.URGENT,
            "E7",
            "E7",
            Topic.SPINE,
            nerve=True,
        )
    if "has:stinger" in f:
        v.raise_to(Tier.URGENT, "U7", "U7", Topic.ARM, nerve=True)


def _trauma(v: Verdict, now: frozenset[str], f: frozenset[str]) -> None:
    if "has:E8:neck" in f:
        v.raise_to(Tier.EMERGENCY, "K8", "E8", Topic.TRAUMA, nerve="nerve" in f)
    if "~contact" in now and "nerve:arm" in f:
        v.raise_to(Tier.URGENT, "U7", "U7", Topic.ARM, nerve=True)
    if "~contact" in now and _has(f, "nerve:leg", "nerve:arm:both"):
        v.raise_to(Tier.EMERGENCY, "K8", "E8", Topic.TRAUMA, nerve=True)
    if "has:E8:trauma" in f and (
        _has(f, "nerve", "has:cantwalk", "has:cantlimb", "has:footdrop")
        or "~midline" in now
        or "~fracture" in f
    ):
        v.raise_to(Tier.EMERGENCY, "K8", "E8", Topic.TRAUMA, nerve="nerve" in f)
    elif "has:E8:trauma" in f and _has(f, "has:backpain"):
        v.raise_to(Tier.URGENT, "E8", "E8", Topic.TRAUMA)


def _infection(v: Verdict, f: frozenset[str]) -> None:
    back = _has(f, "has:backpain")
    fever = _has(f, "has:fevertrue")
    if back and (fever or "has:nightsweats" in f):
        grave = fever and (
            _has(f, "nerve", "~veryunwell", "~injecting", "~spineop")
            or ("~immuno" in f and "~unwell" in f)
            or "~immuno" in f
        )
        v.raise_to(Tier.EMERGENCY if grave else Tier.URGENT, "K7", "E9" if grave else "U5", Topic.INFECTION)
    elif back and _has(f, "~unwell") and _has(f, "~immuno", "~injecting", "~infectionsite"):
        v.raise_to(Tier.URGENT, "K7", "U5", Topic.INFECTION)
    if back and "cancer" in f:
        v.raise_to(Tier.EMERGENCY if "nerve" in f else Tier.URGENT, "K11", "U5", Topic.SPINE)
    soft = sum(n in f for n in ("~age50", "has:nightpain", "has:weightloss", "~osteo", "has:nightsweats"))
    if soft == 1 and "~age50" in f and not _has(f, "~notbetter", "~firstever"):
        soft = 0
    if back and soft:
        v.raise_to(Tier.URGENT if soft >= 2 else Tier.REFER, "K15", "U5" if soft >= 2 else "R7", Topic.SPINE)


def _heart_and_head(v: Verdict, now: frozenset[str]) -> None:
    if (
        _has(now, "has:E10:heart")
        and not _has(now, "~fainthome")
        and (
            ("~heart:hard" in now and not ("~chestmuscle" in now and "~faint" not in now))
            or ("~faint" in now and _has(now, "has:backpain"))
        )
    ):
        v.raise_to(Tier.EMERGENCY, "K9", "E10", Topic.HEART)
    if _has(now, "has:E11:head", "has:E11:blast") or (
        _has(now, "nerve:face:one") and not _has(now, "~cause")
    ):
        v.raise_to(Tier.EMERGENCY, "E11", "E11", Topic.HEAD)
    elif "has:headache" in now and "~exertion" in now:
        v.raise_to(Tier.REFER, "R8", "R8", Topic.HEAD)


def _muscle(v: Verdict, now: frozenset[str]) -> None:
    if (
        ("has:E12:urine" in now and not _has(now, "~dyed"))
        or (
            "has:E12:board" in now
            and _has(now, "~worseafter", "nerve", "~compartment", "~worse", "has:rhabdo", "~relentless")
            and _has(now, "~muscle")
        )
        or (
            "has:rhabdo" in now
            and _has(now, "has:E12:board", "~unwell", "has:weak", "~severe", "has:U6:limb")
        )
    ):
        v.raise_to(Tier.EMERGENCY, "K10", "E12", Topic.MUSCLE)


def _vessel(v: Verdict, now: frozenset[str]) -> None:
    if "has:U6:limb" in now:
        grave = _has(now, "~heart:hard") or "~faint" in now
        v.raise_to(Tier.EMERGENCY if grave else Tier.URGENT, "K12", "U6", Topic.VESSEL)


def _high_risk(v: Verdict, now: frozenset[str], f: frozenset[str]) -> None:
    # "five weeks after the operation, and since last night ...": the weeks are the operation's
    fresh_since = _has(f, "~recentop", "~knownces") and _has(f, "~recent", "~newtoday")
    new_nerve = "nerve" in f and (fresh_since or not _old(f))
    recent = _has(f, "~recentop", "~thinners", "~spineop") and not _has(f, "~longago")
    if new_nerve and (recent or "~knownces" in f):
        v.raise_to(Tier.EMERGENCY, "K13", "U8", Topic.SPINE, nerve=True)
    elif (_has(f, "~recentop") and _has(now, "has:backpain", "has:legpain", "~returned")) or (
        "~thinners" in f and _has(f, "has:backpain")
    ):
        v.raise_to(Tier.URGENT, "U8", "U8", Topic.SPINE)
    if _has(f, "has:backpain") and (
        ("~osteo" in f and _has(f, "~crunch", "~sudden", "has:E8:trauma"))
        or ("~age70" in f and "~sudden" in f)
    ):
        v.raise_to(Tier.URGENT, "U8", "U8", Topic.SPINE)
    if "~osteo" in f and "~crunch" in f:
        v.raise_to(Tier.URGENT, "U8", "U8", Topic.SPINE)
    if "has:severe" in now and _has(now, "has:backpain", "has:legpain", "nerve:leg", "sciatica"):
        v.raise_to(Tier.URGENT, "U8", "U8", Topic.SPINE)


def _lasting(v: Verdict, now: frozenset[str], f: frozenset[str]) -> None:
    sore = _has(f, "has:backpain", "has:legpain")
    if "~pain" in now and "~weeks" in now and "~notbetter" in now:
        v.raise_to(Tier.REFER, "T9", "R4", Topic.SPINE)
    if (
        sore
        and _has(now, "~weeks")
        and _has(now, "~persist", "~notbetter", "~recurrent", "~longtime")
        and not _has(now, "~cleared", "~resolved", "~longago")
    ) or (sore and "~notbetter" in now and _has(now, "~someweeks", "~longtime", "~recurrent", "~weeks")):
        v.raise_to(Tier.REFER, "T9", "R4", Topic.SPINE)
    if sore and "~minor" in now:
        v.raise_to(Tier.REFER, "R7", "R7", Topic.SPINE)
    if sore and "~morningstiff" in now and _has(now, "~recurrent", "~weeks", "~someweeks", "~longtime"):
        v.raise_to(Tier.REFER, "R7", "R7", Topic.SPINE)


def _plain(v: Verdict, now: frozenset[str]) -> None:
    if "has:U3:march" in now:
        v.raise_to(Tier.URGENT, "K5", "U3", Topic.SPINE, nerve=True)
    if "~entrapment" in now and _has(now, "nerve", "tingle:none", "numb:none"):
        v.raise_to(Tier.REFER, "R3", "R3", Topic.ARM, nerve=True)
    if "~ride" in now and _has(now, "numb:none", "tingle:none"):
        v.raise_to(Tier.REFER, "X11 riding", "R8", Topic.PELVIC, nerve=True)
    if "~minor" in now and "~extension" in now and "~pain" in now:
        v.raise_to(Tier.REFER, "R7", "R7", Topic.SPINE)
    if "~flare" in now and _has(now, "~notbetter", "~recurrent"):
        v.raise_to(Tier.REFER, "T9", "R4", Topic.SPINE)
    if v.tier < Tier.CAUTION and (
        ("~condition" in now and _has(now, "~self", "~cleared", "~reviewed", "~longago", "~resolved"))
        or "has:E12:board" in now
    ):
        v.raise_to(Tier.CAUTION, "C2", "C2", Topic.GENERAL)
    if _has(now, "has:backpain", "has:legpain") and v.tier < Tier.CAUTION:
        v.raise_to(Tier.CAUTION, "C1", "C1", Topic.GENERAL)
