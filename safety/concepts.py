"""Which concept of the clinical table a finding belongs to, with its name, tier, kind and sources."""

from __future__ import annotations

from dataclasses import dataclass

from safety.facts import LOSS
from safety.findings import ARMS, LEGS, Candidate
from safety.types import Tier


@dataclass(frozen=True, slots=True)
class Concept:
    """A row of the clinical table. `tier` is what one such finding is worth alone."""

    id: str
    name: str
    tier: Tier
    nerve: bool
    source: tuple[str, ...]


_E, _U, _R, _C = Tier.EMERGENCY, Tier.URGENT, Tier.REFER, Tier.CAUTION
TABLE = {
    c.id: c
    for c in (
        Concept("E1", "saddle, genital or anal feeling changed", _E, nerve=True, source=("S1", "S2", "S6", "S22", "S23")),
        Concept("E2", "bladder changed", _E, nerve=True, source=("S1", "S2", "S3", "S23", "S24", "S25")),
        Concept("E3", "bowel changed", _E, nerve=True, source=("S1", "S2", "S3", "S5", "S26")),
        Concept("E4", "sexual or genital function changed", _E, nerve=True, source=("S2", "S3", "S5", "S6", "S8")),
        Concept("E5", "nerve symptoms in both legs", _E, nerve=True, source=("S4", "S14", "S27", "S29", "S30")),
        Concept("E6", "severe or two-leg weakness, cannot walk", _E, nerve=True, source=("S4", "S5", "S8", "S14", "S29")),
        Concept("E7", "spinal cord picture from the neck", _E, nerve=True, source=("S31", "S32", "S33")),
        Concept("E8", "possible fracture or significant trauma", _E, nerve=False, source=("S4", "S21")),
        Concept("E9", "back pain with signs of infection", _E, nerve=False, source=("S34", "S35", "S114")),
        Concept("E10", "chest, aorta or collapse", _E, nerve=False, source=("S4", "S36", "S37")),
        Concept("E11", "stroke or head and neck vessels", _E, nerve=False, source=("S38", "S39", "S40", "S41")),
        Concept("E12", "muscle breakdown or compartment", _E, nerve=False, source=("S42", "S43", "S44")),
        Concept("U1", "foot or toes cannot be lifted", _U, nerve=True, source=("S14", "S45", "S46")),
        Concept("U2", "new one-sided weakness", _U, nerve=True, source=("S11", "S12", "S13", "S48")),
        Concept("U3", "nerve symptom worse or spreading", _U, nerve=True, source=("S11", "S12", "S49")),
        Concept("U4", "slow cord picture: hands and walking", _U, nerve=True, source=("S33", "S50")),
        Concept("U5", "fever, cancer or other systemic sign", _U, nerve=False, source=("S4", "S15", "S34")),
        Concept("U6", "swollen, discoloured or cold limb", _U, nerve=False, source=("S51", "S52")),
        Concept("U7", "stinger that lasts or repeats", _U, nerve=True, source=("S31", "S32", "S53")),
        Concept("U8", "pain out of the ordinary, high-risk setting", _U, nerve=False, source=("S4", "S12")),
        Concept("R1", "nerve pain into one leg", _R, nerve=True, source=("S15", "S27", "S28")),
        Concept("R2", "numb or tingling leg or foot", _R, nerve=True, source=("S27", "S28")),
        Concept("R3", "numb or tingling arm or hand", _R, nerve=True, source=("S54", "S55")),
        Concept("R4", "not getting better", _R, nerve=False, source=("S12", "S13", "S15")),
        Concept("R5", "outer-thigh patch", _R, nerve=True, source=("S56", "S57")),
        Concept("R6", "leak on effort", _R, nerve=False, source=("S58", "S59")),
        Concept("R7", "age or pattern that needs a look", _R, nerve=False, source=("S60", "S61", "S114")),
        Concept("R8", "exertional headache, or numbness that keeps coming back", _R, nerve=False, source=("S38", "S62", "S63")),
        Concept("C1", "plain back or leg ache", _C, nerve=False, source=("S15", "S28", "S64")),
        Concept("CRISIS", "thoughts of dying or self-harm", Tier.NONE, nerve=False, source=("S65", "S68", "S69")),
        Concept("X18", "unclear feeling", Tier.NONE, nerve=False, source=("S22", "S67")),
    )
}
_BY_LABEL = {
    "E1:saddle": "E1", "E2:effort": "R6", "E8:neck": "E8", "U3:march": "U3", "unsteady": "U4", "E7:cord": "E7", "E11:blast": "E11", "E2:unfelt": "E2", "E2:retention": "E2", "E2:change": "E2", "E3:bowel": "E3", "E4:sexual": "E4", "E5:both": "E5", "E6:lost": "E6",
    "cantwalk": "E6", "E8:trauma": "E8", "fevertrue": "U5", "nightsweats": "U5", "cancer": "U5", "weightloss": "U5", "nightpain": "U5", "E10:heart": "E10",
    "E11:head": "E11", "E12:urine": "E12", "E12:board": "E12", "rhabdo": "E12", "U6:limb": "U6", "footdrop": "U1", "cantheel": "U1", "canttoe": "U2",
    "cantlimb": "U2", "givesway": "U2", "fumble": "U4", "limbheavy": "U4", "lhermitte": "E7", "stinger": "U7", "headache": "R8", "severe": "U8",
    "backpain": "C1", "legpain": "C1", "sciatica": "R1", "CRISIS:self-harm": "CRISIS",
}  # fmt: skip


def concept_of(candidate: Candidate) -> Concept:
    """The concept a candidate belongs to."""
    if candidate.label in _BY_LABEL:
        return TABLE[_BY_LABEL[candidate.label]]
    return TABLE[_of_feeling(candidate)]


def _of_feeling(candidate: Candidate) -> str:
    kind, group, fact = candidate.label, candidate.group, candidate.fact
    both = candidate.both
    if kind == "weak":
        return "E6" if both and group in LEGS else "U2"
    if kind in ("weird", "burn") and group != "outerthigh":
        return "X18" if kind == "weird" else "R2"
    if group == "saddle" and kind in LOSS:
        return "E1"
    if group == "buttock" and kind in LOSS:
        return "R2" if fact and fact.side else "E1"
    if group in LEGS:
        if both:
            return "E5"
        return "R1" if kind == "shoot" else "R5" if group == "outerthigh" else "R2"
    if group in ARMS:
        return "E7" if both else "R3"
    if group == "face":
        return "E11"
    return "R1" if kind == "shoot" else "R2"
