"""Whether a reply coaches, and whether it is itself a referral: what the guard asks of a draft for somebody who should be examined.

A draft that coaches as if nothing were wrong does not go out behind the safety block (rule F20), and a draft that sends somebody to the right place in
time need not be replaced by ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from safety.lint import ATTRIBUTION, plain_words, suspect
from safety.sentences import uncited
from safety.signs import CARE
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safety.lint import Embed
    from safety.sentences import Sentence

_DO = (
    "add|adjust|aim|angle|arch|attempt|bend|brace|breathe|build|bring|change|check|choose|come|complete|concentrate|consider|continue|control|cue|cut|cycle|"
    "deload|do|drive|drop|elevate|engage|ensure|extend|externally|film|find|fix|flex|floss|focus|foam|fold|grab|grip|hinge|hit|hold|hug|imagine|include|"
    "increase|initiate|keep|kneel|lace|lean|lengthen|lie|lift|lock|loosen|lower|lunge|maintain|make|massage|mobilise|mobilize|move|narrow|pack|pause|perform|"
    "place|plant|point|position|practise|practice|press|progress|pull|push|put|raise|reduce|repeat|replace|reset|roll|root|rotate|row|run|screw|set|shake|"
    "shift|shorten|sink|sit|slide|slow|smash|spread|squat|squeeze|stabilise|stabilize|stagger|stand|start|stay|step|stick|straighten|strengthen|stretch|"
    "substitute|swap|swing|switch|tape|test|tighten|tilt|train|try|tuck|turn|twist|unrack|use|vary|walk|warm|wear|widen|wiggle|work|wrap|carry|experiment|finish|"
    "go|get|take|play|alternate|superset|deadlift|bench|hip|go"
)
"""Verbs by which a cue or a programme begins."""
_CUE = re.compile(
    rf"^ (?:(?:and|so|then|just|also|instead|first|next|finally|otherwise|meanwhile|now|maybe|simply|please|okay|ok|sure|yes|well|great|good question|absolutely|no problem|you|we|can|could|should|would|might|may|want|to|need|will|i|recommend|suggest|best|is|the|fix|tip|here|day|[0-9]+|,) )*(?:{_DO}) "
)
_WORK = re.compile(
    r" (?:sets?|reps?|rpe|deadlift\w*|squat\w*|bench\w*|press(?:es|ing|ed)?|rows?|lunge\w*|curls?|bridge\w*|planks?|stretch\w*|foam|roller|rolling|bird dogs?|cat cow|child|mcgill|dead bugs?|"
    r"good mornings?|rdls?|thrusts?|floss\w*|glides?|mobility|drills?|warm ups?|swings?|crunches|yoga|pigeon|cobra|exercises?|workouts?|program\w*|training|train|lift|lifting|"
    r"belt|shoes?|laces?|stance|grip|heels?|knees|hips|glutes|core|brac\w*|weights?|load|volume|intensity|technique|form|depth|tempo|bar|kilos?|kg|percent|cardio|"
    r"steps?|strength\w*|straps?|chalk|sleeves?|insoles?|insole|compression) "
)
_LIMIT = re.compile(
    r" (?:leave|leaving|avoid\w*|stop\w*|skip\w*|hold off|holding off|until|do not|does not|never|no|not|without|pause|pausing|rest from|wait\w*|instead of|before|pain free|symptom free|"
    r"unloaded|gentle|gently|only if|as long as|out of|off|brings? (?:it|them|this|that) on|brings on|bothers?|sets? it off|tolerat\w*|can tell|may|whether|ask|asking|clinician|once you have been|after you have been) "
)


def coaches(found: Sequence[Sentence], *, strict: bool = False) -> bool:
    """Whether any sentence tells what to do in training or how, other than what to leave out and what some source says.

    Where nobody may train (`strict`), a clinician named beside it excuses nothing ("get your sets in, then off to urgent care").
    """
    return any(_coaching(plain_words(uncited(sentence.text)), strict=strict) for sentence in found)


_TELLS = re.compile(
    r"^ (?:(?:and|so|then|also|please|yes|no|,) )*(?:ask (?:them|the (?:staff|nurse|doctor|clinician|team|surgeon|physio)|your (?:doctor|gp|physio|surgeon|clinician)|whoever (?:examines|treats|sees))|(?:tell|show) (?:them|him|her|the staff|whoever|your|the)|say|mention|note|report|describe|(?:he|she|they) should (?:say|tell|mention)|"
    r"go (?:anyway|in|there|back|now|today|sooner|straight|early|and (?:get|be|have|see))|(?:get|take|offer|find) (?:them |him |her )?(?:a lift|someone|somebody|a friend)|"
    r"stay (?:where|with|there|put|still|on the|, tell)|keep (?:still|calm|the (?:scan|appointment)|your appointment|(?:the|your) (?:head|neck) (?:still|quiet|supported|straight)))\b"
    r"(?! ,? ?(?:to |with the |and then |for (?:your|the|a) |to (?:your|the|a) )?(?:train|lift|squat|deadlift|bench|press|session|workout|gym|sets?|rack|bar|platform))"
)
"""What to say there, and how to get there: words for the lifts in it are no coaching."""
_ASKED = re.compile(r" ask(?= (?:the|your|a) (?:coach|spotter|partner|lifter|mate|friend|trainer) )")
"""Asking somebody in the gym limits nothing."""
_REST = re.compile(
    r"^ (?:(?:and|so|then|also|please|,) )*(?:sit|lie) (?:down|still|up|or lie down)(?: ,| and (?:wait|stay|tell|call|get|let|rest|unlock)| $)"
)
_MOVES = re.compile(
    r" (?:bike|pedal\w*|roll\w*|reach\w*|pull\w*|push\w*|rock\w*|tilt\w*|twist\w*|bend\w*|sets?|minutes) "
)
"""Sitting down to wait for help, and what would make a drill of it."""
_HISTORY = re.compile(
    r" (?:after|since|following|during|mid) (?:[^ ,]+ ){0,2}?(?:training|workouts?|session|squats|squatting|deadlifts?|deadlifting|benching|lifting|pressing|sets?) | mid rep (?=with|,|and|when|while|$)| which (?:lift|exercise|set) (?:it was|you were (?:doing|on)|brought it on) |(?: talks?| speaks?) (?:with|to) you about training (?=once|when|after|later|then)| a lift (?=home|there|in|to|,)| (?:first|next) steps? | lift(?:ing)? (?:it|(?:your|the|his|her|a) (?:foot|toes?|ankle|leg|arm|hand)) | (?:lost|loses|losing|lose) (?:your |his |her |the )?strength "
)
"""What it came with, a talk to come, and a lift in somebody's car."""
_SET_DOWN = re.compile(r"^ (?:please )?(?:put|set) (?:the|that|your) (?:bar|weight) down (?:and|,) ")
_SAID_THEN = re.compile(
    r" (?:whoever examine[sd] (?:you|it|them)|they|(?:the|a|your) (?:clinician|doctor|physio|team|staff|surgeon)) (?:can|will|may) "
    r"(?:say|tell you|advise(?: you)?|decide|judge)(?: on)? (?:what|when|whether|how) (?:(?!and |but |so |then |until |meanwhile |while )[^ ,]+ ){0,7}"
)
"""What somebody who has examined will say about training."""
_NAMED = re.compile(r" (?:heels?|knees?|hips?|glutes?|core|grip|shoes?|form|depth|steps?|strength)(?= )")
"""Words that coach by themselves, but not beside somebody who examines ("an emergency department now, whatever the hips feel like")."""


