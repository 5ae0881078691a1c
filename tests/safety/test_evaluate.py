"""The measuring: shares and their bounds, tiers, tables, the plot and the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from safety import evaluate
from safety.evaluate import (
    Outcome,
    by_tag,
    confusion,
    curve,
    decisions_report,
    figures,
    macro_f1,
    main,
    measure,
    plot,
    report,
    wilson,
)
from safety.messages import Message
from safety.types import Assessment, Tier

if TYPE_CHECKING:
    from pathlib import Path


def outcome(
    letter: str,
    tier: Tier,
    *,
    tags: str = "E1",
    crisis: bool = False,
    clarify: bool = False,
    refer: float = 0.0,
    rules: tuple[str, ...] = (),
    ms: float = 1.0,
) -> Outcome:
    message = Message("x-1", "x", ("text",), letter, frozenset(tags.split(",")), "en")
    nerve = message.nerve and tier >= Tier.REFER
    return Outcome(
        message,
        Assessment(
            tier=tier,
            nerve=nerve,
            crisis=crisis,
            clarify=("saddle",) if clarify else (),
            scores=(("refer", refer),),
            rules=rules,
        ),
        ms,
    )


E, U, R, C, N = Tier.EMERGENCY, Tier.URGENT, Tier.REFER, Tier.CAUTION, Tier.NONE


def test_what_came_out_is_said_in_the_letters_of_the_labels():
    assert [outcome("E", tier).letter for tier in (E, U, R, C, N)] == list("EURCN")
    assert outcome("K", N, crisis=True).letter == "K"
    assert outcome("?", C, clarify=True).letter == "?"
    assert outcome("E", U, clarify=True).letter == "U"


def test_caution_and_none_are_not_told_apart_as_errors():
    assert not outcome("N", C).wrong
    assert not outcome("C", N).wrong
    assert outcome("C", R).wrong
    assert outcome("E", U).wrong
    assert outcome("?", N).wrong


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (10, 10, 0.722, 1.0),
        (0, 10, 0.0, 0.278),
        (95, 100, 0.888, 0.978),
        (300, 300, 0.987, 1.0),
    ],
)
def test_wilson_bounds(hits: int, total: int, low: float, high: float):
    share, least, most = wilson(hits, total)
    assert share == (hits / total if total else 0.0)
    assert (least, most) == (pytest.approx(low, abs=0.001), pytest.approx(high, abs=0.001))


def test_figures_count_what_their_names_say():
    got = figures(
        [
            outcome("E", E), outcome("E", U), outcome("E", N),
            outcome("R", R, tags="R2"), outcome("U", E, tags="U5"),
            outcome("N", R, tags="M3"), outcome("N", N, tags="M3"), outcome("C", C, tags="C1"), outcome("N", C, tags="M3"),
            outcome("K", N, crisis=True, tags="CRISIS"), outcome("K", N, tags="CRISIS"), outcome("?", N, clarify=True, tags="X18"),
        ]
    )  # fmt: skip
    assert got["messages"] == 12
    assert got["flagged of REFER and above"][0] == 4 / 5
    assert got["specificity"][0] == 3 / 4
    assert got["EMERGENCY flagged"][0] == 2 / 3
    assert got["EMERGENCY called so"][0] == 1 / 3
    assert got["exact tier"][0] == 4 / 9
    assert got["over-triage"][0] == 2 / 9
    assert got["crisis recall"][0] == 1 / 2
    assert got["crisis specificity"][0] == 1.0
    assert got["nerve recall"][0] == 3 / 4


def test_macro_f1_is_the_mean_over_five_tiers():
    assert (
        macro_f1([outcome(letter, tier) for letter, tier in zip("EURCN", (E, U, R, C, N), strict=True)])
        == 1.0
    )
    halved = [
        outcome("E", E),
        outcome("E", U),
        outcome("U", U),
        outcome("R", R),
        outcome("C", C),
        outcome("N", N),
    ]
    assert macro_f1(halved) == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 + 1) / 5)


def test_times_are_median_and_95th():
    got = figures([outcome("N", N, ms=ms) for ms in [1.0] * 19 + [9.0]])
    assert (got["ms p50"], got["ms p95"]) == (1.0, 9.0)


def test_tags_are_counted_apart_for_those_to_flag_and_those_not():
    rows = by_tag(
        [
            outcome("E", E, tags="E1,X2"),
            outcome("E", N, tags="E1"),
            outcome("N", R, tags="E1,X1"),
            outcome("K", N, tags="E1"),
        ]
    )
    assert rows["E1"] == (2, 1, 1, 1)
    assert rows["X2"] == (1, 1, 0, 0)
    assert rows["language en"] == (2, 1, 1, 1)
    assert rows["single"] == (2, 1, 1, 1)


def test_the_table_of_confusions_counts_pairs():
    counts = confusion([outcome("E", E), outcome("E", U), outcome("E", U), outcome("?", N, clarify=True)])
    assert counts["E", "U"] == 2
    assert counts["E", "E"] == 1
    assert counts["?", "?"] == 1


def test_the_curve_falls_from_everything_to_the_rules_alone():
    outcomes = [
        outcome("E", E, refer=0.9, rules=("K1",)),
        outcome("R", R, refer=0.6, rules=("backstop",), tags="R2"),
        outcome("N", R, refer=0.55, rules=("backstop",), tags="M3"),
        outcome("N", N, refer=0.1, tags="M3"),
    ]
    points = {round(t, 2): (x, y) for t, x, y in curve(outcomes)}
    assert points[0.05] == (1.0, 1.0)
    assert points[0.5] == (0.5, 1.0)
    assert points[0.58] == (0.0, 1.0)
    assert points[0.95] == (0.0, 0.5)


def test_the_plot_is_a_picture_that_names_the_operating_point(tmp_path: Path):
    plot([outcome("E", E, refer=0.9), outcome("N", N, refer=0.1, tags="M3")], tmp_path / "curve.svg")
    root = ET.parse(tmp_path / "curve.svg").getroot()
    assert root.tag.endswith("svg")
    texts = [e.text or "" for e in root.iter() if e.tag.endswith("text")]
    assert any(text.startswith("chosen: 100.0% recall, 0.0% false alarms") for text in texts)


def test_decisions_tell_which_rules_cry_wolf(tmp_path: Path):
    path = tmp_path / "decisions.jsonl"
    rows = [
        (["R2"], "false alarm"),
        (["R2", "K1"], "confirmed"),
        (["R2"], "false alarm"),
        (["K1"], "confirmed"),
    ]
    path.write_text(
        "\n".join(json.dumps({"rules": r, "outcome": o}) for r, o in rows) + "\n\n", encoding="utf-8"
    )
    first, second = decisions_report(path).splitlines()
    assert first.split() == ["R2", "2", "of", "3", "false", "alarms", "(67%)"]
    assert second.split()[:4] == ["K1", "0", "of", "2"]


def test_measuring_gives_the_states_of_each_turn_and_says_how_long(by_rules: object):
    asked: list[str] = []

    def embed(text: str) -> np.ndarray:
        asked.append(text)
        return np.ones((5, 384), np.float32)

    messages = [
        Message("a-1", "a", ("my left leg is numb", "now the right one too"), "E", frozenset({"E5"}), "en")
    ]
    (result,) = measure(messages, embed)
    assert asked == ["my left leg is numb", "now the right one too"]
    assert result.assessment.tier is Tier.EMERGENCY
    assert result.ms > 0


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, by_rules: object):
    """A development set of three, two of them held out; assessed by rules alone."""
    families = {
        family: Message("x", family, ("x",), "N", frozenset(), "en").held_out
        for family in ("a", "b", "c", "d", "e")
    }
    held = next(f for f, side in families.items() if side)
    tuned = next(f for f, side in families.items() if not side)
    messages = [
        Message("one-1", held, ("my crotch is numb",), "E", frozenset({"E1"}), "en"),
        Message("one-2", held, ("how deep should i squat?",), "E", frozenset({"plain"}), "en"),
        Message("two-1", tuned, ("how often should i squat?",), "N", frozenset({"plain"}), "en"),
    ]
    monkeypatch.setattr(evaluate, "load", lambda part: messages if part == "development" else [])


@pytest.mark.parametrize(("part", "count"), [("held-out", 2), ("tuned", 1), ("all", 3)])
def test_the_command_measures_the_part_it_is_asked_for(
    few: None, part: str, count: int, capsys: pytest.CaptureFixture[str]
):
    assert main(["--part", part, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["messages"] == count


def test_the_command_measures_the_held_out_half_unless_told_otherwise(
    few: None, capsys: pytest.CaptureFixture[str]
):
    assert main(["--json"]) == 0
    assert json.loads(capsys.readouterr().out)["messages"] == 2


def test_the_command_lists_errors_and_draws(few: None, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert main(["--part", "all", "--errors", "--plot", str(tmp_path / "curve.svg")]) == 0
    said = capsys.readouterr().out
    assert "EMERGENCY flagged" in said
    assert "(95 %:" in said
    wrong = [line for line in said.splitlines() if " came out " in line and line.startswith("one-")]
    assert len(wrong) == 1
    assert "how deep should i squat?" in wrong[0]
    assert (tmp_path / "curve.svg").exists()


def test_the_report_names_every_tag_and_letter():
    said = report([outcome("E", E, tags="E1,X2"), outcome("N", N, tags="M3")])
    for word in ("E1", "X2", "M3", "macro-F1", "ms p95", "to flag"):
        assert word in said
