"""Whether the documents cover a question: if not, saying so is the answer."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from retrieval.covered import THRESHOLD

if TYPE_CHECKING:
    from retrieval.search import Results

UNNAMED = 2.9
"""What it costs, in log odds, that a thing which the question names stands in none of the best passages."""
JOINED = 1.5
"""How much less is asked of a follow-up: put behind the question that it leans on it comes less near to anything."""

NAMED_BY = 8
"""Passages of which one must name a thing that the question names."""

_THINGS = (
    "shoulders?|rotator cuffs?|delts?",
    "elbows?",
    "wrists?",
    "necks?",
    "triceps?",
    "biceps?(?! femoris)|bis and tris",
    "chest(?! (?:up|out|high|proud))|pecs?",
    "forearms?",
    "shins?",
    r"achilles|ankle sprains?|sprained ankles?|groins?|acl|mcl|menisc\w+|labrum|plantar",
    "knees? (?:pain|hurts?|aches?|sleeves?|wraps?|clicks?|clicking|caves?|past)|(?:protect|save|wreck|hurt|bad|sore|achy) (?:my |the |your )?knees?",
    r"tend[io]n\w*|arthritis|fasciitis|bursitis|impingement|dislocat\w+",
    r"(?:hamstring|quad|groin|calf|muscle|pec|lat|glute)s? (?:tears?|strains?|pulls?|injur\w+)",
    r"teenagers?|teens?|kids?|child(?:ren)?|toddlers?|pregnan\w+|postpartum|menopause|elderly|seniors?",
    r"book (?:me|us|a|an|my)|order (?:me|us|a)|remind me|buy\w*|prices?|costs?|cheap\w*|cancel\w*",
    "olympic bars?|bumper plates?|home gym|clean (?:my|the|a) (?:bar|barbell|belt|shoes)",
    r"invent\w*|champion\w*|history of|strongest (?:man|woman)|anxiety|depression",
    "six ?packs?|get abs|belly fat",
    "grips?|straps?|chalk|callus(?:es)?|callous(?:es)?",
    "shoes?|trainers|wedges?|sleeves?|knee wraps?|belts?",
    "protein|creatine|caffeine|carbs?|calories|keto|diets?|fasting|supplements?|pre[- ]?workouts?|whey|bcaas?|vitamins?|magnesium",
    "hypertrophy|(?:bigger|grow(?:ing)?|build(?:ing)?) (?:my |the |your )?(?:quads?|legs?|glutes?|bum|butt|arms?|muscles?)",
    "cardio|vertical jumps?|world records?|plateau|(?:best|good|which|what|a) (?:programs?|programmes?|splits?)|days (?:a|per) week|5x5|531|meets?|competition",
    "breath(?:e|es|ing)?|valsalva",
    "ice|icing|saunas?|massage guns?|ibuprofen|painkillers?|paracetamol|cbd",
    "apps?|gym memberships?|(?:best|cheap(?:est)?|new|join(?:ing)? a) gyms?|brands?",
    "bench(?:ing|es)?(?: ?press(?:es)?)?",
    "overhead press(?:es|ing)?|ohp|military press",
    "leg press(?:es)?",
    "snatch(?:es)?",
    "cleans|power cleans?|hang cleans?|clean (?:and jerk|catch)",
    "hip thrusts?|thrusters?",
    "front squats?",
    "goblet squats?",
    "lunges?",
    "good mornings?",
    "trap bars?|hex bars?|safety(?: squat)? bars?|ssb",
    "dorsiflexion|ankle mobility",
    "reverse hypers?(?:extensions?)?",
    "mattress(?:es)?|pillows?|chairs?|standing desks?",
    "dips",
    "rows|barbell rows?",
    "(?:bicep|biceps|hammer|preacher|leg|hamstring|nordic) curls?",
    "running|runners?|(?:a|my|for|long) runs?|jog(?:ging)?|marathon|5k|10k",
    "cycling|swimming|rowing|football|rugby|tennis|golf",
    r"(?:torn|tore|tear(?:ing)?|pulled|ruptured|popped) (?:my |a |an |the )?(?:hamstrings?|hammy|quads?|groin|calf|calves|lats?|muscles?|acl|mcl|menisc\w+|labrum|glutes?)",
)
THINGS = tuple(re.compile(rf"\b(?:{words})\b") for words in _THINGS)
"""Parts of the body, lifts, sports, injuries, kit, food and goals: passages about others seldom answer for them, however near they come.