_KEEPS = re.compile(
    r" (?:keep|continue|carry on) (?:on )?(?:squatting|training|lifting|benching|pulling|deadlifting|running|rowing|pressing) "
)
_NOT = re.compile(r" (?:do|does|should|must) not | never ")
"""Going on with it, which no condition excuses, and what denies that."""


def _coaching(words: str, *, strict: bool = False) -> bool:
    words = _SET_DOWN.sub(" ", words)
    if strict and _KEEPS.search(words) and not _NOT.search(words):
        return True
    if _TELLS.match(words) or (_REST.match(words) and not _WORK.search(words) and not _MOVES.search(words)):
        return False
    limited = _ASKED.sub(" ", words) if strict else words
    if ATTRIBUTION.search(words) or _LIMIT.search(limited) or _LIMITS.search(words):
        return False
    done = _SAID_THEN.sub(" ", _HISTORY.sub(" ", words))
    work = bool(_WORK.search(done))
    if CARE.search(words):
        return strict and bool(_WORK.search(done if _CUE.match(words) else _NAMED.sub(" ", done)))
    return work or bool(_CUE.match(words))


def covers(found: Sequence[Sentence]) -> bool:
    """Whether a text itself names somebody who can examine. One that names them to keep the reader away breaks rule F4 before."""
    return any(CARE.search(plain_words(sentence.text)) for sentence in found)


