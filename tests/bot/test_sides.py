"""The sources are said to disagree where a question is about it, and nowhere else."""

from __future__ import annotations

import pytest

from bot.answering import LONGEST, SHORT, ExtractiveAnswerer
from safety.referral import block, footer
from safety.types import Assessment, Tier
from tests.fakes import hit, question, results

SQUEEZE = {"topic": "glutes", "stance": "squeeze"}
NOT_ON_TOP = {"topic": "glutes", "stance": "no-squeeze-at-top", "document": "clinic-b"}
GLUTES = results(
    hit("Squeeze the glutes hard to finish the pull.", 3.0, **SQUEEZE),
    hit("Leave the clench out on top, it arches the back.", 2.6, **NOT_ON_TOP),
)


async def disagrees(asked, found=GLUTES):
    return (await ExtractiveAnswerer().draft(question(asked), found, Assessment())).disagreement


@pytest.mark.parametrize(
    "asked",
    ["should I squeeze my glutes at the top or not?", "is clenching your bum at lockout any good?"],
)
async def test_a_question_for_a_judgement_gets_both_sides(asked):
    assert await disagrees(asked)


@pytest.mark.parametrize(
    "asked",
    ["which squeeze did the poster recommend?", "what did he say about his glutes?"],
)
async def test_a_question_for_what_one_source_says_gets_one_answer(asked):
    assert not await disagrees(asked)


async def test_a_topic_of_statements_on_the_side_makes_no_disagreement():
    found = results(
        hit("Spasm comes and goes in a moment.", 3.0),
        hit("Pain may be gone at the doctor's appointment.", 2.9),
        hit("Squeeze the glutes hard to finish the pull.", 1.9, **SQUEEZE),
        hit("Leave the clench out on top, it arches the back.", 1.8, **NOT_ON_TOP),
    )
    assert not await disagrees("can a spasm come and go fast?", found)
    assert await disagrees("is squeezing my glutes good for that or not?", found)


def long(text):
    return f"{text} {'and so on at length ' * 8}end."


async def test_where_two_sides_do_not_fit_none_is_promised():
    found = results(
        hit(long("Squeeze the glutes."), 3.0, document="a", trust="high", **SQUEEZE),
        hit(long("Leave the clench out."), 2.9, **(NOT_ON_TOP | {"trust": "high"})),
        hit(
            long("Nothing settles it."), 2.0, document="c", topic="glutes", stance="honest-line", trust="high"
        ),
    )
    draft = await ExtractiveAnswerer().draft(
        question("should I squeeze my glutes or not?"), found, Assessment(tier=Tier.REFER)
    )
    assert draft.disagreement is ("On the other:" in draft.text)
    assert "side:" not in draft.text.splitlines()[-1]


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.CAUTION, Tier.REFER])
async def test_an_answer_keeps_within_its_length_with_what_the_guard_adds(tier):
    many = [
        hit(
            f"Statement {n} about {'squatting ' * 9}number{n * 7919} word{n * 104729}.",
            3 - n * 0.01,
            trust="high",
        )
        for n in range(30)
    ]
    assessment = Assessment(tier=tier)
    draft = await ExtractiveAnswerer().draft(question(), results(*many), assessment)
    around = footer(assessment) + (block(assessment) if tier == Tier.REFER else "")
    assert len(draft.text) + len(around) <= LONGEST
    assert tier < Tier.REFER or len(draft.text) <= SHORT
