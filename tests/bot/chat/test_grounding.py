"""Figures, negations and the labelled pairs."""

from __future__ import annotations

import contextlib
import sys

import pytest

from bot.chat.copying import miscopied
from bot.chat.exactly import opposed
from bot.chat.faults import ModelFault
from bot.chat.figures import figures, invented
from bot.chat.grounding import Grounding, Verdict
from bot.chat.order import turned_round
from bot.chat.parsing import Said, parse, repeats
from bot.chat.polarity import turned
from bot.chat.talk import strange
from retrieval.words import terms
from safety.types import Tier
from tests.bot.chat.calibrate import pairs
from tests.clock import best
from tests.model import data_dir


@pytest.mark.parametrize(
    ("said", "given", "holds"),
    [
        ("three sets of 6 to 8 reps", "3 sets of 6-8", True),
        ("3 sets", "three reps", False),
        ("hold for 30 s", "held for thirty seconds", True),
        ("at least 2 sets", "at most 2 sets", False),
        ("2 sets", "up to two sets", True),
        ("up to two sets", "two sets", False),
        ("twice a day", "two times a day", True),
        ("twice a day", "twice a week", False),
        ("between 45 and 85 degrees", "between 85 and 45 degrees", True),
        ("a half-kneeling side bend", "a side bend on one knee", True),
        ("one poster says so", "a poster says so", True),
        ("40 degrees", "45 degrees", False),
        ("1RM", "one-rep max (1RM)", True),
        ("do 5x5", "do 5x3", False),
        ("3 sets of 8", "3x8", True),
        ("1,000 reps", "1 rep", False),
        ("every other day", "every day", False),
        ("hold for a minute", "hold for a second", False),
        ("two thirds of the weight", "half the weight", False),
        ("half an hour", "30 seconds", False),
        ("30% had bulges and 37% had wear", "37% had bulges and 30% had wear", False),
    ],
)
def test_figures_are_compared_by_value_unit_and_direction(said, given, holds):
    assert (not invented(said, [given])) is holds


@pytest.mark.parametrize(
    ("said", "given", "changed"),
    [
        ("It will make a sore back worse.", "It may make a sore back worse.", True),
        ("Book a doctor after a few days of it.", "Book a doctor after a few weeks of it.", True),
        ("The clinic does say so.", "The clinic does not say so.", True),
        ("Endurance with little or a spinal flexion.", "Endurance with little or no spinal flexion.", True),
        ("About 80% of people had a disease.", "About 80% of people had a sign, and 2% had a disease.", True),
        ("Ankles stay put and hips hinge.", "Ankles stay put, knees bend 90 degrees, and hips hinge.", False),
        ("The knees bend between 40 and 80 degrees.", "The knees bend between 80 and 40 degrees.", False),
        ("The hips decrease the load on the back.", "The hips reduce the load on the back.", False),
    ],
)
def test_a_copy_differs_in_nothing_that_matters(said, given, changed):
    assert miscopied(said, [given]) is changed


@pytest.mark.parametrize(
    ("said", "given", "turned"),
    [
        ("Lift before you see a clinician.", "See a clinician before you lift.", True),
        ("Before you lift, see a clinician.", "See a clinician before you lift.", False),
        ("After the clinician has seen you, lift.", "See a clinician before you lift.", False),
        ("He prefers bridging to neutral work.", "He prefers neutral work.", True),
        ("Rest in bed rather than activity.", "Normal activity instead of rest in bed.", True),
        ("It goes from neutral to flexion.", "It goes from flexion to neutral.", True),
    ],
)
def test_the_same_words_the_other_way_round_are_another_statement(said, given, turned):
    assert turned_round(said, [given]) is turned


@pytest.mark.parametrize(
    ("said", "given", "opposite"),
    [
        ("Turn the feet in at the top.", "Turn the feet out at the top.", True),
        ("Turn the feet out in the squat.", "Turn the feet out at the bottom of it.", False),
        (
            "Set the hips slightly lower.",
            "Set the hips slightly higher than the knees, the chest lower.",
            True,
        ),
    ],
)
def test_a_direction_is_compared_by_the_words_beside_it(said, given, opposite):
    assert opposed(said, [given]) is opposite