_LIMITS = re.compile(
    r" (?:(?:does|do|will) not (?:bring|set|bother|provoke|trigger|cause|irritate)|stays? free|free of symptoms|without symptoms|can wait|for now|until then|brings? it|sets? it|pillow|question for (?:after|later|them|then)|no maximal|no loaded|no heavy|comes? (?:after|later|second|last)) "
)
_CAREFUL = re.compile(
    r" (?:may|might|could|can not|cannot|nobody|no one|if|unless|whether|differs?|differ|varies|vary|depends?|several|usually|often|sometimes|some|many|most people|both|studies|research|evidence|"
    r"guidelines?|health services|i am a bot|i do not|i will not|i would not|judge|guess|unclear|not proven|at different|leave out|leave|leaving|stop|avoid|do not (?:train|lift|push|load|wait|ignore|go|assume|put|test|let|"
    r"stretch|drive|leave|delay|diagnose)|hold off|wait for|worse|weak|weakness|spreads?|spreading|bladder|warning|sign|signs|sooner|symptom free|pain free|note|write down|tell them|say|mention|documents?|source|sources|examines|examine|word for|name for|means pain|incontinent|nothing in|by message|from text|from here|chat|emergency|urgent) "
)


def careless(found: Sequence[Sentence], embed: Embed | None = None) -> bool:
    """Whether some sentence should not stand beside a referral in a text that names no clinician.

    What hedges, limits, warns or says who says so may; anything else only where the head (`safety.lint.suspect`) sees nothing in it.
    """
    return any(
        not (
            _CAREFUL.search(words) or _LIMITS.search(words) or ATTRIBUTION.search(words) or CARE.search(words)
        )
        and suspect(sentence, embed)
        for sentence in found
        for words in (plain_words(uncited(sentence.text)),)
    )


_EMERGENCY = (
    r"(?:emergency (?:department|room|services|number|care|help|assessment)|er|ed|hospital|casualty|ambulance|999|911|112|000|111|urgencias|emergencias|urgences|notaufnahme|notruf|"
    r"urgencia|pronto socorro)"
)
_SOON = (
    r"(?:now|right now|immediately|right away|straight away|straightaway|at once|without delay|tonight|today|as soon as possible|this minute|urgently|promptly|asap|same day|do not wait|"
    r"this instant|without waiting|emergency|hoy|ya|ahora|jetzt|sofort|heute|maintenant|aujourdhui|tout de suite|hoje|agora)"
)
_GO = re.compile(
    rf" {_EMERGENCY} (?:.* )?{_SOON} | {_SOON} .*{_EMERGENCY} | (?:call|ring|dial|phone) .*{_EMERGENCY} | (?:go|get|head|taken?|drive[ns]?) (?:[^ ,]+ )*{_EMERGENCY} | "
    rf"(?:needs?|one for|calls for|belongs in|deserves) (?:[^ ,]+ ){{0,3}}{_EMERGENCY} |^ (?:please )?(?:straight|directly|right) to (?:an? |the |your )?{_EMERGENCY} (?=$|,|now|today|and|please)"
)
_LEAVE = re.compile(rf" (?:go|leave|get there|get in) (?:[^ ,]+ )?{_SOON} ")
_PLACE = re.compile(rf" {_EMERGENCY} ")
_TODAY = re.compile(
    r" (?:today|tonight|tomorrow|same day|now|immediately|right away|straight away|within 24 hours|within a day|at once|without delay|urgently|urgent care|as soon as possible|promptly|"
    r"hoy|manana|heute|morgen|sofort|aujourdhui|demain|hoje|amanha) "
)
_CALL = re.compile(
    r" (?:988|116 123|116123|findahelpline|samaritans|lifeline|helpline|crisis line|emergency|999|911|112|someone you trust|somebody you trust|talk to (?:a|some)\w* ?\w*) "
)
_HELD = re.compile(
    r"^ (?:once|when|after|before|until) .*| (?:if|unless|until|whenever|should you|only|in case|otherwise|si|wenn|falls) "
)
"""From here on a sentence refers on a condition. A time that does not open the sentence only tells when it began ("after a fall")."""
_AGAINST = re.compile(
    r" (?:nothing|nobody|none|hardly|never|few|or (?:rest|wait|sleep|stay)|nicht|kein|keine|keinen|keiner|nichts|nie|pas|ne|nallez|nao|nunca|jamas|jamais|overreaction|overkill|excessive|fuss|unnecessary|a bit much|too often|no (?:hace|vayas|vaya|necesitas|necesita|hay|tienes|tiene|merece|vale|es)) "
)
"""Words that turn a place round ("nothing here needs a hospital"); beside them a sentence sends nobody anywhere, whatever else it says."""
_PLAYED_DOWN = re.compile(
    r" (?:bothered|otherwise|some people|others would|textbook|formality|anxious person|or a (?:taxi|bath|massage)|in my view|comes after|one option|a bit keen|too much for|relaxed|sometime|after work is|honestly|a hot bath|once (?:the|your|you|work)) "
)
"""Words that make little of a place, wherever they stand in its sentence."""
_LATER = re.compile(r" (?:, )?(?:after|once|when) (?:you|your|the|this|that|work|training|finishing) ")


