"""The keys under which a person's rows are kept."""

from __future__ import annotations

from typing import NamedTuple


class Who(NamedTuple):
    """A guild, and the keyed hashes of a person and a conversation in it."""

    guild: str
    person: str
    conversation: str
