"""The labelled messages: the format, the halves, and what the committed sets must hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from safety.messages import Message, MessageFaults, load
from safety.types import Tier

if TYPE_CHECKING:
    from pathlib import Path

DEVELOPMENT, TRAINING = load("development"), load("training")
FILE = """
# a comment
[saddle-wiping]
E E1,X2 | cant feel the paper
N M14 | feels normal, i checked

[pied-engourdi fr]
R R2 | mon pied est engourdi
K CRISIS | j'en peux plus
? X18 | ma jambe est bizarre
E E1,E5,conversation | left leg numb >> now the right >> ok thanks
"""


def write(folder: Path, **files: str) -> Path:
    (folder / "training").mkdir()
    for name, text in files.items():
        (folder / "training" / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_file_is_read_into_families(tmp_path: Path):
    messages = load("training", write(tmp_path, one=FILE))
    assert [m.letter for m in messages] == list("ENRK?E")
    assert [m.family for m in messages] == ["saddle-wiping"] * 2 + ["pied-engourdi"] * 4
    assert [m.language for m in messages] == ["en"] * 2 + ["fr"] * 4
    first, last = messages[0], messages[-1]
    assert first.tags == {"E1", "X2"}
    assert (first.tier, first.turns, first.nerve) == (Tier.EMERGENCY, ("cant feel the paper",), True)
    assert last.turns == ("left leg numb", "now the right", "ok thanks")
    assert [m.crisis for m in messages] == [False, False, False, True, False, False]
    assert [m.clarify for m in messages] == [False, False, False, False, True, False]
    assert len({m.id for m in messages}) == 6


def test_every_fault_of_every_file_is_named_at_once(tmp_path: Path):
    folder = write(
        tmp_path,
        one="E E1 | before any family\n[twice]\nX E1 | no such tier\nno tags here\n",
        two="[twice]\nR R2 | fine\n",
    )
    with pytest.raises(MessageFaults) as error:
        load("training", folder)
    said = str(error.value)
    assert "one.txt:1" in said
    assert "one.txt:3" in said
    assert "one.txt:4" in said
    assert "two.txt:1: family 'twice' stands twice" in said


@pytest.mark.parametrize(
    ("letter", "tags", "nerve"),
    [
        ("E", {"E1"}, True),
        ("E", {"E10"}, False),
        ("R", {"R2"}, True),
        ("R", {"R6"}, False),
        ("R", {"R6", "nerve"}, True),
        ("E", {"E1", "no-nerve"}, False),
        ("N", {"E1"}, False),
    ],
)
def test_nerve_messages_are_known_by_concept_tier_or_an_explicit_tag(
    letter: str, tags: set[str], nerve: bool
):
    assert Message("x-1", "x", ("text",), letter, frozenset(tags), "en").nerve is nerve


def test_halves_go_by_family_so_twins_stay_together():
    halves = defaultdict(set)
    for message in DEVELOPMENT:
        halves[message.family].add(message.held_out)
    assert all(len(sides) == 1 for sides in halves.values())
    held_out = sum(m.held_out for m in DEVELOPMENT) / len(DEVELOPMENT)
    assert 0.35 < held_out < 0.65


def everyday(message: Message) -> bool:
    """A short ordinary line ("thanks bot"), which two people may well write alike."""
    return message.letter == "N" and len(" ".join(message.turns).split()) <= 6


def test_no_family_and_no_text_is_in_both_sets():
    assert not {m.family for m in DEVELOPMENT} & {m.family for m in TRAINING}
    telling = [
        {" ".join(m.turns).casefold() for m in part if not everyday(m)} for part in (DEVELOPMENT, TRAINING)
    ]
    assert not telling[0] & telling[1]


def test_the_development_set_holds_what_it_must():
    assert len(DEVELOPMENT) >= 1500
    tags = set().union(*(m.tags for m in DEVELOPMENT))
    assert {f"E{n}" for n in range(1, 13)} | {f"U{n}" for n in range(1, 9)} | {
        f"R{n}" for n in range(1, 9)
    } | {"C1", "C2"} <= tags
    assert {f"M{n}" for n in range(1, 16)} <= tags
    assert {f"X{n}" for n in range(1, 21)} <= tags
    languages = Counter(m.language for m in DEVELOPMENT)
    assert min(languages[language] for language in ("es", "pt", "de", "fr")) >= 80
    assert sum(len(m.turns) > 1 for m in DEVELOPMENT) >= 100
    for half in (True, False):
        letters = Counter(m.letter for m in DEVELOPMENT if m.held_out is half)
        assert min(letters[letter] for letter in "EURCN") >= 80
        assert min(letters[letter] for letter in "K?") >= 5


def test_the_training_set_has_thousands_with_their_twins():
    assert len(TRAINING) >= 4000
    families = defaultdict(set)
    for message in TRAINING:
        families[message.family].add(message.letter)
    with_twins = sum(len(letters) > 1 for letters in families.values())
    assert with_twins / len(families) > 0.4


def test_no_message_repeats_or_stands_empty():
    texts = Counter(" ".join(m.turns).casefold() for m in [*DEVELOPMENT, *TRAINING] if not everyday(m))
    assert not [text for text, count in texts.items() if count > 1]
    assert all(turn.strip() for m in [*DEVELOPMENT, *TRAINING] for turn in m.turns)
