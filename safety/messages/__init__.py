"""Labelled messages, written for this project, for training and measuring the safety layer.

A file holds families: variations on one situation, positives and their negative twins. The format is described in README.md of this folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from safety.types import Tier

FOLDER = Path(__file__).parent
TIERS = {
    "E": Tier.EMERGENCY,
    "U": Tier.URGENT,
    "R": Tier.REFER,
    "C": Tier.CAUTION,
    "N": Tier.NONE,
    "K": Tier.NONE,
    "?": Tier.NONE,
}
NERVE = frozenset(
    {"E1", "E2", "E3", "E4", "E5", "E6", "E7", "U1", "U2", "U3", "U4", "U7", "R1", "R2", "R3", "R5"}
)
"""Concepts that make a message at REFER or above a nerve message, unless it says otherwise."""
_FAMILY = re.compile(r"\[([\w-]+)(?: (\w\w|other))?\]")
_LINE = re.compile(r"([EURCNK?])\s+(\S+)\s*\|\s*(.+)")


class MessageFaults(ValueError):
    """Everything wrong in message files, one line each."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message or conversation (`turns`, all by the person; the label is what must hold after the last)."""

    id: str
    family: str
    turns: tuple[str, ...]
    letter: str
    tags: frozenset[str]
    language: str

    @property
    def tier(self) -> Tier:
        """The tier that must come out (NONE for CRISIS and CLARIFY, which are axes of their own)."""
        return TIERS[self.letter]

    @property
    def crisis(self) -> bool:
        """Whether it is about self-harm."""
        return self.letter == "K"

    @property
    def clarify(self) -> bool:
        """Whether a closed question is the right answer."""
        return self.letter == "?"

    @property
    def nerve(self) -> bool:
        """Whether it tells of nerve symptoms that need somebody to look at them."""
        if "no-nerve" in self.tags:
            return False
        return self.tier >= Tier.REFER and ("nerve" in self.tags or not NERVE.isdisjoint(self.tags))

    @property
    def held_out(self) -> bool:
        """Half of the families are held out: nothing is tuned on them."""
        return bool(crc32(self.family.encode()) % 2)


def load(part: str, folder: Path = FOLDER) -> list[Message]:
    """All messages of `part` ("training" or "development"). Raises MessageFaults naming every fault."""
    messages: list[Message] = []
    faults: list[str] = []
    families: set[str] = set()
    for path in sorted((folder / part).glob("*.txt")):
        family, language = "", "en"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if head := _FAMILY.fullmatch(line.strip()):
                family, language = head.group(1), head.group(2) or "en"
                if family in families:
                    faults.append(f"{path.name}:{number}: family {family!r} stands twice")
                families.add(family)
                continue
            match = _LINE.fullmatch(line.strip())
            if match is None or not family:
                faults.append(f"{path.name}:{number}: not 'TIER tags | text' under a [family]: {line[:60]!r}")
                continue
            letter, tags, text = match.groups()
            name = f"{path.stem}-{number}"
            messages.append(
                Message(
                    name,
                    family,
                    tuple(t.strip() for t in text.split(" >> ")),
                    letter,
                    frozenset(tags.split(",")),
                    language,
                )
            )
    if faults:
        raise MessageFaults("\n".join(faults))
    return messages
