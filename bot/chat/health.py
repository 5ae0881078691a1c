"""Whether a text tells of somebody's health: a wider net than the safety layer's, because here nothing is lost by catching too much.

What it catches is answered from the documents instead of being sent to a provider.
"""

from __future__ import annotations

import re

_HEALTH = re.compile(
    r"\b(?:pain\w*|hurt\w*|ache\w*|aching|achy|sore\w*|numb\w*|tingl\w*|pins and needles|cramp\w*|spasm\w*|swell\w*|swollen|pinch\w*|popp(?:ed|ing)|snapp(?:ed|ing)|"
    r"strain\w*|sprain\w*|tore|torn|tear|tears|pulled|tweak\w*|injur\w*|surger\w*|surgical|operat(?:ed|ion)|rehab\w*|diagnos\w*|herniat\w*|bulging|slipped|prolaps\w*|"
    r"sciatic\w*|stenos\w*|scolios\w*|spondyl\w*|arthrit\w*|osteop\w*|tend[io]n(?:itis|opathy|osis)\w*|tendonitis|bursitis|impinge\w*|fractur\w*|broke|broken|disloc\w*|"
    r"dizz\w*|faint\w*|blackout|light-?headed\w*|nause\w*|vomit\w*|headache\w*|migraine\w*|palpitat\w*|flutter\w*|breathless\w*|short of breath|asthma\w*|diabet\w*|"
    r"blood (?:pressure|thinners?|clots?)|thrombos\w*|medic(?:ation|ine)s?|meds|pills?|prescri\w*|painkillers?|ibuprofen|naproxen|paracetamol|opioid\w*|steroids?|"
    r"pregnan\w*|postpartum|post-?natal|miscarr\w*|menopaus\w*|endometr\w*|depress\w*|anxi\w*|panic|suicid\w*|self.?harm\w*|eating disorder|anore\w*|bulimi\w*|addict\w*|"
    r"cancer\w*|tumou?rs?|chemo\w*|epilep\w*|seizures?|stroke|cardiac|heart (?:attack|disease|condition|rate|flutter\w*|rac\w*)|my heart|kidney|liver|hernia\w*|"
    r"weakness|limp(?:s|ing)?|gives? way|foot drop|bleed\w*|blood in|fever\w*|incontinen\w*|pee(?:ing)?|urin\w*|bowel|bladder|erecti\w*|genital\w*|groin|"
    r"sick|ill|illness|disease|syndrome|disorder|disabled|disability|condition|symptom\w*|flare\w*|concuss\w*|bruis\w*|infect\w*|inflam\w*|"
    # Spanish, Portuguese, French, German
    r"dol[oe]r\w*|duele\w*|d[oó]i|dores?|douleur\w*|mal (?:au|à|aux|de)|blessure\w*|schmerz\w*|weh|verletz\w*|taub\w*|kribbel\w*|lesi[oó]n\w*|les[aã]o|adormec\w*|engourdi\w*|entumec\w*|dorm[eê]ncia)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:i|i['’]?m|i['’]?ve|my|me|mine|myself|we|our|us|he|she|his|her|him|hers|friend\w*|wife|husband|mum|mom|mother|dad|father|son|daughter|brother|sister|partner|"
    r"girlfriend|boyfriend|client\w*|buddy|mate|grand\w+|mi|mis|meu|minha|mon|ma|mes|mein\w*|ich|mir|je|eu|yo)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:so |and |but |ok |hey |hi )*(?:what|why|how|does|do|did|is|are|can|could|should|which|when|who|where|will|would|has|have)\b",
    re.IGNORECASE,
)


def tells_of_health(text: str) -> bool:
    """Whether `text` names something of health, unless it only asks about it in general ("does rounding cause back pain?")."""
    if not _HEALTH.search(text):
        return False
    return _SOMEBODY.search(text) is not None or not all(
        _ASKS.match(part) for part in re.split(r"(?<=[.?!;\n])\s+", text) if _HEALTH.search(part)
    )
