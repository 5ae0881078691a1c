"""Answers from the documents: cited, attributed, both sides where they disagree, honest where there is nothing."""

from __future__ import annotations

import re

import pytest

from bot.answering import OFFER, ExtractiveAnswerer
from bot.condense import condense
from bot.coverage import covers, movements
from bot.wording import LONGEST
from retrieval.search import Hit
from safety.types import Assessment, Tier, Turn
from tests.fakes import hit, passage, question, results


async def answer(found, text="how deep should I squat?", **fields):
    return await ExtractiveAnswerer().draft(question(text, **fields), found, Assessment())


async def test_the_best_statement_comes_first_and_every_one_is_cited():
    draft = await answer(
        results(
            hit("Squat to the depth you own.", 3.0),
            hit("Ankles limit how low the hips go.", 2.0, document="clinic-b", kind="clinic blog"),
        )
    )
    assert draft.answered
    assert draft.text.index("depth you own") < draft.text.index("Ankles")
    assert [c.number for c in draft.citations] == [1, 2]
    assert all(f"[{c.number}]" in draft.text for c in draft.citations)
    assert draft.citations[0].text == "Squat to the depth you own."


async def test_the_kind_of_source_is_named_where_the_statement_does_not():
    draft = await answer(results(hit("Squat to the depth you own.", kind="clinic blog", speaker="a clinic")))
    assert draft.text.startswith("One clinic blog argues: Squat")
    named = await answer(results(hit("One forum poster squats to the depth he owns.")))
    assert named.text.startswith("One forum poster")


async def test_no_answer_is_longer_than_allowed():
    many = [
        hit(f"Statement {n} about {'squatting ' * 15}number{n * 7919} and word{n * 104729}.", 3 - n * 0.01)
        for n in range(20)
    ]
    draft = await answer(results(*many))
    assert 600 < len(draft.text) <= LONGEST
    assert draft.text.endswith("]")


async def test_the_same_is_not_said_twice():
    draft = await answer(
        results(
            hit("Keep the spine neutral while pulling."),
            hit("While pulling keep the spine neutral.", document="b"),
        )
    )
    assert len(draft.citations) == 1


async def test_a_short_statement_does_not_push_out_the_full_list_behind_it():
    draft = await answer(
        results(
            hit("Rectus femoris is a hip flexor.", 3.0),
            hit("Hip flexors are iliopsoas, sartorius, rectus femoris, pectineus and gracilis.", 2.8),
        )
    )
    assert "iliopsoas" in draft.text


async def test_the_steps_of_one_drill_stay_together():
    at = {"document": "clinic-b", "section": "Back extension"}
    draft = await answer(
        results(
            hit("The pad goes at the pelvis.", 6.0, **(at | {"section": "Back extension > Where?"})),
            hit(
                "Round down on purpose, then come back up.",
                2.1,
                **(at | {"section": "Back extension > How?"}),
            ),
            hit("Foam rolling keeps mobility.", 2.1, **(at | {"section": "Rolling"})),
        )
    )
    assert "Round down" in draft.text
    assert "Foam rolling" not in draft.text


async def test_both_sides_are_shown_where_documents_disagree():
    found = results(
        hit("Squeeze the glutes hard at lockout.", 3.0, topic="glutes", stance="squeeze"),
        hit(
            "Do not squeeze the bum on top.",
            2.6,
            document="clinic-b",
            kind="clinic blog",
            topic="glutes",
            stance="no-squeeze-at-top",
        ),
        hit(
            "The sources contradict each other, and no trial settles it.",
            2.0,
            document="guide",
            topic="glutes",
            stance="honest-line",
        ),
    )
    draft = await answer(found, "should I squeeze my glutes at the top?")
    assert draft.disagreement
    assert draft.text.startswith("The sources disagree")
    assert {c.document for c in draft.citations} == {"forum-a", "clinic-b", "guide"}
    assert "On one side:" in draft.text
    assert "On the other:" in draft.text


async def test_two_statements_on_one_side_are_no_disagreement():
    found = results(
        hit("Squeeze the glutes.", 3.0, topic="glutes", stance="squeeze"),
        hit("Feel the buttocks work.", 2.9, topic="glutes", stance="squeeze"),
    )
    assert not (await answer(found, "should I squeeze?")).disagreement


async def test_what_the_documents_do_not_cover_is_declined_with_an_offer():
    draft = await answer(
        results(hit("Squat to the depth you own."), covered=0.02), "how much protein should I eat?"
    )
    assert (draft.answered, draft.text, draft.citations) == (False, OFFER, ())


async def test_an_empty_index_is_declined():
    assert not (await answer(results(covered=0.0))).answered


