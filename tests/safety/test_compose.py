"""The combination rules K0 to K17: which findings together make which tier. Told in messages, by rules alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.compose import Verdict, carried, decide
from safety.types import Assessment, Tier, Topic

Rules = Callable[..., Assessment]
EMERGENCY, URGENT, REFER, CAUTION, NONE = Tier.EMERGENCY, Tier.URGENT, Tier.REFER, Tier.CAUTION, Tier.NONE

TABLE = [
    # rule that must have fired, message, tier
    ("K1", "my crotch is numb", EMERGENCY),
    ("K1", "no back pain at all, but i can't feel it when i wipe", EMERGENCY),
    ("K1", "my whole backside is numb", EMERGENCY),
    ("K2", "takes ages to start peeing and my back hurts", EMERGENCY),
    ("K2", "i leak through the day and my back is bad", EMERGENCY),
    ("K2", "herniated disc last month, now i dribble all day", EMERGENCY),
    ("K2b", "can't pee at all since yesterday", EMERGENCY),
    ("K2b", "wet myself and never felt it", EMERGENCY),
    ("K2b", "i soiled myself", EMERGENCY),
    ("K2c", "i leak a little when i brace on heavy squats", REFER),
    ("K3", "both feet tingle since yesterday", EMERGENCY),
    ("K3", "my left calf tingles and my right calf is numb", EMERGENCY),
    ("K3b", "both feet have tingled for three months, always the same", URGENT),
    ("K4", "my left leg is numb and i can't get an erection", EMERGENCY),
    ("K5", "left foot numb and getting worse", URGENT),
    ("K5", "spreading numbness up my leg", URGENT),
    ("K5", "pain is gone but my foot is numb", URGENT),
    ("U2", "left foot numb and weak", URGENT),
    ("K6", "both hands tingle", URGENT),
    ("K6", "both hands tingle and i'm unsteady when i walk", URGENT),
    ("K6", "my arm and my leg suddenly went numb", EMERGENCY),
    ("K6", "both hands tingle since i fell on my neck", EMERGENCY),
    ("K7", "back pain and a fever", URGENT),
    ("K7", "back pain, fever, and my leg is numb", EMERGENCY),
    ("K7", "back pain, fever and i inject gear", EMERGENCY),
    ("K7", "back pain with fever, i'm on methotrexate", EMERGENCY),
    ("K8", "fell on my back and my foot is numb", EMERGENCY),
    ("K8", "fell on my back and the bone in the middle is tender", EMERGENCY),
    ("K8", "fell on my back and i can't walk", EMERGENCY),
    ("E8", "fell on my back, it hurts", URGENT),
    ("K9", "crushing chest pain", EMERGENCY),
    ("K9", "sudden tearing pain between my shoulder blades", EMERGENCY),
    ("K10", "pee is brown after murph", EMERGENCY),
    ("K10", "back is hard as a board, worse every hour since deadlifts", EMERGENCY),
    ("K11", "had cancer in 2018, back hurts now", URGENT),
    ("K12", "arm swollen and blue since bench", URGENT),
    ("K12", "arm swollen and blue since bench, can't breathe and chest is crushing", EMERGENCY),
    ("K13", "i'm on blood thinners and my left foot went numb", EMERGENCY),
    ("K13", "five weeks after my microdiscectomy and since last night my little toe has no feeling", EMERGENCY),
    ("K1", "i'm 34 weeks pregnant and numb between the legs", EMERGENCY),  # K14
    ("K1", "i'm postpartum and i lost feeling when i wipe", EMERGENCY),  # K14
    ("K15", "back hurts every night when i lie down", REFER),
    ("E6", "can't lift either foot", EMERGENCY),
    ("U1", "can't lift my left foot", URGENT),
    ("E11", "face numb on one side", EMERGENCY),
    ("R1", "shooting pain down my left leg", REFER),
    ("R3", "little finger numb after bench", REFER),
    ("R7", "im 16, back hurts when i arch", REFER),
    ("R8", "headache on every heavy set", REFER),
    ("E4 alone", "can't get an erection", REFER),
    ("C1", "lower back stiff after deadlifts", CAUTION),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "text", "tier"), TABLE, ids=[f"{rule}-{text[:50]}" for rule, text, _ in TABLE]
)
def test_the_combination_makes_the_tier_and_names_its_rule(by_rules: Rules, rule: str, text: str, tier: Tier):
    assessment = by_rules(text)
    assert assessment.tier is tier
    assert rule in assessment.rules


@pytest.mark.parametrize(
    "text",
    [
        "burning when i pee",  # K2d
        "constipated for three days",  # K2e
        "both legs sore from squats",  # K3c
        "both legs like jelly after squats",  # K3c
        "chest sore after bench",
        "i'm 58 and i squat twice a week",
    ],
)
def test_what_the_table_leaves_alone(by_rules: Rules, text: str):
    assert by_rules(text).tier < REFER


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("my leg's gone numb since squats", "my legs gone numb since squats"),
        ("sciatica on my left, shooting to the foot", "sciatica, the right one has joined in, same shooting"),
        ("leg\u2019s tingly", "my leg's are tingly"),
        ("my hand's dead every night", "both hand's dead every night"),
        (
            "one patch on my left thigh tingles, both legs strong",
            "one patch on my left thigh tingles, now both thighs",
        ),
        (
            "a zap down my left leg, three days now, other leg fine",
            "a zap down my left leg, now the other leg",
        ),
        (
            "pain down my left leg, low back sore on both sides",
            "pain down my left leg, tingling in both sides",
        ),
    ],
)
def test_k3_one_limb_that_is_numb_is_not_two(by_rules: Rules, one: str, several: str):
    assert by_rules(one).tier < by_rules(several).tier


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("arm's swollen and blue since pull ups", URGENT),
        ("my foot's been dragging since sunday", URGENT),
        ("calf's hot, tight and twice the size since the flight", URGENT),
    ],
)
def test_a_limb_that_is_something_is_read_without_its_apostrophe(by_rules: Rules, text: str, tier: Tier):
    assert by_rules(text).tier is tier


@pytest.mark.parametrize(
    ("steady", "worse"),
    [
        ("thumb and first finger tingle, two weeks", "first just the thumb, now the whole hand tingles"),
        ("pain down to my ankle, tingly sole", "pain now down to my ankle, tingly sole"),
        ("pain to the left calf, foot tingles", "pain has left but my foot tingles"),
        ("a creeping itchy tingle in my thumb", "a tingle in my thumb, creeping up"),
    ],
)
def test_k5_where_it_is_and_how_it_feels_is_no_worsening(by_rules: Rules, steady: str, worse: str):
    assert by_rules(steady).tier is REFER
    assert by_rules(worse).tier is URGENT


@pytest.mark.parametrize(
    "text",
    [
        "krieg den rechten vorfuß nicht mehr hoch seit dem kreuzheben",
        "nao consigo subir na ponta do pe esquerdo",
        "no tengo fuerza para apretar con la mano derecha desde el viernes",
    ],
)
def test_k4_a_foot_that_will_not_rise_is_no_sexual_change(by_rules: Rules, text: str):
    assert "K4" not in by_rules(text).rules
    assert by_rules(text).tier is URGENT


def test_k2_bladder_change_without_context_asks_instead(by_rules: Rules):
    assessment = by_rules("takes ages to start peeing")
    assert assessment.tier < REFER
    assert assessment.clarify == ("saddle", "toilet", "legs")


def test_k2c_a_leak_on_effort_is_no_excuse_beside_a_nerve_symptom(by_rules: Rules):
    assert by_rules("i leak a little when i brace on heavy squats").tier is REFER
    assert by_rules("i leak all day since my back went, not only when i brace").tier is EMERGENCY


def test_k15_one_soft_flag_refers_and_age_alone_does_not(by_rules: Rules):
    assert by_rules("i'm 58 and my back hurts").tier is CAUTION
    assert by_rules("i'm 58 and my back hurts all night when i lie down").tier is URGENT


def test_k17_self_harm_stands_beside_the_spinal_tier(by_rules: Rules):
    assessment = by_rules("both legs numb and i want to die")
    assert assessment.crisis
    assert assessment.tier is EMERGENCY
    assert not by_rules("both legs numb").crisis


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("my crotch is numb", Topic.SPINE),
        ("little finger numb after bench", Topic.ARM),
        ("pee is brown after murph", Topic.MUSCLE),
        ("crushing chest pain", Topic.HEART),
        ("face numb on one side", Topic.HEAD),
        ("arm swollen and blue since bench", Topic.VESSEL),
        ("back pain and a fever", Topic.INFECTION),
        ("fell on my back and i can't walk", Topic.TRAUMA),
        ("i leak a little when i brace on heavy squats", Topic.PELVIC),
    ],
)
def test_the_referral_is_worded_for_what_it_is_about(by_rules: Rules, text: str, topic: Topic):
    assert by_rules(text).topic is topic


@pytest.mark.parametrize(
    ("text", "nerve"),
    [
        ("my crotch is numb", True),
        ("little finger numb after bench", True),
        ("crushing chest pain", False),
        ("back pain and a fever", False),
        ("lower back stiff after deadlifts", False),
    ],
)
def test_nerve_messages_are_told_from_other_ones(by_rules: Rules, text: str, nerve: bool):
    assert by_rules(text).nerve is nerve


# what the rules are made of

FEATURES = st.frozensets(
    st.sampled_from(
        [
            "nerve", "nerve:leg", "nerve:leg:left", "nerve:leg:right", "nerve:leg:both", "nerve:saddle", "nerve:arm", "nerve:arm:both", "weak:leg", "weak:leg:both",
            "has:backpain", "has:legpain", "has:E2:change", "has:E2:retention", "has:E2:effort", "has:E3:bowel", "has:E4:sexual", "has:E6:lost", "has:footdrop",
            "has:E8:trauma", "has:fevertrue", "has:E12:urine", "has:U6:limb", "sciatica", "cancer", "~worse", "~sudden", "~both", "~neck", "~knownces", "~minor",
        ]
    )
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(FEATURES)
def test_k0_an_emergency_stays_one_whatever_else_is_told(names: frozenset[str]):
    """Adding a finding never takes EMERGENCY away (context that dates or explains a finding is judged before it becomes a feature)."""
    for grave in ("has:E6:lost", "has:E2:retention", "has:E3:bowel", "has:E12:urine"):
        assert decide(names | {grave}, names | {grave}).tier is EMERGENCY


@settings(max_examples=300, deadline=None)
@given(
    FEATURES,
    st.sampled_from(
        ["nerve:leg", "has:backpain", "has:footdrop", "weak:leg", "has:fevertrue", "has:E8:trauma"]
    ),
)
def test_k16_another_finding_never_lowers_the_tier(names: frozenset[str], added: str):
    more = names | {added}
    assert decide(more, more).tier >= decide(names, names).tier


def test_t4_saddle_change_of_long_standing_is_urgent_unless_it_moves():
    old = frozenset({"nerve", "nerve:saddle", "~longtime"})
    assert decide(old, old).tier is URGENT
    for moving in ("~worse", "~recent", "~sudden", "~returned"):
        assert decide(old | {moving}, old | {moving}).tier is EMERGENCY


def test_nothing_makes_nothing():
    assert decide(frozenset(), frozenset()).tier is NONE


def test_the_highest_tier_brings_its_topic():
    verdict = Verdict()
    verdict.raise_to(REFER, "R3", "R3", Topic.ARM)
    verdict.raise_to(EMERGENCY, "K9", "E10", Topic.HEART)
    verdict.raise_to(URGENT, "U1", "U1", Topic.SPINE, nerve=True)
    assert (verdict.tier, verdict.topic, verdict.nerve) == (EMERGENCY, Topic.HEART, True)
    assert verdict.rules == ["R3", "K9", "U1"]
    verdict.raise_to(EMERGENCY, "E6", "E6", Topic.SPINE)
    assert verdict.topic is Topic.HEART


def test_circumstances_of_a_message_are_forgotten_and_those_of_a_person_are_not():
    kept = carried(frozenset({"nerve:leg", "~worse", "~sudden", "~knownces", "~thinners", "has:backpain"}))
    assert kept == {"nerve:leg", "has:backpain", "~knownces", "~thinners"}


def test_k12_e11_tight_straps_that_came_off_and_a_dentist_are_harmless(by_rules: Rules):
    assert by_rules("wrist wraps too tight, fingers purple, undid them, fine").tier < REFER
    assert by_rules("cuffs off yesterday, one arm is swollen, tight, bit purple").tier is URGENT
    assert by_rules("straps too tight, took them off, arm swollen and blue since sunday").tier is URGENT
    assert by_rules("half my face numb from the dentist, ok to squat tonight").tier < REFER
    assert by_rules("face drooped after the filling, still drooping today").tier is EMERGENCY
    assert (
        by_rules("arm swollen and purple, straps were tight so took them off, looks the same").tier is URGENT
    )
    assert by_rules("calf strain, not swollen, can do raises").tier is CAUTION
    assert by_rules("pee isn't red, more like coke, since the squat challenge").tier is EMERGENCY
