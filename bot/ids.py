"""Identifiers: sortable by time, safe in URLs and custom ids, never guessable."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread


def new_id() -> str:
    """A fresh id of 20 characters: ten of milliseconds since 1970, then fifty random bits."""
    return _encode(time.time_ns() // 1_000_000, 10) + _encode(secrets.randbits(50), 10)


def _encode(number: int, length: int) -> str:
    """`number` in base 32, most significant digit first, `length` digits."""
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))