async def test_of_a_foreign_passage_the_nearest_sentences_are_quoted_under_its_title():
    text = "The gym opens at six. Squat shoes raise the heel. Bring a towel."
    foreign = passage(
        text,
        document="file:shoes.txt",
        kind="text file",
        speaker="",
        title="Shoes",
        sentences=tuple(re.split(r"(?<=\.) ", text)),
    )
    draft = await answer(results(Hit(foreign, 2.0, 0.5, 3.0, (0.05, 0.7, 0.1))))
    assert draft.text == '"Shoes" (a text file) says: “Squat shoes raise the heel.” [1]'


@pytest.mark.parametrize(
    ("turns", "text", "leans"),
    [
        (["how do I do a jefferson curl?"], "and how many sets?", True),
        (["tell me about the windmill"], "which leg goes in front?", True),
        (
            ["tell me about the windmill"],
            "how do I test hip internal rotation when sitting on a bench?",
            False,
        ),
        (["how do I set up back extensions?"], "do I round on purpose?", True),
        (["how do i start the jefferson curl?"], "and how do i make it harder over the next weeks?", True),
        ([], "and how many sets?", False),
    ],
)
def test_a_follow_up_gets_the_subject_of_the_turn_before(turns, text, leans):
    asked = condense(text, [Turn(turn) for turn in turns])
    assert (asked != text) is leans
    assert not leans or turns[0].rstrip("?") in asked


def test_a_chain_of_follow_ups_keeps_the_first_subject():
    turns = [
        Turn("how do I do a jefferson curl?"),
        Turn("Roll down.", "bot"),
        Turn("and how many sets?"),
        Turn("Three.", "bot"),
    ]
    assert "jefferson curl" in condense("how heavy?", turns)


async def test_beside_a_referral_a_forum_adds_nothing_to_what_health_services_say():
    seen = "Book a doctor or physiotherapist when leg pain does not improve."
    found = results(
        hit(seen, 3.0, document="guide", kind="guidance", trust="high"),
        hit("Try the bridging, it fixed my back.", 2.0),
    )
    answerer = ExtractiveAnswerer()
    referred = await answerer.draft(
        question("my leg tingles, what helps?"), found, Assessment(tier=Tier.REFER)
    )
    coached = await answerer.draft(question("my back is stiff, what helps?"), found, Assessment())
    assert [c.document for c in referred.citations] == ["guide"]
    assert [c.document for c in coached.citations] == ["guide", "forum-a"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("how do i get my first pull up", {"pull up"}),
        ("are chin-ups bad for my back?", {"chin up"}),
        ("pushups or dips?", {"push up"}),
        ("my back hurts when i sit up in bed", set()),
        ("how do i pull up the slack?", set()),
    ],
)
def test_movements_named_by_two_words_are_told_from_verbs(asked, named):
    assert movements(asked) == named


def test_a_movement_that_no_passage_names_is_not_covered_by_its_parts():
    first = hit("The first pull of a deadlift begins at the floor.")
    assert not covers("how do i get my first pull up", results(first))
    assert covers("how do i start the first pull", results(first))
    assert covers("how do i get my first pull up", results(first, hit("Do pull-ups for the upper back.")))


def test_a_thing_that_no_passage_names_counts_against_the_answer():
    pulls = hit("Stretch the calves before deadlifts, they hold the pelvis.")
    assert not covers("stretches for my shoulder before overhead press", results(pulls, covered=0.5))
    assert covers("stretches for my calves before deadlifts", results(pulls, covered=0.5))
    assert not covers("is biceps work good", results(hit("Biceps femoris is a hamstring."), covered=0.3))


def test_a_thing_named_by_the_way_does_not_decline_what_is_covered():
    pulls = hit("Stretch the calves before deadlifts, they hold the pelvis.")
    assert covers(
        "stretch my calves for deadlifts, back was sore after running", results(pulls, covered=0.98)
    )
    assert covers("grip is fine but calves are tight in deadlifts", results(pulls, covered=0.98))


def test_a_quantity_that_no_passage_gives_counts_against_the_answer():
    curl = hit("Start the Jefferson curl with three sets of six, adding weight over time.")
    assert covers("how many sets of jefferson curls", results(curl, covered=0.5))
    assert not covers("how many seconds per rep of jefferson curls", results(curl, covered=0.5))
    assert not covers("how many kilos should my jefferson curl be", results(curl, covered=0.5))
    held = hit("Hold each rep of the Jefferson curl for ten seconds.")
    assert covers("how many seconds per rep of jefferson curls", results(held, covered=0.5))


def test_less_is_asked_of_a_follow_up():
    curl = hit("Start the Jefferson curl with bodyweight.")
    assert not covers(
        "jefferson curl explained to me slowly, with nothing in my hands", results(curl, covered=0.4)
    )
    assert covers(
        "jefferson curl explained to me slowly, with nothing in my hands",
        results(curl, covered=0.4),
        leaning=True,
    )
