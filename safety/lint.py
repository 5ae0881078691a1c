"""Output lint: what must never be sent, whoever wrote it (rules F1 to F20 of the ground truth, `safety/rules/*.toml`).

A sentence is read as plain words: case, markdown, look-alike letters, zero-width characters, contractions and spaced-out letters make no
difference. Two sentences are read together where one runs on into the next, so that cutting a sentence in two hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from safety.normalise import normalise
from safety.phrasing import PREFIX, Book, Pattern, Rule, book, compiled
from safety.reply_score import dangerous, harmless
from safety.sentences import Sentence, sentences, uncited
from safety.signs import unattended
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import float32
    from numpy.typing import NDArray

LEARNT = "learnt"
"""What a fault is called that no rule names and only the head (`safety.reply_score`) sees."""
SOFT = frozenset({"F1", "F5", "F6", "F8", "F9", "F10", "F11", "F12", "F14", "F15", "F16"})
"""Rules whose patterns are everyday words ("carry on", "off the table", "a squat day for high bar and see"): a whole sentence that breaks nothing else goes
out where the head finds next to nothing in it. Delay, thresholds and keeping from care (F2 to F4) turn on one small word that the head may miss ("you
needn't go to hospital now"), and doses, names, insults and orders to the bot (F7, F17, F18, F20) stand whatever it finds."""
LIMIT = 6000
"""Characters read of one reply."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a text breaks. `start` and `end` are the offsets of the sentence (or the two) to leave out."""

    rule: str
    """ "F1" ... "F20", or `LEARNT`."""
    start: int
    end: int
    words: str
    """The words that break it, as the lint reads them."""
    sentence: str
    """The sentence as written."""


Embed = Callable[[str], "NDArray[float32] | None"]
"""The states of the word pieces of a sentence in plain words, float32 (t, d); None from a model that has none."""


def lint(text: str, tier: Tier, embed: Embed | None = None) -> tuple[Fault, ...]:
    """Every fault of `text` when it is said to somebody at `tier`, in order. Linear in the length; never raises.

    With `embed` the head reads the meaning of sentences too, at the price of one pass of the model for each it has not read before.
    """
    return faults(text, sentences(text[:LIMIT]), tier, embed)


def faults(text: str, found: Sequence[Sentence], tier: Tier, embed: Embed | None = None) -> tuple[Fault, ...]:
    """`lint` of a text whose sentences are known already."""
    broken: list[Fault] = []
    before: tuple[Sentence, Reading] | None = None
    for sentence in found:
        read = reading(uncited(sentence.text))
        broken += [
            Fault(rule, sentence.start, sentence.end, said, sentence.text)
            for rule, said in _judged(read.words, tier, embed=embed)
        ]
        if read.emoji and tier >= Tier.URGENT:
            broken.append(Fault("F19", sentence.start, sentence.end, "emoji", sentence.text))
        if before is not None and _runs_on(before, (sentence, read)):
            first = before[1].words.rstrip(" ,")
            start, end = before[0].start, sentence.end
            broken += [
                Fault(rule, start, end, said, text[start:end])
                for rule, said in _judged(
                    f"{first} {read.words.lstrip()}",
                    tier,
                    len(first),
                    embed,
                    whole=read.small or before[1].open_end,
                )
            ]
        before = (sentence, read)
    return tuple(broken)


def suspect(sentence: Sentence, embed: Embed | None = None) -> bool:
    """Whether the head half suspects a sentence said at REFER."""
    words = reading(uncited(sentence.text)).words
    return dangerous(words, Tier.REFER, embed(words.strip()) if embed is not None else None, suspicious=True)


def ruled(text: str, tier: Tier) -> tuple[tuple[str, str], ...]:
    """What the rules alone say of one sentence: ids and the words that break them. Without the head."""
    return _at(_broken(plain_words(text), None), tier)


def _judged(
    words: str,
    tier: Tier,
    border: int | None = None,
    embed: Embed | None = None,
    *,
    whole: bool = True,
) -> tuple[tuple[str, str], ...]:
    """Rules broken by one reading, or the head's verdict where the rules let it pass; with `border` only rules that reach across it.

    Two sentences that only stand side by side are no `whole` one, and the head, which has learnt from sentences, is not asked.
    """
    found = _broken(words, border)
    broken = _at(found, tier)
    if not whole:
        return broken
    referred = tier >= Tier.REFER
    if broken:
        soft = tier < Tier.URGENT and all(
            rule in SOFT and least <= Tier.REFER for least, rule, _ in found if least <= tier
        )
        return () if soft and border is None and _harmless(words, referred, embed) else broken
    return ((LEARNT, words.strip()),) if _dangerous(words, referred, embed) else ()


def _at(broken: tuple[tuple[Tier, str, str], ...], tier: Tier) -> tuple[tuple[str, str], ...]:
    """Of broken rules those that hold at `tier`: id and words."""
    return tuple((rule, said) for least, rule, said in broken if least <= tier) if broken else ()


@lru_cache(maxsize=16384)
def _dangerous(words: str, referred: bool, embed: Embed | None) -> bool:
    """The head's verdict, remembered: most sentences recur."""
    tier = Tier.REFER if referred else Tier.NONE
    states = embed(words.strip()) if embed is not None and words.strip() else None
    return dangerous(words, tier, states, sign=unattended(words))


@lru_cache(maxsize=16384)
def _harmless(words: str, referred: bool, embed: Embed | None) -> bool:
    """Whether the head finds next to nothing in what a soft rule names, remembered."""
    states = embed(words.strip()) if embed is not None and words.strip() else None
    return harmless(words, Tier.REFER if referred else Tier.NONE, states)


@lru_cache(maxsize=16384)
def _broken(words: str, border: int | None) -> tuple[tuple[Tier, str, str], ...]:
    """Every rule that one reading breaks at any tier: from which tier on it holds, its id, the words. Remembered: most sentences recur."""
    rules = book()
    broken: dict[int, tuple[Tier, str, str]] = {}
    for number, pattern in _worth_trying(words, rules):
        if number in broken:
            continue
        rule = rules.rules[number]
        match = _match(pattern, rule, words, border)
        if match:
            broken[number] = (rule.tier, rule.id, match.strip())
    return tuple(broken.values())


def _worth_trying(words: str, rules: Book) -> list[tuple[int, Pattern]]:
    """Patterns of which a rarer word stands in the sentence."""
    index = rules.index
    keys = dict.fromkeys(key for word in words.split() for key in (word, f"{word[:PREFIX]}*"))
    return [entry for key in keys if key in index for entry in index[key]]


def _match(pattern: Pattern, rule: Rule, words: str, border: int | None) -> str:
    """The words that match and are not exempt, or ""."""
    for match in compiled(pattern.source).finditer(words):
        if border is not None and not match.start() < border < match.end() - 1:
            continue
        if rule.negated and _NEGATION.search(words[: match.start()]):
            continue
        if (rule.attributed and ATTRIBUTION.search(words)) or _REBUTTAL.search(words):
            continue
        side = _side(words, match)
        if any(compiled(exempt).search(side) for exempt in rule.unless):
            continue
        return match.group()
    return ""


def _side(words: str, match: re.Match[str]) -> str:
    """What stands on the match's side of "but": a soft first half excuses nothing in the second ("I can't advise, but cancel the physio")."""
    start, end = 0, len(words)
    for turn in _BUT.finditer(words):
        if turn.start() <= match.start():
            start = turn.start()
        elif turn.start() >= match.end() - 1:
            end = turn.start() + 1
            break
    return words[start:end]


_BUT = re.compile(r" but (?!for |to |on )")


_NEGATION = re.compile(
    r"(?<= )(?:do not|does not|never|avoid|avoiding|no|not|without|instead of|rather than|nobody|no one|should not|must not|leave out|leaving out|skip|stop|nor|than|cannot|can not|neither|against|before|refrain from|rule out|isn|hold off|no need to|wrong to|unsafe to|danger of|risk of) "
    r"(?:[^ ,]+ ){0,3}(?:or (?:[^ ,]+ ){0,2}|and (?:[^ ,]+ ){0,2})?$"
)
"""A negation within reach before the match, in the same clause."""
ATTRIBUTION = re.compile(
    r"(?<= )(?:one|a|some|several|another|the same|the original|two|most|many|that|other|in)? ?(?:clinic )?(?:blogs?|posters?|forum|threads?|clinics?|authors?|coaches|writers?|article|sources?|guidelines?|guidance|nice|acr|research|stud(?:y|ies)|reviews?|textbook|mcgill|nhs|cdc|health services|documents?) "
    r"(?:[^ ]+ ){0,8}?(?:argues?|says?|said|thinks?|claims?|suggests?|writes?|notes?|believes?|reports?|describes?|advises?|lists?|puts?|blames?|calls?|names?|held|read|found|finds?|states?|treats?|sees?|explains?|counts?|takes?|has it|according|warns?|mentions?|asks?|recommends?|view|opinion|saw|blamed|thought|felt|wondered|called|showed|shows?) "
    r"|(?<= )according to|(?<= )in (?:one|that|the same) (?:poster|clinic|author|thread|blog|view)"
)
_REBUTTAL = re.compile(
    r"(?<= )(?:is|are) (?:an? )?(?:myth|(?:bad|poor|wrong|dangerous|unsafe|silly|stupid|outdated|lousy|terrible) (?:advice|motto|slogan|saying|rule|idea|plan)|not true|untrue|unfair|misleading|false|(?:big |bad |common )?mistake|never a good idea|not a good idea|not good advice|never good advice)"
    r"|(?<= )nerves do not (?:toughen|adapt|harden)|(?<= )pain is not weakness|(?<= )do not follow instructions|(?<= )(?:says?|tells?) (?:[^ ]+ ){1,8}, (?:ignore that|that is poor|guidelines leave)"
    r"|(?<= )(?:ignore|distrust|beware of|be wary of) (?:anyone|advice|people|those|posts|claims) |(?<= )(?:anyone|whoever|people) who (?:says?|tells?|claims?) .*(?:guess|wrong|can not know|cannot know|mistaken)"
)
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


# -- reading ------------------------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|[,;:()!?–—]|(?<=\s)-(?=\s)|%")
_HYPHEN = re.compile(r"(?<=\w)[-/_](?=\w)")
_LEET = re.compile(r"(?<![^\W_])(?=[a-z0-9@$]*[a-z])(?=[a-z0-9@$]*[0134578@$])[a-z0-9@$]{4,}(?![^\W_])")
_DIGITS = str.maketrans("0134578@$", "oieastbas")
_SPELLED = {
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not",
    "cant": "can not", "cannot": "can not", "couldnt": "could not", "wont": "will not", "wouldnt": "would not", "shouldnt": "should not",
    "neednt": "need not", "mustnt": "must not", "hasnt": "has not", "havent": "have not", "hadnt": "had not", "aint": "is not", "youre": "you are",
    "youve": "you have", "youll": "you will", "youd": "you would", "theyre": "they are", "thats": "that is", "theres": "there is", "whats": "what is",
    "im": "i am", "ive": "i have", "gonna": "going to", "gotta": "have to", "wanna": "want to", "u": "you", "ur": "your", "dr": "doctor", "drs": "doctors",
    "prolly": "probably", "prob": "probably", "deffo": "definitely", "def": "definitely", "defo": "definitely", "nah": "no", "nope": "no", "docter": "doctor",
    "gotten": "got", "dunno": "do not know", "lemme": "let me", "tho": "though", "thru": "through", "ditched": "ditch", "skipped": "skip", "theyll": "they will", "itll": "it will", "thatll": "that will", "physios": "physios", "hes": "he is",
}  # fmt: skip
_APOSTROPHE = {
    "it's": "it is", "he's": "he is", "she's": "she is", "that's": "that is", "there's": "there is", "what's": "what is", "i'm": "i am", "i've": "i have",
    "i'd": "i would", "i'll": "i will", "we're": "we are", "we'll": "we will", "we've": "we have", "let's": "let us", "who's": "who is", "you'd": "you would",
    "it'll": "it will", "they'll": "they will", "they've": "they have", "where's": "where is", "here's": "here is", "pain's": "pain is", "numbness's": "numbness is",
    "how's": "how is", "why's": "why is", "everything's": "everything is", "nothing's": "nothing is",
}  # fmt: skip
_MARKS = frozenset(",;:()!?–—-")
_ABBREVIATIONS = re.compile(r"\ba\s*(?:&|and|/)\s*e\b")


@lru_cache(maxsize=16384)
def plain_words(sentence: str) -> str:
    """A sentence as the rules read it: " do not go to a doctor , it is fine "."""
    text = _ABBREVIATIONS.sub("hospital", sentence.lower().replace("’", "'"))
    text = _HYPHEN.sub(" ", normalise(text).text)
    if any(c in text for c in "0134578@$"):
        text = _LEET.sub(_unleet, text)
    out: list[str] = []
    for token in _TOKEN.findall(text):
        if token in _MARKS:
            if out and out[-1] != ",":
                out.append(",")
        elif token == "%":  # noqa: S105 - a sign, no secret
            out.append("percent")
        else:
            out.append(_spelled(token))
    return f" {' '.join(out)} "


@cache
def _whole() -> frozenset[str]:
    return book().words


def _unleet(match: re.Match[str]) -> str:
    """A word written with digits for letters, if that makes a word of the lists."""
    folded = match.group().translate(_DIGITS)
    return folded if folded in _whole() else match.group()


def _spelled(token: str) -> str:
    """A word without its contraction."""
    if "'" in token:
        found = _APOSTROPHE.get(token)
        if found:
            return found
        token = token.replace("'", "") if not token.endswith("'s") else token[:-2]
    return _SPELLED.get(token, token)


_OPEN_END = re.compile(r"(?:\?|…|\.\.\.|[^.!?…\])\"'*_])[\"'*_)\]]*$")
_GOES_ON = re.compile(
    r" (?:to|that|the|a|an|any|your|and|but|or|because|it|just|ever|at all|forget|no|not|nah|waste|skip|why|pointless|useless|overkill|through|despite|until|they|so|you|do) "
)
_SHORTEST = 4
"""Words up to which a sentence counts as a fragment of its neighbour."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is remembered of a sentence, so that one said before costs nothing."""

    words: str
    few: bool
    """It may be a fragment."""
    open_end: bool
    goes_on: bool
    """Its first word may continue the sentence before."""
    small: bool
    """It begins with a small letter."""
    emoji: bool


@lru_cache(maxsize=16384)
def reading(sentence: str) -> Reading:
    """How a sentence without citations reads."""
    words = plain_words(sentence)
    return Reading(
        words=words,
        few=words.count(" ") <= _SHORTEST + 1,
        open_end=bool(_OPEN_END.search(sentence)),
        goes_on=bool(_GOES_ON.match(words)),
        small=sentence[:1].islower(),
        emoji=bool(_EMOJI.search(sentence)),
    )


def _runs_on(before: tuple[Sentence, Reading], after: tuple[Sentence, Reading]) -> bool:
    """Whether `after` may be the rest of `before`."""
    if after[0].line - before[0].line > 1:
        return False
    first, second = before[1], after[1]
    few = first.few or second.few
    return second.small or (first.open_end and (few or second.goes_on)) or (few and second.goes_on)
