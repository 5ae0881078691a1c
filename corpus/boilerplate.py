"""Lines of a page that say nothing: contact details, opening hours, links, captions, invitations to follow."""

from __future__ import annotations

import re

_LONG = 220
"""Characters; a longer line is prose, whatever it mentions."""

_PROSE = 120
"""Characters; a line of at least this length that only mentions an address is kept, with the address taken out."""

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(
    r"^\W*(?:tel|phone|fax|call(?: us)?|mobile|mob|t|f|p)?\b\W*(?:\+?\d[\d ().-]{6,20}\d|\(\d{2,5}\)[\d -]{5,15})\W*$",
    re.IGNORECASE,
)
_DAY = r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?s?"
_HOURS = re.compile(
    rf"^(?:opening hours|hours|open)\b\W*$|^{_DAY}\b.{{0,80}}\d\s*(?:am|pm|:\d\d|h\b)", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"^\d{1,5} [A-Z][\w' ]{2,40}\b(?:street|st|road|rd|avenue|ave|lane|drive|suite)\b.{0,30}$", re.IGNORECASE
)
_PLACE = re.compile(r"^[A-Z][A-Za-z ]{2,30}, [A-Z][A-Za-z]{1,15} \d{5}$")
_DATE = re.compile(
    r"^\W*(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(?:,? \d{4})?\W*$",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"^\W*(?:share|tweet|reply|quote|like|report|print|subscribe|sign (?:up|in)|log ?in|read more|click here|follow us"
    r"|back to top|cookie|all rights reserved|menu|search|home|blog|advertisement|comments?|previous|next|call us"
    r"|contact us|book (?:now|online)|\w+ icon|white \w+ icon|image|photo|picture|figure \d+|credit:.{0,60}"
    r"|(?:©|\(c\)|copyright).{0,80})\W*$",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\((?:click|tap) here\)|\bclick here\b|\bfill out our\b|\bfreebie\b|\bexclusive workshops\b|\bcontact form\b",
    re.IGNORECASE,
)


def strip(paragraph: str) -> str:
    """The paragraph without empty-of-meaning lines, and without addresses in the others; empty if nothing is left."""
    kept = []
    for line in paragraph.split("\n"):
        if is_boilerplate(line):
            continue
        kept.append(
            _EMAIL.sub("", _LINK.sub("", line)) if "@" in line or "http" in line or "www." in line else line
        )
    return "\n".join(line for line in kept if line.strip())


def is_boilerplate(line: str) -> bool:
    """Whether a line is contact detail, opening hour, link, caption or invitation, and no sentence."""
    text = line.strip(" \t•-*|·")
    if not text:
        return bool(line.strip())
    if len(text) > _LONG:
        return False
    without = _EMAIL.sub("", _LINK.sub("", text))
    if without != text and (len(without) < _PROSE and not _says_something(without)):
        return True
    return any(rule.search(text) for rule in (_PHONE, _HOURS, _ADDRESS, _PLACE, _DATE, _CHATTER, _OFFER))


def _says_something(rest: str) -> bool:
    """Whether what stands beside an address is a sentence of its own (six words or more)."""
    words = re.findall(r"[A-Za-z]{2,}", rest)
    return len(words) > 5 and not re.search(
        r"\b(?:e-?mail|visit our|questions\?|website)\b", rest, re.IGNORECASE
    )
