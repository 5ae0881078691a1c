"""Mend misspelt symptom words, and nothing else.

Only words of a closed list are mended to (those the lexicon marks `typos = true`), so ordinary words stay as they are. The list is indexed by
its deletions (Garbe's SymSpell idea), so that a look-up costs a few dictionary reads instead of a comparison with every word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import OSA

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"})
_REAL = frozenset(
    """turns personal cramped zinged cheers shifted shifts leaned sparring calms scream screams privately weeding delicate chipping groans suits spins share
    footy desks shouts skill skills zingy shuts skirting stole electrician cranking drilling nerdy spike spikes poking groan spooning steam shutting thumps
    cheer poked thump clapping spite skins disco waddle crouch faced streak soled flows soleus dents knuckle eyebrows spines leaky prickled dribbled
    stamping thrusting swearing papers shared shares sheets shifting sparkle snapping trains treks poles pools footing booting rooting tooting cramping
    stairs stares packs backed hacks racks sacks necks decks checks cheeky slumps lamps
    picking packing pricing printing bringing fringing tinging timing liking licking lifting shifting drifting sitting setting siting
    number numbers dumb thumb thumbs crumb crumbs tumble jumble humble rumble plumb numbered tangling tinkling tingly mingling single
    bladed blades ladder bladders weakest speakers week weeks weekly weekend sneak breaking numerous feed fees felt feeling feels feet foots
    fool food fort fore for fat fact faces leaning leaving learning leaping peeking parking pulling polling burping turning buying shorting
    shouting sporting hooting shooting toes toss tons goes does leg legs log lag beg peg wipe wide wise ripe pipe swipe wiped ship slip whip
    hip hips hop chip grain going ground grown growing bump bum but bust butter scared sacred sacral saddled paddle middle cradle handle
    signs since science sciences sensation sensational stations arm army arms art rams warm harm farm charm alarm hang band land sand
    hard card yard heard bend bent knew knee keen need needs kneel calves halves salves cave caved half calf calm thigh think thing high
    tight right night light fight slight toilet toiled outlet tailored bowl bowls bowel towel vowel trowel back black pack lack bank
    sheet sheets shoot shots shot short shorts shirt shirts worse worst horse house numbing numb shin skin spin spine shine spinal spiral
    final fading failing falling feeding heading heeding leading reading leaking licking locking looking lacking lurking slashing splash
    control controls patrol paralysed paralyzed analysed dropping dripping drooping trapping tripping stripping shipping slipping gripping
    clipping flopping floppy sloppy slopping slapping stapling strapping snapping swelling dwelling smelling spelling selling telling
    fever never ever lever fewer fear feat heart heat hear chest chess cheat breath breast breathe clumsy balance lance urine marine
    routine retention attention intention detention mention tension relation erection election direction section injection
    vagina penis anus ass bass pass mass class glass balls bells bills walls calls falls testing resting nesting testicle particle
    limp lamp limb climb lumps jumps bumps buckled bucket buckets tickle tackle tackled trickle prickle pickle sickle
    wet west went bet met pet let set get jet weakly meekly weaken weakened bleeding breeding creeping keeping sleeping peeping
    stumble stumbled stubborn static statics statics traffic elastic plastic drastic spastic electric eccentric concentric
    """.split()
)
"""Ordinary words one slip away from a symptom word: never mended."""


class Repair:
    """Mends words to a closed list. `mend` is deterministic and takes microseconds."""

    def __init__(self, words: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self.words = frozenset(words)
        """The words that are mended to."""
        self._known = frozenset(known) | self.words
        self._deleted: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            for form in _deletions(word, 2 if len(word) >= 8 else 1):
                self._deleted[form].append(word)

    def mend(self, word: str) -> str | None:
        """The listed word that `word` is a misspelling of, or None. Closest wins, then the longer, then the alphabet."""
        if word in self.words:
            return word
        if word in _REAL or len(word) > 24:
            return None
        plain = word
        if any(c.isdigit() or c in "@$" for c in word):
            plain = word.translate(_LEET)
            if not plain.isalpha():
                return None
            if plain in self._known:
                return plain
        squeezed = _squeeze(plain)
        for form in (squeezed, _squeeze(plain, most=1)):
            if form in self.words:
                return form
        return self._swapped(squeezed) if len(squeezed) < 5 else self._nearest(squeezed)

    def _swapped(self, word: str) -> str | None:
        """A short word with two neighbouring letters the wrong way round ("nmub", "foto")."""
        for i in range(len(word) - 1):
            form = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            if form in self.words:
                return form
        return None

    def _nearest(self, word: str) -> str | None:
        reach = 2 if len(word) >= 8 else 1
        candidates = {c for form in _deletions(word, reach) for c in self._deleted.get(form, ())}
        best: tuple[int, int, str] | None = None
        for candidate in candidates:
            allowed = 2 if min(len(candidate), len(word)) >= 8 else 1
            distance = OSA.distance(word, candidate, score_cutoff=allowed)
            if distance <= allowed and word[0] == candidate[0]:
                key = (distance, -len(candidate), candidate)
                best = key if best is None or key < best else best
        return best[2] if best else None


def _deletions(word: str, reach: int) -> set[str]:
    forms = {word}
    edge = {word}
    for _ in range(reach):
        edge = {f[:i] + f[i + 1 :] for f in edge for i in range(len(f))}
        forms |= edge
    return forms


def _squeeze(word: str, most: int = 2) -> str:
    """At most `most` of the same letter in a row ("nuuuumb")."""
    out: list[str] = []
    for char in word:
        if len(out) >= most and all(c == char for c in out[-most:]):
            continue
        out.append(char)
    return "".join(out)
