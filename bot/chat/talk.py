"""Words around a statement that say who said it; no passage need hold them."""

from __future__ import annotations

from retrieval.words import terms

TALK = frozenset(
    terms(
        "one clinic blog argues says said according forum poster thread source document view others writes suggests notes claims reports describes advises "
        "recommends explains mentions passage article author guidance guideline used uses use person people lifter aim goal idea means also another"
    )
)
"""Their stems."""
