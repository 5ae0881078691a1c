"""Words that no passage need hold: those that say who said it, and those that only carry a statement; and words that stand for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

TALK = frozenset(
    terms(
        "one clinic blog argues says said according forum poster thread source document view others writes suggests notes claims reports describes advises "
        "recommends explains mentions passage article author guidance guideline used uses use person people lifter aim goal idea means also another"
    )
)
"""Stems of the words around a statement."""

CARRYING = frozenset(
    terms(
        "rather instead alike call called among list listed lists listing tell telling told come comes coming came put puts involve involves include includes "
        "including count counts counted name names named term terms cite cites point points mean refer refers turn turns become becomes see seen perform performing "
        "done way kind sort type part example consider considers regarding concerning based overall general generally currently reported stated described "
        "recommended suggested argued explained mentioned noted according following follow follows other well since although though thus therefore hence whereas however moreover notice notices noticed observe observes observed well upright opinion own blame blames blamed attribute attributes attributed"
    )
)
"""Stems of words that carry a statement and say nothing of their own."""

ALIKE = tuple(
    frozenset(terms(group))
    for group in (
        "start begin beginning",
        "restrict limit", "cut cuts reduce reduces decrease lower lowers less",
        "return back recur",
        "continue keep stay remain maintain",
        "favour favor prefer advise recommend suggest over",
        "often usually typically commonly normally",
        "doctor clinician physician",
        "physio physiotherapist therapist physical",
        "blame due down",
        "three third", "two second", "four fourth", "one first", "five fifth",
        "scan mri imaging", "kg kilo kilograms", "rep repetition", "bum butt glute buttock", "belly abdomen stomach",
        "change differ different alter vary", "ease easier relieve", "round rounding rounded flexion bend bending flex",
        "gradually gradual slowly", "about around roughly approximately", "help helps helpful", "person individual people",
        "exercise drill", "movement move motion", "keep hold", "let allow", "try attempt", "need require needs",
        "might may could can possible", "increase add raise", "big large", "end finish", "whole entire full",
    )
)  # fmt: skip
"""Groups of stems of which one may stand for another."""


def strange(stems: AbstractSet[str], held: AbstractSet[str]) -> frozenset[str]:
    """The stems that are neither held, nor carry only, nor stand for or go with one that is held ("stiffness" goes with "stiff")."""
    left = frozenset(stems) - held - TALK - CARRYING
    return frozenset(stem for stem in left if not _stands(stem, held))


def _stands(stem: str, held: AbstractSet[str]) -> bool:
    """Whether a stem stands for one that is held."""
    if any(stem in group and group & held for group in ALIKE):
        return True
    return any(_family(stem, one) for one in held)


def _family(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: the shorter begins the longer."""
    short, long = sorted((one, other), key=len)
    return (
        len(short) >= 4
        and long.startswith(short)
        and len(long) - len(short) <= 4
        and not long[len(short) :].isdigit()
    )
