"""Conversations: symptoms told in pieces, a tier that stands for 72 hours, and what releases it. By rules alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safety import backstop
from safety.assess import assess
from safety.types import STICKY, Assessment, State, Tier, Topic, Turn

EMERGENCY, URGENT, REFER, CAUTION, NONE = Tier.EMERGENCY, Tier.URGENT, Tier.REFER, Tier.CAUTION, Tier.NONE
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _rules_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backstop, "score", lambda *_: None)


def after(*texts: str) -> Assessment:
    """The assessment of the last of several messages sent at once."""
    return assess([Turn(text) for text in texts], now=NOON)[0]


def later(state: State, text: str, hours: float = 1) -> tuple[Assessment, State]:
    """One message, `hours` after noon, with the remembered state only."""
    return assess([Turn(text)], state=state, now=NOON + hours * HOUR)


def standing(*texts: str) -> State:
    """The state that messages at noon leave."""
    return assess([Turn(text) for text in texts], now=NOON)[1]


# what is told in pieces adds up


@pytest.mark.parametrize(
    ("turns", "tier"),
    [
        (("my back hurts", "and it takes ages to start peeing"), EMERGENCY),  # K2
        (("takes ages to start peeing", "my left leg tingles too"), EMERGENCY),  # K2 the other way round
        (("left leg is numb", "right leg is numb"), EMERGENCY),  # K3
        (("my left leg went numb after deadlifts", "ok what about rest times?", "now the right one too"), EMERGENCY),  # K3
        (("left foot tingles", "and it is spreading up my leg"), URGENT),  # T2
        (("sciatica, left leg", "the right one's started sparking too"), EMERGENCY),
        (("right leg's numb", "now the left aswell"), EMERGENCY),
        (("se me duerme la pierna izquierda", "ahora tambien la derecha"), EMERGENCY),
        (("my foot is numb", "thanks", "and now it's getting worse"), URGENT),  # T2
        (("i can't get an erection", "also my back has been hurting since friday"), EMERGENCY),  # K4
        (("i'm on blood thinners", "how deep should i squat?", "my left foot went numb"), EMERGENCY),  # K13
    ],
)  # fmt: skip
def test_symptoms_split_over_turns_add_up(turns: tuple[str, ...], tier: Tier):
    assert after(*turns).tier is tier
    assert max(after(turn).tier for turn in turns) < tier


@pytest.mark.parametrize(
    "turns",
    [
        ("my back hurts", "my foot is fine"),
        ("left leg is sore", "right leg is sore"),
        ("how deep should i squat?", "and how often?"),
    ],
)
def test_harmless_pieces_add_up_to_nothing(turns: tuple[str, ...]):
    assert after(*turns).tier < REFER


@pytest.mark.parametrize(
    ("first", "then", "tier"),
    [
        ("left foot has pins and needles since monday", "ok it's not just the left one any more", EMERGENCY),
        ("left foot has pins and needles since monday", "right one too now", EMERGENCY),
        ("my right calf has gone numb", "now the other one has started", EMERGENCY),
        ("left hand tingles", "it's both now", URGENT),
        ("mein linker fuß kribbelt seit montag", "jetzt auch der rechte", EMERGENCY),
        ("me hormiguea el pie derecho desde el lunes", "bueno, ahora ya no es solo el derecho", EMERGENCY),
        ("mon pied gauche est engourdi depuis lundi", "maintenant c'est les deux", EMERGENCY),
        ("meu pé esquerdo está dormente desde ontem", "o outro também", EMERGENCY),
        ("left foot has pins and needles since monday", "should i train the other leg too", REFER),
        ("left foot has pins and needles since monday", "the right one is fine", REFER),
        ("left foot has pins and needles since monday", "ok i'll rest both now", REFER),
        ("left hamstring is sore from rdls", "right one too now", CAUTION),
        ("left foot has pins and needles since monday", "right leg's doing the same thing today", EMERGENCY),
        ("left foot has pins and needles since monday", "right leg also gets three sets?", REFER),
        ("left foot has pins and needles since monday", "right side too strong compared to left", REFER),
        ("left foot has pins and needles since monday", "my other leg does it without trouble", REFER),
        ("left foot has pins and needles since monday", "both now that i've got the plates", REFER),
        ("left foot has pins and needles since monday", "the right hand has joined the mixed grip", REFER),
        ("mein linker fuß kribbelt seit montag", "jetzt auch rechts trainieren?", REFER),
    ],
)
def test_one_limb_becomes_two_without_naming_the_feeling_again(first: str, then: str, tier: Tier):
    """K3 and K6: what is elliptic in a later message is read with what stands."""
    assert after(first, then).tier is tier


def test_the_pieces_may_come_in_different_sessions_with_the_state_alone():
    state = standing("my back hurts")
    assessment, state = later(state, "how many sets of squats?", 10)
    assert assessment.tier < REFER
    assessment, _ = later(state, "takes ages to start peeing", 20)
    assert assessment.tier is EMERGENCY


def test_what_the_bot_wrote_is_never_a_finding():
    turns = [
        Turn("how do i squat?"),
        Turn("you told me that your crotch is numb. both legs tingle.", speaker="bot"),
        Turn("ok"),
    ]
    assessment, state = assess(turns, now=NOON)
    assert assessment.tier is NONE
    assert state.features == frozenset()


# the tier stands (X17)


@pytest.mark.parametrize(
    "aside",
    [
        "ok thanks, now show me jefferson curls",
        "what weight should i deadlift tomorrow?",
        "my mate says it's fine",
        "i googled it and it's nothing",
        "it's fine now",
        "no numbness anywhere now",
        "how do i appeal this?",
    ],
)
def test_asides_reassurance_and_appeals_do_not_end_it(aside: str):
    assessment = after("my crotch is numb", aside)
    assert assessment.tier is EMERGENCY
    assert not assessment.coaching


def test_it_stands_for_72_hours_and_no_longer():
    state = standing("my crotch is numb")
    assert timedelta(hours=72) == STICKY
    held, _ = later(state, "how deep should i squat?", 71.9)
    gone, fresh = later(state, "how deep should i squat?", 72.1)
    assert held.tier is EMERGENCY
    assert gone.tier is NONE
    assert fresh.features == frozenset()


def test_a_new_finding_begins_the_72_hours_anew():
    _, state = later(standing("my crotch is numb"), "it is still numb when i wipe", 70)
    assert later(state, "and how wide?", 73)[0].tier is EMERGENCY


def test_a_lower_finding_keeps_the_higher_tier_and_its_topic():
    assessment = after("pee is brown after murph", "my little finger tingles")
    assert assessment.tier is EMERGENCY
    assert assessment.topic is Topic.MUSCLE
    assert assessment.fresh is REFER


def test_crisis_stands_too():
    assert after("i want to die", "what's a good squat programme?").crisis
    assert not after("what's a good squat programme?").crisis


def test_the_state_holds_no_text():
    state = standing("my crotch is numb and my ex Brenda laughed")
    assert "brenda" not in repr(state).lower()
    assert state.tier is EMERGENCY
    assert "nerve:saddle" in state.features


# what releases it


def test_a_moderators_release_starts_anew_and_new_findings_count_again():
    """A release hands over an empty state and only what was written after it."""
    released = State(since=NOON + HOUR)
    assert later(released, "how deep should i squat?", 2)[0].coaching
    assert later(released, "my crotch is numb again", 2)[0].tier is EMERGENCY


def test_a_corrected_tier_stands_in_place_of_the_old_one():
    corrected = State(tier=REFER, topic=Topic.SPINE, nerve=True, since=NOON)
    assert later(corrected, "how deep should i squat?", 2)[0].tier is REFER
    assert later(corrected, "now my crotch is numb", 2)[0].tier is EMERGENCY


@pytest.mark.parametrize(
    "review",
    [
        "the doctor at a&e examined me and did an mri, all clear",
        "i've been checked by a doctor, mri was fine, what can i train?",
        "saw my physio today, he examined me and cleared me",
        "the neurologist has seen me and signed me off",
        "doctor saw it yesterday, all ok, said i can train",
    ],
)
def test_a_stated_medical_review_releases_it(review: str):
    assert after("my crotch is numb", review).tier <= CAUTION
    assert after("foot has been numb for a week", review).tier <= CAUTION


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ("doctor checked me, all clear, but now i can't pee", EMERGENCY),
        ("doctor checked me, all clear, but my little finger tingles", EMERGENCY),
        ("mri was clear last week and today my crotch is numb again", EMERGENCY),
        ("i have an appointment with the doctor next week", EMERGENCY),
        ("my coach had a look at it", EMERGENCY),
        ("should i see a doctor or is it fine?", EMERGENCY),
    ],
)
def test_new_findings_plans_and_lay_opinions_do_not(words: str, tier: Tier):
    assert after("my crotch is numb", words).tier is tier


# a harmless cause told one message later


def test_a_harmless_cause_told_next_is_read_with_what_it_explains():
    assert after("feet are numb").tier >= REFER
    assert after("feet are numb", "just out of the ice bath, back to normal").tier < REFER
    assert after("had sciatica at school", "never came back").tier < REFER


@pytest.mark.parametrize(
    "grave", ["crotch is numb", "can't pee and my back hurts", "can't lift my left foot"]
)
def test_but_it_never_explains_what_is_grave(grave: str):
    assert after(grave, "just out of the ice bath, back to normal").tier >= URGENT


def test_nor_does_an_answer_about_something_else_explain_it():
    """What is normal is the toilet, not the feet (X17)."""
    told = (
        "woke up with pins and needles in both feet, back stiff",
        "no, wiping is normal. no, bladder's normal",
    )
    assert after(*told).tier is EMERGENCY
    assert after(*told, "they're a bit less now so what weight for rows").tier is EMERGENCY


# closed questions and their answers (X18)


def test_yes_to_the_closed_questions_means_the_graver_reading():
    first = after("my leg feels weird")
    assert first.clarify == ("saddle", "toilet", "legs")
    assert after("my leg feels weird", "yes").tier is EMERGENCY


def test_no_to_the_closed_questions_lets_the_talk_go_on():
    assessment = after("my leg feels weird", "no, none of that")
    assert assessment.tier < REFER
    assert assessment.clarify == ()
    assert assessment.coaching


def test_an_answer_in_words_counts_for_what_it_says():
    assert after("my leg feels weird", "yes, both legs tingle").tier is EMERGENCY
    assert after("my leg feels weird", "just the left foot is numb").tier is REFER


def test_yes_and_no_in_one_answer_is_not_taken_for_yes():
    assert after("my leg feels weird", "yes weird. no. no. no.").tier < REFER


def test_yes_without_a_question_means_nothing():
    assert after("how deep should i squat?", "yes").tier is NONE


def test_asking_to_forget_a_sign_does_not_unsay_it():
    """The request is an order like any other (X12): what it is about was said."""
    assert after("ignore what i said about the numb groin, program please").tier is Tier.EMERGENCY
    assert (
        after("forget that i told you about my numb leg. jefferson curls, how many sets?").tier >= Tier.REFER
    )


# self-harm beside words that make it something else elsewhere


@pytest.mark.parametrize(
    ("idiom", "meant"),
    [
        (
            "our gym runs a deadlift day for a suicide charity in may",
            "we ran a charity lift on sunday and since then nothing has felt worth it, i want to kill myself",
        ),
        ("gonna top myself up with carbs before the meet", "gonna top myself before the meet"),
        ("chorus goes i want to die in your arms", "i want to die, that song is on repeat"),
        ("esse treino de perna vai me matar kkkk", "depois do treino de hoje eu vou me matar"),
    ],
)
def test_what_makes_self_harm_an_idiom_must_stand_beside_it(idiom: str, meant: str):
    assert not assess([Turn(idiom)])[0].crisis
    assert assess([Turn(meant)])[0].crisis
