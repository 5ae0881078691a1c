"""What the backstop learns from: turns of harmless conversations count, but none that hides a sign or a grave label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from safety.messages import Message
from safety.semantic import HEADS
from safety.train import ASKED, TURN, asked, single, targets

if TYPE_CHECKING:
    from pathlib import Path


def message(letter: str, *turns: str) -> Message:
    return Message("a-1", "a", turns, letter, frozenset({"plain"}), "en")


def test_turns_of_a_harmless_conversation_are_learnt_from_one_by_one():
    found = single([message("N", "how wide is sumo?", "and where then"), message("N", "one turn")])
    assert [m.turns for m in found] == [("how wide is sumo?",), ("and where then",), ("one turn",)]
    assert [TURN in m.tags for m in found] == [True, True, False]


def test_a_turn_with_a_sign_or_of_a_grave_conversation_is_not():
    explained = message("N", "both my feet are numb", "just out of the ice bath")
    assert [m.turns for m in single([explained])] == [("just out of the ice bath",)]
    assert (
        single(
            [message("E", "hello", "both my feet are numb"), message("K", "hi", "bye"), message("?", "odd")]
        )
        == []
    )


def test_of_a_turn_it_is_not_said_whether_it_aches():
    (turn, _) = single([message("C", "rows then?", "and on friday")])
    wanted = dict(zip(HEADS, targets([turn])[0], strict=True))
    assert np.isnan(wanted["caution"])
    assert wanted["refer"] == wanted["crisis"] == 0


def test_the_ways_to_ask_are_harmless_and_those_about_symptoms_are_left_out(tmp_path: Path):
    for name in ("clinic-a", "when-to-seek-help"):
        (tmp_path / f"{name}.md").write_text(
            "# x\n\n## Feet\n\n- why do they turn out\n- my foot is numb\n", "utf-8"
        )
    (found,) = asked(tmp_path)
    assert (found.turns, found.family, found.tier.name) == (
        ("why do they turn out",),
        "clinic-a Feet",
        "NONE",
    )
    assert ASKED.is_dir()