def test_words_from_elsewhere_are_noticed_and_forms_of_a_word_are_not():
    held = frozenset(terms("Stiffness of the hips limits the movement of a lifter."))
    assert not strange(frozenset(terms("Stiff hips restrict how a person moves.")), held)
    assert strange(frozenset(terms("Stiff hips cure the movement.")), held) == frozenset(terms("cure"))


def test_markers_are_no_figures():
    assert figures("Brace first. [3]") == []


@pytest.mark.parametrize(
    ("said", "given", "holds"),
    [
        ("Do not round the back.", "The back should not be rounded.", True),
        ("Round the back.", "Do not round the back.", False),
        ("Do not round the back.", "Round the back on purpose.", False),
        ("Rest without walking.", "Rest with walking.", False),
        ("Glutes switch off.", 'The idea that glutes "switch off" finds no support.', False),
        ("Start with more than bodyweight.", "Start with no more than bodyweight.", False),
    ],
)
def test_negations_are_neither_dropped_nor_added(said, given, holds):
    assert turned(said, [given]) is not holds


def test_every_form_of_an_answer_is_read():
    line = "[1,2] Brace first."
    behind = "Brace before you lift. [2]"
    json = '```json\n{"sentences": [{"text": "Brace first. [1]", "passages": [1, 2]}]}\n```'
    assert parse(line) == [Said("Brace first.", (1, 2))] == parse(json)
    assert parse(behind) == [Said("Brace before you lift.", (2,))]
    assert parse("NONE") == []


def test_running_text_is_read_sentence_by_sentence():
    text = "Brace before you lift. [1] Keep the bar close [2, 3]. Nothing says this. And this holds too [4][5]!\n1. Rest a day [2]."
    assert parse(text) == [
        Said("Brace before you lift.", (1,)),
        Said("Keep the bar close.", (2, 3)),
        Said("Nothing says this.", (4, 5)),
        Said("And this holds too.", (4, 5)),
        Said("Rest a day.", (2,)),
    ]


def test_a_sentence_that_was_cut_off_is_never_finished():
    assert parse('{"sentences": [{"text": "Brace first.", "passages": [1]}, {"text": "Do not') == [
        Said("Brace first.", (1,))
    ]


def test_going_round_in_circles_is_noticed():
    assert repeats("curl " * 80)
    assert not repeats("Squat as deep as the back stays neutral. " * 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "kept", "through"),
    [("pairs.toml", 0.9, 0), ("held_out.toml", 0.9, 0), ("fresh.toml", 0.84, 1), ("unseen.toml", 0.9, 1)],
)
def test_the_labelled_pairs_are_told_apart(file, kept, through, capsys):
    from retrieval.embeddings import load

    grounding = Grounding(load("minilm", data_dir()).embed)
    everything = list(pairs(file))
    verdicts = grounding.judge([(text, [one]) for text, one, _ in everything], Tier.NONE)
    judged = [
        (text, true, verdict is Verdict.HOLDS)
        for (text, _, true), verdict in zip(everything, verdicts, strict=True)
    ]
    let = [text for text, true, held in judged if held and not true]
    holding = [held for _, true, held in judged if true]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{file}: {sum(holding)}/{len(holding)} kept, {len(let)}/{len(judged) - len(holding)} let through {let}"
        )
    assert len(let) <= through
    assert sum(holding) / len(holding) >= kept


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"w{n}" for n in range(20)) + " " * 7000 + " ".join(f"w{n}" for n in range(60)),
        "".join(f'{{"text":"w{n} ' for n in range(550)),
        " ".join(f"w{n} [{n % 9}" for n in range(900)),
        "[1, " * 1900,
        "[1]" * 2600,
        "\n".join(" ".join(f"w{n}{m}" for n in range(100)) for m in range(14)),
    ],
)
def test_no_text_keeps_the_reader_busy(text):
    def reading():
        with contextlib.suppress(ModelFault):
            parse(text[:8000])

    assert best(reading) < 0.5