def refers(found: Sequence[Sentence], tier: Tier, *, crisis: bool = False) -> bool:
    """Whether a text of `found` sends a person at `tier` to the right place in time, without condition and without any coaching."""
    if coaches(found, strict=tier >= Tier.URGENT):
        return False
    read = [plain_words(uncited(sentence.text)) for sentence in found]
    if crisis:
        return any(_CALL.search(words) for words in read)
    kept = [words for words in read if not _turned(words)]
    if tier >= Tier.EMERGENCY:
        kept = [words for words in kept if not _on_condition(words)]
    plain = [_HELD.split(words, maxsplit=1)[0] + " " for words in kept]
    going = [match for words in plain if (match := _GO.search(words))]
    if any(_LATER.match(match.string, match.end() - 1) for match in going):
        return False
    if going or (
        any(_LEAVE.search(words) for words in plain) and any(_PLACE.search(words) for words in read)
    ):
        return True
    if tier >= Tier.EMERGENCY:
        return False
    if tier == Tier.URGENT:
        soon = any(CARE.search(words) for words in plain) and any(_TODAY.search(words) for words in plain)
        return soon and not any(_SOME_DAY.search(words) for words in read)
    return not careless(found)


_SOONER = re.compile(
    r" (?:now|immediately|right away|straight away|straightaway|at once|without delay|without waiting|tonight|today|asap|urgently|this minute|ya|ahora|jetzt|sofort|maintenant|agora) "
)


def _on_condition(words: str) -> bool:
    """Whether a sentence hangs on a condition and sends nobody before it ("call an ambulance if it never settles")."""
    held = _HELD.search(words)
    if held is None:
        return False
    return held.group().strip() in ("only", "unless") or not _SOONER.search(words[: held.start() + 1])


def _turned(words: str) -> bool:
    said = _HELD.split(words, maxsplit=1)[0] + " "
    return bool(_PLACE.search(words) and (_AGAINST.search(said) or _PLAYED_DOWN.search(words)))


_SOME_DAY = re.compile(
    r" (?:(?:this|next|in|within|over|any day) (?:a |the |this |next |coming |few |couple of |two |three )*(?:weeks?|months?)|(?:at|on|until|till) (?:your |the |a )*(?:next|yearly|annual|following) \w+|next (?:visit|session|appointment|check\w*)|"
    r"(?:until|by|on|this|next|but|or) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?: (?:is|works|will|week))?|fortnight|next time|when the surgery opens|by phone|worth coming|simply leave it|either is reasonable|formality|nothing changes|"
    r"later rather than sooner|turn out to have nothing|most of them are fine|when you next|sometime|some time|at some point|one of these days|eventually|whenever|question for later) "
)
"""Days that are too late where somebody is to be seen today."""


def harmless(found: Sequence[Sentence], tier: Tier, embed: Embed | None = None) -> bool:
    """Whether a text of `found` that names somebody who can examine may stand above our referral: it coaches nothing and no sentence is suspect.

    It need not send anybody anywhere: ours does ("I can't predict that; tell the staff when it began"). But at EMERGENCY it must not hang the way
    there on a condition that is met already ("if you wet yourself, go to hospital").
    """
    if not covers(found) or coaches(found, strict=True):
        return False
    read = [plain_words(uncited(sentence.text)) for sentence in found]
    if any(_turned(words) or _SOME_DAY.search(words) for words in read):
        return False
    if tier >= Tier.EMERGENCY and any(_GO.search(words) or " tomorrow " in words for words in read):
        return False
    return not any(suspect(sentence, embed) for sentence in found)
