"""The context rules X1 to X7, each with traps: denial, pseudo-denial, renaming, questions, habits, fear. By rules alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.assertion import judge, subject
from safety.lexicon import lexicon
from safety.matcher import read
from safety.scope import scope_of
from safety.types import Assertion, Assessment, Tier

Rules = Callable[..., Assessment]
EMERGENCY, URGENT, REFER = Tier.EMERGENCY, Tier.URGENT, Tier.REFER


def said(assessment: Assessment, *concepts: str) -> set[Assertion]:
    """How the findings of these concepts are asserted."""
    return {f.assertion for f in assessment.findings if f.concept in concepts}


# X1: a true denial takes away what it denies, and nothing else


@pytest.mark.parametrize(
    "text",
    [
        "no numbness or tingling anywhere in my leg",
        "no leg pain, no tingling",
        "back ache without tingling",
        "denies tingling in the foot",
        "my left foot isn't numb",
        "my legs aren't weak, no numbness",
        "no loss of feeling between the legs",
        "haven't had any tingling in my calf",
        "there is no weakness in my leg",
        "neither leg is numb",
        "tingling? nope. weakness? nope. just sore.",
        "i have never had a numb foot",
        "no trouble feeling the loo paper",
        "numbness - none / tingling - none / legs - good",
        "asked him about burning or a dead arm, he had neither",
        "il s'est coince le dos, pas de douleur dans la jambe, il marche bien",
        "weak foot? nah. stiff back though",
        "numbness in my foot? not a trace",
        "numb between the legs, certainly not. back is stiff",
    ],
)
def test_x1_what_is_denied_is_absent(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier < REFER
    assert Assertion.ABSENT in {f.assertion for f in assessment.findings}


@pytest.mark.parametrize(
    ("text", "absent", "present", "tier"),
    [
        ("no numbness in my hands but my feet tingle", "E7", "E5", EMERGENCY),
        ("no numbness, though my left calf tingles", "R2", "R2", REFER),
        ("i have no weakness, however my left foot tingles", "U2", "R2", REFER),
        ("no numbness. my left foot tingles.", "R2", "R2", REFER),
        ("no tingling; my right foot is numb now", "R2", "R2", REFER),
        ("no bladder trouble but i can't feel my crotch", "E2", "E1", EMERGENCY),
        ("no weakness. i can't feel it when i wipe.", "U2", "E1", EMERGENCY),
        ("no back trouble but numb toes", "C1", "R2", REFER),
        ("no weakness, no tingling, no feeling when i wipe", "U2", "E1", EMERGENCY),
    ],
)
def test_x1_ends_where_another_thing_begins(
    by_rules: Rules, text: str, absent: str, present: str, tier: Tier
):
    assessment = by_rules(text)
    assert Assertion.ABSENT in said(assessment, absent)
    assert Assertion.PRESENT in said(assessment, present)
    assert assessment.tier is tier


@pytest.mark.parametrize(
    "text",
    [
        "no fever, numb calf for two weeks",
        "no joke numb toes",
        "no sleep, numb toes for a week",
        "i never stretch before squats my left foot is numb",
        "havent slept well this week my foot is numb",
        "i dont belt up and my foot is numb",
        "never been to a physio in my life and now my foot tingles",
    ],
)
def test_x1_a_negative_about_something_else_denies_nothing(by_rules: Rules, text: str):
    assert by_rules(text).tier is REFER


# X2: a negative word that is the symptom itself


@pytest.mark.parametrize(
    "text",
    [
        "kribbeln im bein habe ich nicht",
        "taubheit im fuß? keine spur",
        "weder zieht es ins bein, noch kribbelt es im fuß",
        "die beine schlafen mir nicht ein",
        "hormigueo en la pierna no tengo",
        "ni hormigueo ni debilidad en la pierna",
        "des fourmis dans la jambe, j'en ai pas",
        "la jambe ne fourmille pas",
        "formigamento na perna eu não tenho",
        "a perna não formiga",
    ],
)
def test_x1_other_languages_deny_behind_the_name(by_rules: Rules, text: str):
    assert by_rules(text).tier < REFER


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("i can't feel my left foot", REFER),
        ("i cannot feel my right calf", REFER),
        ("no sensation in my left foot", REFER),
        ("there is no feeling in my crotch", EMERGENCY),
        ("nothing down there when i wipe", EMERGENCY),
        ("don't feel it when i wipe", EMERGENCY),
        ("i'm not able to pee since last night, back is killing me", EMERGENCY),
        ("haven't been able to pee since this morning and my back hurts", EMERGENCY),
        ("wet myself without realising it", EMERGENCY),
        ("my foot won't wake up", REFER),
        ("never felt tingling like this in my foot before", REFER),
        ("never had numbness like this before in my foot", REFER),
        ("the numbness in my foot hasn't gone away", REFER),
        ("the tingling in my foot is not getting better", REFER),
        ("it's not just my left leg any more, the right one tingles too", EMERGENCY),
        ("not only my left foot, my right foot is numb as well", EMERGENCY),
        ("can't lift my foot", URGENT),
        ("can't feel my left foot, nothing", REFER),
        ("no, tengo hormigueo en la pierna", REFER),
        ("se me duerme la pierna, no? y me preocupa", REFER),
        ("no numbness except my toes, radiation none", REFER),
        ("no siento la entrepierna, nada", EMERGENCY),
        ("je sens plus mes deux pieds, rien", EMERGENCY),
        ("foot is numb, pain i dont have", REFER),
        ("zehen taub, schmerzen habe ich keine", REFER),
        ("so taub hatte ich den fuß noch nie", REFER),
    ],
)
def test_x2_a_negator_inside_the_symptom_affirms_it(by_rules: Rules, text: str, tier: Tier):
    assert by_rules(text).tier >= tier


# X3: denied in one word, told in the next


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("not numb exactly, more like cotton wool under my foot", REFER),
        ("my crotch isn't numb as such, it just feels like it's not mine", EMERGENCY),
        ("it's not really tingling, it's more that my foot is dead", REFER),
        ("my foot isn't numb exactly, more like asleep", REFER),
        ("not numb, more like cotton wool between my legs", EMERGENCY),
        ("i wouldn't call it numb, it's more like my foot is not mine", REFER),
        ("not pins and needles, more a buzzing in my toes", REFER),
    ],
)
def test_x3_the_same_thing_renamed_stays(by_rules: Rules, text: str, tier: Tier):
    assert by_rules(text).tier >= tier


# X4: the lack of pain lowers nothing


@pytest.mark.parametrize(
    ("painless", "bare"),
    [
        ("my right foot is numb, no pain though", "my right foot is numb"),
        ("no pain at all between my legs, just numb", "numb between my legs"),
        ("my foot hangs and i can't lift it, doesn't hurt at all", "my foot hangs and i can't lift it"),
        ("painless but i can't lift my foot", "i can't lift my foot"),
        ("zero pain, crotch just numb", "crotch just numb"),
        ("no pain but my foot is numb", "my foot is numb"),
        ("both feet numb, no pain tho so that's good?", "both feet numb"),
    ],
)
def test_x4_no_pain_is_no_comfort(by_rules: Rules, painless: str, bare: str):
    assert by_rules(painless).tier >= by_rules(bare).tier >= REFER


# X5: a question about oneself is a report


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("is it normal that my crotch is numb?", EMERGENCY),
        ("why do my toes tingle after deadlifts?", REFER),
        ("should i worry that i can't feel my toes?", REFER),
        ("is it normal for my calf to tingle after every session?", REFER),
        ("could my numb toes be from squats?", REFER),
        ("why is my left foot tingling?", REFER),
        ("what should i do, my foot is numb", REFER),
        ("has anyone had a numb foot like mine after squats?", REFER),
        ("am i ok to lift? i can't feel my left foot", REFER),
    ],
)
def test_x5_a_question_about_oneself_is_a_report(by_rules: Rules, text: str, tier: Tier):
    assert by_rules(text).tier >= tier


# X6: a habit is a finding


@pytest.mark.parametrize(
    "text",
    [
        "if i squat my foot goes numb",
        "when i cough it shoots down my left leg",
        "whenever i bench my little finger goes numb",
        "every time i deadlift my calf tingles",
        "when i look up my arm tingles",
        "my toes go numb whenever i deadlift",
        "my calf tingles each time i hinge",
    ],
)
def test_x6_habitual_if_and_when_affirm(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier is REFER
    assert Assertion.PRESENT in {f.assertion for f in assessment.findings}


# X7: fear, prevention, definition


@pytest.mark.parametrize(
    "text",
    [
        "what if i herniate a disc and my legs go numb?",
        "what if my foot goes numb one day?",
        "i'm scared of getting sciatica",
        "how do i prevent numb feet when squatting?",
        "what should i do if my legs ever go numb?",
        "worried about getting a slipped disc and numb legs",
        "in case my foot ever goes numb, what then?",
        "how to avoid sciatica",
        "can deadlifts cause numb feet?",
        "what does saddle numbness mean?",
    ],
)
def test_x7_fear_prevention_and_definition_are_answered_with_the_footer(by_rules: Rules, text: str):
    assessment = by_rules(text)
    assert assessment.tier < REFER
    assert assessment.education
    assert not any(f.assertion.counts and f.tier >= REFER for f in assessment.findings)


# what the rules are made of


def test_a_scope_is_a_sentence_with_its_neighbours():
    reading = read("one two. my foot is numb. three four. five", lexicon("en"))
    scope = scope_of(reading, 3, 6)
    assert (scope.previous_low, scope.low, scope.high, scope.next_high) == (0, 2, 6, 8)


def test_every_judgement_names_its_rule():
    reading = read("no numbness in my foot", lexicon("en"))
    judgement = judge(reading, 1, 5, 1)
    assert judgement.assertion is Assertion.ABSENT
    assert judgement.rule == "X1 denied: no"


def test_a_pronoun_looks_back_for_its_person():
    reading = read("my wife squats too. her foot is numb", lexicon("en"))
    who, mark = subject(reading, 6, scope_of(reading, 6, 7))
    assert who == "other"
    assert mark is not None
