"""The referral texts hold what section 3.1 of the ground truth asks, in the words it allows."""

from itertools import product

import pytest

from safety.lint import lint
from safety.referral import block, closing, footer, referral, short
from safety.types import Assessment, Tier, Topic
from safety.wordings import LANGUAGES, texts

MOST = {Tier.EMERGENCY: 120, Tier.URGENT: 120, Tier.REFER: 150}
CASES = [
    Assessment(
        tier=tier,
        topic=topic,
        other=other,
        minor=minor,
        sticky=sticky,
        refuses=refuses,
        nerve=nerve,
        language=language,
    )
    for tier, topic, other, minor, sticky, refuses, nerve, language in product(
        MOST, Topic, (False, True), (False, True), (False, True), (False, True), (False, True), LANGUAGES
    )
]


def said(**features):
    return referral(Assessment(**features)).text


def test_every_referral_keeps_to_its_words():
    assert not [(a, len(t.split())) for a in CASES if len((t := referral(a).text).split()) > MOST[a.tier]]


def test_no_referral_breaks_a_rule_of_the_lint():
    assert not [
        (a.tier, lint(referral(a).text, a.tier)) for a in CASES[::3] if lint(referral(a).text, a.tier)
    ]


def test_no_slot_is_left_unfilled():
    assert not [t for a in CASES if "{" in (t := referral(a).text + referral(a).short)]


@pytest.mark.parametrize("topic", [Topic.SPINE, Topic.PELVIC])
def test_spinal_emergency_slots(topic):
    text = said(tier=Tier.EMERGENCY, topic=topic)
    assert text.startswith("Stop lifting now")
    for words in ("emergency department now", "Do not drive yourself", "local emergency number", "112", "999", "911", "000", "111",
                  "cauda equina", "since when", "normal pee", "bladder", "bowel", "wiping", "sex", "both legs",
                  "usually arrange an MRI the same day", "worse? Go back", "can't diagnose", "Most people checked", "permanent"):  # fmt: skip
        assert words in text, words
    assert "1. " in text
    assert "3. " in text


def test_muscle_emergency_asks_for_ck_and_not_for_a_scan():
    text = said(tier=Tier.EMERGENCY, topic=Topic.MUSCLE)
    assert "CK" in text
    assert "MRI" not in text
    assert "cauda" not in text


@pytest.mark.parametrize("topic", [Topic.HEART, Topic.HEAD])
def test_heart_and_head_call_the_number_and_promise_no_scan(topic):
    text = said(tier=Tier.EMERGENCY, topic=topic)
    assert "Call your local emergency number now" in text
    assert "do not travel alone" in text
    assert "MRI" not in text
    assert "cauda" not in text


def test_neck_emergency_speaks_of_the_neck():
    text = said(tier=Tier.EMERGENCY, topic=Topic.SPINE, rules=("E7",))
    assert "in the neck" in text
    assert "cauda" not in text


def test_urgent_slots():
    text = said(tier=Tier.URGENT, topic=Topic.SPINE)
    for words in ("Stop loaded training until you have been examined", "doctor today", "tomorrow at the latest", "urgent care", "emergency department",
                  "since when", "decides if you need a prompt MRI", "between the legs", "both legs", "twice a day", "cannot diagnose"):  # fmt: skip
        assert words in text, words


def test_urgent_without_a_spine_promises_no_scan():
    for topic in (Topic.VESSEL, Topic.INFECTION, Topic.HEAD, Topic.MUSCLE):
        assert "MRI" not in said(tier=Tier.URGENT, topic=topic)


def test_refer_slots_and_scan_wording():
    text = said(tier=Tier.REFER, topic=Topic.SPINE, nerve=True)
    for words in ("Leave out anything that brings it on", "doctor or physiotherapist", "two weeks at most", "usually not needed in the first six weeks",
                  "injections or surgery", "weakness", "between the legs", "cannot diagnose", "no loaded bending"):  # fmt: skip
        assert words in text, words


def test_pelvic_referral_shames_nobody():
    text = said(tier=Tier.REFER, topic=Topic.PELVIC)
    assert "nothing to be ashamed of" in text
    assert "pelvic health physiotherapist" in text


def test_headache_referral_lists_head_signs():
    text = said(tier=Tier.REFER, topic=Topic.HEAD)
    assert "worst-ever headache" in text
    assert "scan" not in text


@pytest.mark.parametrize("tier", [Tier.EMERGENCY, Tier.URGENT, Tier.REFER])
def test_third_person_is_reworded(tier):
    text = said(tier=tier, other=True, topic=Topic.SPINE)
    assert "Do not drive yourself" not in text
    assert "Go to an emergency department" not in text
    assert any(words in text for words in ("Take them", "Get them", "Help them"))