No veto, because somebody may name one by the way ("my back was sore after running, can I deadlift?").
"""

ANY = re.compile(rf"\b(?:{'|'.join(f'({words})' for words in _THINGS)})\b")
"""Any of them, each in a group of its own: one look at a question tells which. Both are for text in lower case."""

_UNITS = {
    r"kilos?|kgs?|lbs?|pounds|how heavy|how much weight|what weight|what size (?:\w+ )?(?:kettlebell|dumbbell|plate)s?": r"\d ?(?:kg|kilo|lb|pound)|body ?weight",
    r"\d* ?%|percent(?:age)?": r"(?:%|percent(?:age)?) of (?:body|max|one|1|my|your|the|a lifter)",
    r"seconds?|secs?|how long (?:do|should|must) (?:i|you|we|one) hold": r"\bseconds?\b|\bminutes?\b|\d ?(?:s|min)\b",
    r"(?:times|days|sessions|x) (?:a|per|each|every) (?:week|month)|per week": r"\b(?:a|per|each|every) (?:week|other day)\b|weekly",
    r"(?:times|x) (?:a|per|each|every) day|per day": r"\b(?:a|per|each|every) day\b|daily",
}
UNITS = tuple(
    (re.compile(rf"(?<!\w)(?:{asked})(?!\w)"), re.compile(given)) for asked, given in _UNITS.items()
)
"""Quantities: what asks for one, and what a passage has that gives one. "How many seconds" is not answered by three sets. For lower case."""

COMPOUND = re.compile(r"\b(pull|chin|push|press|muscle|sit|step)[- ]?(up|down)(?:s\b|\b)", re.IGNORECASE)
"""Movements whose names fall apart when words are compared one by one: a "pull up" is not the first pull of a deadlift."""
AS_NOUN = re.compile(
    r"\b(?:a|an|the|my|first|one|strict|weighted|assisted|kipping|more|any|many|do|doing|of|for|\d+) $",
    re.IGNORECASE,
)
"""What stands before such a name where it is none of "sit up in bed", "push up from the chair"."""


def covers(asked: str, results: Results, *, leaning: bool = False) -> bool:
    """Whether the hits can answer `asked`, which is two turns put together where it is `leaning`."""
    if not _named(movements(asked), results):
        return False
    least = odds(THRESHOLD) - (JOINED if leaning else 0.0)
    return odds(results.covered) - UNNAMED * unnamed(asked, results) >= least


def odds(probability: float) -> float:
    """Log odds of a probability."""
    within = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(within / (1 - within))


def movements(asked: str) -> set[str]:
    """The compound movements that `asked` names as things: "pull up", "chin up"."""
    return {
        f"{match[1]} {match[2]}".lower()
        for match in COMPOUND.finditer(asked)
        if match[0].lower().endswith("s") or " " not in match[0] or AS_NOUN.search(asked[: match.start()])
    }


def unnamed(asked: str, results: Results) -> int:
    """How many of the things that `asked` names, and the quantities it asks for, none of the best passages has."""
    said = asked.lower()
    wanted = [THINGS[at - 1] for at in {match.lastindex for match in ANY.finditer(said)} if at]
    wanted += [given for asks, given in UNITS if asks.search(said)]
    if not wanted:
        return 0
    found = [hit.passage for hit in results.hits[:NAMED_BY]]
    texts = [f"{passage.title} {passage.section} {passage.text}".lower() for passage in found]
    return sum(not any(thing.search(text) for text in texts) for thing in wanted)


def _named(wanted: set[str], results: Results) -> bool:
    """Whether any passage found names one of the movements wanted; True where none is."""
    texts = (f"{hit.passage.title} {hit.passage.section} {hit.passage.text}" for hit in results.hits)
    return not wanted or any(
        f"{match[1]} {match[2]}".lower() in wanted for text in texts for match in COMPOUND.finditer(text)
    )
