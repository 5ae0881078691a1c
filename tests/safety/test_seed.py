"""Every seed phrasing of the clinical table comes out at its tier, with and without the question's vector."""

from __future__ import annotations

from pathlib import Path

import pytest

from safety.assess import assess
from safety.messages import Message, load
from safety.types import Tier, Turn

SEEDS = [m for m in load("training") if m.family.startswith("seed-")]
CONTRADICTED = {
    # listed under URGENT, while rule K13 of the same table makes any new deficit after a spinal injection an EMERGENCY: the graver stands (K16)
    "spinal injection tuesday, new numb patch since",
}


def test_the_seeds_are_all_there():
    shared = Path(__file__).parents[2].parent / "shared" / "clinical.md"
    if not shared.exists():
        pytest.skip("the clinical table is not on this machine")
    lines = {
        line[4:].strip()
        for line in shared.read_text(encoding="utf-8").splitlines()
        if line.startswith("- D:")
    }
    assert lines <= {m.turns[0].strip() for m in SEEDS} | {line for line in lines if line.startswith("[")}


@pytest.mark.parametrize("message", SEEDS, ids=lambda m: m.turns[0][:60])
def test_seed_comes_out_at_its_tier(message: Message):
    assessment, _ = assess([Turn(message.turns[0])])
    if message.crisis:
        assert assessment.crisis
    elif message.letter == "N":
        assert assessment.tier < Tier.REFER
        assert not assessment.crisis
    elif message.turns[0] in CONTRADICTED:
        assert assessment.tier > message.tier
    else:
        assert assessment.tier is message.tier