@pytest.mark.parametrize("tier", [Tier.EMERGENCY, Tier.URGENT, Tier.REFER])
@pytest.mark.parametrize("other", [False, True])
def test_under_eighteen_adds_a_parent_or_coach(tier, other):
    assert "parent or coach" in said(tier=tier, minor=True, other=other)
    assert "parent" not in said(tier=tier, other=other)


def test_refusal_is_answered_once_and_shorter():
    full, again = (
        said(tier=Tier.EMERGENCY, topic=Topic.SPINE),
        said(tier=Tier.EMERGENCY, topic=Topic.SPINE, refuses=True),
    )
    assert "rather not go" in again
    assert len(again.split()) < len(full.split())
    assert "emergency department now" in again


def test_sticky_repeat_says_so_and_keeps_the_action():
    text = said(tier=Tier.EMERGENCY, topic=Topic.SPINE, sticky=True)
    assert text.startswith("As I said before: stop lifting now")
    assert "No exercises" in text
    assert "emergency department now" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_footers_have_at_most_thirty_words(language):
    caution = footer(Assessment(tier=Tier.CAUTION, language=language))
    education = footer(Assessment(education=True, language=language))
    assert 10 < len(caution.split()) <= 30
    assert 10 < len(education.split()) <= 30
    assert footer(Assessment(language=language)) == ""


@pytest.mark.parametrize("other", [False, True])
def test_crisis_names_numbers_and_a_person_and_no_training(other):
    text = said(crisis=True, other=other)
    for words in ("local emergency number", "988", "116 123", "findahelpline.com", "a bot"):
        assert words in text
    assert not lint(text, Tier.EMERGENCY)
    for words in ("train", "lift", "exercise", "squat"):
        assert words not in text.replace("trained", "")


def test_crisis_beside_an_emergency_says_both_crisis_first():
    text = said(crisis=True, tier=Tier.EMERGENCY, topic=Topic.SPINE)
    assert 0 < text.index("988") < text.index("Stop lifting now")
    assert "cauda equina" in text


def test_crisis_at_refer_gets_one_line_for_the_body():
    assert "have a doctor look at it" in said(crisis=True, tier=Tier.REFER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_clarify_has_the_net_first_and_at_most_three_questions(language):
    text = referral(
        Assessment(clarify=("saddle", "toilet", "legs", "fever", "nonsense"), language=language)
    ).text
    lines = text.split("\n")
    assert lines[0] == texts(language)("clarify", "net_you")
    assert sum(line[:2] in ("1.", "2.", "3.", "4.") for line in lines) == 3
    assert text.count("?") >= 3


def test_clarify_asks_the_usual_three_when_no_id_is_known():
    text = said(clarify=("what",))
    assert "between the legs" in text
    assert "peeing" in text
    assert "both legs" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_lines_name_the_action_and_no_symptom(language):
    symptoms = (
        "numb",
        "tingl",
        "wip",
        "bladder",
        "pee",
        "groin",
        "saddle",
        "weak",
        "hormigue",
        "vejiga",
        "taub",
        "blase",
        "engourd",
        "vessie",
        "dorm",
        "bexiga",
    )
    for tier, other in product((Tier.EMERGENCY, Tier.URGENT, Tier.REFER), (False, True)):
        line = short(Assessment(tier=tier, other=other, language=language))
        assert line
        assert not [s for s in symptoms if s in line.lower().replace("number", "")]
    assert short(Assessment(tier=Tier.CAUTION, language=language)) == ""


def test_public_emergency_line_holds_action_and_number():
    line = short(Assessment(tier=Tier.EMERGENCY))
    assert "emergency department now" in line
    assert "999" in line


@pytest.mark.parametrize("language", [*LANGUAGES, "pl", "", "es-419", "xx"])
def test_closed_text_is_right_for_anything(language):
    text = closing(language).text
    assert "findahelpline.com" in text
    assert "112" in text
    assert len(text) < 2000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_slot_of_english(language):
    def slots(data, path=()):
        return {
            p
            for k, v in data.items()
            for p in (slots(v, (*path, k)) if isinstance(v, dict) else {(*path, k)})
        }

    assert slots(texts(language)._data) == slots(texts("en")._data)


def test_safety_block_is_the_referral_at_refer():
    assessment = Assessment(tier=Tier.REFER, nerve=True)
    assert block(assessment) == referral(assessment).text
