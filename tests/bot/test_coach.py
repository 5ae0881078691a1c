"""The path, with fakes at its ports and the real safety layer in the middle."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

import bot.coach
from bot.coach import NOTHING, Coach
from bot.showing import demo_words
from bot.types import Attachment, Draft, Duplicate, Kept, Opening
from corpus.exercises import load as exercises
from safety.assess import assess
from safety.guard import guard
from safety.types import Assessment, State, Tier, Turn
from tests.fakes import FakeAnswerer, FakeRetriever, FakeStore, question

EMERGENCY = "I can't feel it when I wipe since my back popped"


@pytest.fixture(scope="module", autouse=True)
def _lexicon():
    """Load the lexicon outside of the short time limits of these tests."""
    assess((Turn("hello"),))


@pytest.fixture
async def path():
    """A coach and its fakes: (coach, retriever, answerer, fallback, store)."""
    parts = FakeRetriever(), FakeAnswerer(), FakeAnswerer(Draft("From the documents. [1]")), FakeStore()
    retriever, answerer, fallback, store = parts
    coach = Coach(
        retriever=retriever, answerer=answerer, fallback=fallback, store=store, scope=lambda guild: f"guild-{guild}",
        answer_seconds=0.5, store_seconds=0.5,
    )  # fmt: skip
    coach.outbox._pauses = (0.01,)
    yield coach, *parts
    await coach.close()


async def test_a_question_is_answered_and_recorded_before_the_reply_is_handed_back(path):
    coach, _, _, _, store = path
    reply = await coach.respond(question())
    ((exchange, _),) = store.recorded
    assert (reply.text, reply.exchange, reply.case) == (exchange.guarded.text, exchange.id, None)
    assert [stage for stage, _ in reply.timings] == [
        "begin",
        "embed",
        "assess",
        "retrieve",
        "draft",
        "guard",
        "record",
    ]


async def test_one_embedding_serves_the_safety_layer_and_the_search(path):
    coach, retriever, *_ = path
    await coach.respond(question("how deep should I squat?"))
    assert retriever.embedded == ["how deep should I squat?"]
    assert retriever.asked[0]["vector"] is not None
    assert retriever.asked[0]["scope"] == "guild-100"


async def test_a_red_flag_meets_neither_index_nor_model_and_opens_a_case(path):
    coach, retriever, answerer, _, store = path
    reply = await coach.respond(question(EMERGENCY))
    assert (retriever.asked, answerer.asked) == ([], [])
    assert reply.assessment.tier is Tier.EMERGENCY
    assert (reply.case, store.recorded[0][0].flagged) == ("case-1", "tier")
    assert "emergency" in reply.text.lower()


async def test_a_follow_up_is_searched_for_with_its_subject(path):
    coach, retriever, *_ = path
    turns = (Turn("how do I do a jefferson curl?"), Turn("Roll down slowly.", "bot"))
    await coach.respond(question("and how many sets?", turns=turns))
    assert "jefferson curl" in retriever.asked[0]["text"]
    assert retriever.asked[0]["vector"] is None


async def test_the_same_question_is_answered_once(path):
    coach, _, _, _, store = path
    await coach.respond(question(id="same"))
    with pytest.raises(Duplicate):
        await coach.respond(question(id="same"))
    assert len(store.recorded) == 1


async def test_what_another_process_took_up_is_left_to_it(path):
    coach, _, _, _, store = path
    store.opening = Opening(duplicate=True)
    with pytest.raises(Duplicate):
        await coach.respond(question())


@pytest.mark.parametrize("broken", ["assess", "guard"])
async def test_a_failing_safety_layer_refers_and_flags(path, monkeypatch, broken):
    coach, *_, store = path

    def fail(*_args, **_kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr(bot.coach, broken, fail)
    reply = await coach.respond(question())
    assert "failure" in reply.guarded.reasons
    assert store.recorded[0][0].flagged == "failure"
    assert not reply.citations


async def test_without_an_embedding_the_rules_alone_still_stand(path):
    coach, retriever, *_ = path
    retriever.fails = True
    assert (await coach.respond(question(EMERGENCY))).assessment.tier is Tier.EMERGENCY
    reply = await coach.respond(question())
    assert NOTHING in reply.text
    assert not reply.answered


@pytest.mark.parametrize("fault", [{"error": RuntimeError("429")}, {"seconds": 5.0}])
async def test_a_failing_or_slow_answerer_falls_back_to_the_extractive_one(path, fault):
    coach, _, answerer, *_ = path
    for name, value in fault.items():
        setattr(answerer, name, value)
    assert "From the documents. [1]" in (await coach.respond(question())).text


async def test_when_both_answerers_fail_the_reply_is_an_honest_line(path):
    coach, _, answerer, fallback, _ = path
    answerer.error = fallback.error = RuntimeError("down")
    assert NOTHING in (await coach.respond(question())).text


async def test_a_failing_store_holds_no_reply_back_and_is_tried_again(path):
    coach, *_, store = path
    before = REGISTRY.get_sample_value("spotter_unrecorded_total")
    store.down = True
    with capture_logs() as logged:
        reply = await coach.respond(question())
    assert reply.text
    assert reply.exchange == ""
    assert REGISTRY.get_sample_value("spotter_unrecorded_total") == before + 1
    assert any(line["stage"] == "store" for line in logged if "stage" in line)
    store.down = False
    for _ in range(100):
        await asyncio.sleep(0.01)
        if store.recorded:
            break
    assert store.recorded[0][0].question.text == "how deep should I squat?"
    assert len(coach.outbox) == 0


async def test_a_sticky_tier_is_known_in_this_process_even_while_the_store_is_down(path):
    coach, *_, store = path
    store.down = True
    await coach.respond(question(EMERGENCY))
    reply = await coach.respond(question("thanks, show me some heavy deadlift cues"))
    assert reply.assessment.tier is Tier.EMERGENCY


async def test_what_was_written_before_a_moderator_lifted_the_tier_counts_no_more(path):
    coach, *_, store = path
    now = datetime.now(UTC)
    store.opening = Opening(turns=(Turn(EMERGENCY, "person", now - timedelta(hours=1)),), released_at=now)
    assert (await coach.respond(question("how deep should I squat?"))).assessment.tier is Tier.NONE


async def test_logs_carry_no_word_of_the_message(path, monkeypatch):
    coach, retriever, *_ = path
    retriever.fails = True
    with capture_logs() as logged:
        await coach.respond(question("my xylophone knee hurts"))
    assert logged
    assert "xylophone" not in repr(logged)


async def test_a_demo_is_drawn_and_recorded(path):
    coach, *_, store = path
    walking = exercises()["walking"]
    reply = await coach.show(
        walking, question("walking"), lambda one: Attachment(f"{one.id}.webp", b"x", one.summary)
    )
    assert reply.attachment is not None
    assert walking.cues[0] in reply.text
    assert store.recorded[0][0].question.text == "walking"


async def test_the_common_fault_leads_where_it_was_asked_for(path):
    coach, *_ = path
    fault = next(one for one in exercises().values() if one.fault is not None)
    drawn = Attachment("fault.webp", b"x", "a fault")
    reply = await coach.show(fault, question(fault.name), lambda _one: drawn, fault=True)
    lead, rest = reply.text.split("\n", 1)
    assert fault.fault.name in lead
    assert fault.fault.caption in lead
    assert fault.cues[0] in rest


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.CAUTION])
@pytest.mark.parametrize("fault", [False, True])
def test_the_words_of_every_demo_pass_the_guard(fault, tier):
    for one in exercises().values():
        words = demo_words(one, tier, fault=fault)
        assert guard(one.name, words, Assessment(tier=tier), kind="demo").action != "replace", one.id


def test_a_dose_names_its_document_by_the_title():
    words = demo_words(exercises()["jefferson-curl"], Tier.NONE)
    assert "(from “The missing step in back rehab for lifters”)" in words
    assert "clinic-missing-step" not in words


async def test_a_demo_is_withheld_from_somebody_who_was_referred(path):
    coach, *_, store = path
    store.opening = Opening(state=State(Tier.REFER, nerve=True, since=datetime.now(UTC)))

    def draw(_exercise):
        raise AssertionError("must not be drawn")

    reply = await coach.show(exercises()["jefferson-curl"], question("jefferson curl"), draw)
    assert reply.attachment is None


async def test_an_earlier_reply_is_guarded_again_when_it_is_shown_again(path):
    coach, *_, store = path
    store.kept = Kept(
        "x1", "100", EMERGENCY, "Do some Jefferson curls.", "Do some Jefferson curls.", Assessment(tier=Tier.EMERGENCY), "pass", (), (), True,
        False, (), "tier", None, None, "", "en", datetime.now(UTC),
    )  # fmt: skip
    reply = await coach.recall("x1", "100", "ann")
    assert reply is not None
    assert "Jefferson" not in reply.text


async def test_fifty_questions_at_once_are_all_answered(path):
    coach, *_, store = path
    replies = await asyncio.gather(
        *(coach.respond(question(person=f"p{n}", conversation=f"c{n}")) for n in range(50))
    )
    assert len({reply.exchange for reply in replies}) == len(store.recorded) == 50


async def test_half_a_surrogate_pair_is_answered_and_recorded(path):
    coach, *_, store = path
    reply = await coach.respond(question("how deep \ud800 should I squat?"))
    assert reply.exchange
    assert store.recorded[0][0].question.text == "how deep ? should I squat?"
