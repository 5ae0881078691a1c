"""Whether a sentence of a reply names a sign that needs a clinician, and nobody who could look at it.

"If one hand starts dropping things, let a couple of months pass": advice beside a sign is dangerous far more often than advice beside a sore
quad, so the head behind the lint (`safety.reply_score`) stops it at a lower score. What a sign is the lexicon of messages says, not a list of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from safety.concepts import concept_of
from safety.findings import candidates
from safety.lexicon import lexicon
from safety.matcher import read
from safety.types import Assertion, Tier

CARE = re.compile(
    r" (?:doctors?|gps?|physicians?|physios?|physiotherapists?|physical therapists?|clinicians?|book an assessment|referral|(?:somebody|someone) to (?:examine|test)|urgent care|emergency|hospital|specialists?|neurologists?|examination|examined|examining|assessed|evaluated|"
    r"looked at|checked|seen|examines|examine you|see somebody|see someone|see a professional|(?:health|healthcare|medical|qualified) professional|appointment|medical|nurse|midwife|surgeons?|prescriber|pharmacist|paramedics?|triage|(?:hospital|ward|emergency|medical|nursing|tell|tell the) staff|in person|helpline|(?:somebody|someone) (?:needs|has|ought) to (?:examine|test (?:your )?(?:strength|reflexes|feeling))|111|999|911|112|ambulance|"
    r"(?:deserves?|worth|needs?|merits?|due) (?:a |an )?(?:proper |good |closer |thorough |quick )?(?:look|check)|mention it|book (?:it |that )?in (?:the next|this|within|for)|"
    r"medic[oa]s?|fisio|fisioterapeutas?|urgencias|consultas?|consulte[ns]?|examin(?:ar|en|ado|ada)|valorad[oa]|avaliad[oa]|avaliacao|arzt|arztin|arztlich|hausarzt|hausarztin|"
    r"untersucht|untersuchen|untersuchung|abklaren|abgeklart|physiotherapie|notaufnahme|medecin|kine|consulter|consultation|examiner|rendez vous|urgences) "
)
"""Words, as the lint reads them, for somebody who can examine and for being examined."""

EVERYDAY = frozenset({"legpain", "backpain", "burn", "altered", "fevertrue", "R1", "cantfeel"})
"""Labels that replies use of other things: "I can't tell", "feel the burn", "a hot shower"."""


@lru_cache(maxsize=16384)
def unattended(words: str) -> bool:
    """Whether `words`, a sentence as `lint.plain_words` reads it, names a sign, not denied, and nobody who could look at it."""
    if CARE.search(words) or words.startswith(" living with "):
        return False  # a title names a sign without saying anything of it
    return any(
        candidate.label not in EVERYDAY
        and candidate.judgement.assertion is not Assertion.ABSENT
        and concept_of(candidate).tier >= Tier.REFER
        for candidate in candidates(read(words.strip(), lexicon("en")))
    )
