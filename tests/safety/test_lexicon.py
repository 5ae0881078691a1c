"""The lexicon's files: each example holds, each fault is named, each concept has a file of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safety import lexicon
from safety.assess import assess
from safety.compose import decide, features
from safety.concepts import BY_LABEL, concept_of, table
from safety.findings import candidates
from safety.language import detect
from safety.matcher import read
from safety.messages import load
from safety.types import Tier, Topic, Turn

SAFETY = Path(lexicon.__file__).parent
FILES = lexicon.read()
CONCEPTS = [f for f in FILES if "concept" in f]
CLINICAL = (
    *(f"E{n}" for n in range(1, 13)), *(f"U{n}" for n in range(1, 9)), *(f"R{n}" for n in range(1, 9)),
    "C1", "C2", "X12", "X18", "CRISIS", *(f"M{n}" for n in range(1, 16)),
)  # fmt: skip


def asserted(text: str, concept: str) -> bool:
    """Whether `text` alone asserts `concept`, by rules: a finding of it stands, and the tier it is worth is reached.

    A mimic (M, X12) holds where the rules send nobody to a doctor.
    """
    language = detect(text)
    reading = read(text, lexicon.lexicon(language))
    found = candidates(reading)
    names = features(reading, found)
    verdict = decide(names, names)
    counted = {concept_of(c).id for c in found if c.counts}
    if concept.startswith(("M", "X12")):
        return verdict.tier < Tier.REFER and "CRISIS" not in counted
    return concept in verdict.concepts or (concept in counted and verdict.tier >= table()[concept].tier)


def test_every_example_of_every_file_holds():
    wrong = [
        f"{data['file']}: {example['text']!r} should {'' if example['holds'] else 'not '}be {data['concept']['id']}"
        for data in CONCEPTS
        for example in data.get("example", ())
        if asserted(example["text"], data["concept"]["id"]) is not example["holds"]
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_concept_of_the_clinical_table_has_one_file_with_reason_source_and_examples():
    ids = [f["concept"]["id"] for f in CONCEPTS if f.get("language", "en") == "en"]
    assert sorted(ids) == sorted(CLINICAL)
    for data in CONCEPTS:
        holding = [e["holds"] for e in data.get("example", ())]
        assert holding.count(True) >= 4, data["file"]
        assert holding.count(False) >= 2, data["file"]
        assert len(data["why"]) > 80, data["file"]
        assert data["source"], data["file"]


def test_examples_are_the_lexicons_own():
    """An example that repeats a seed phrasing shows nothing that test_seed does not, and one under two concepts belongs to neither."""
    seeds = {_bare(m.turns[0]) for m in load("training") if m.family.startswith("seed-")}
    for holds in (True, False):
        texts = [_bare(e["text"]) for f in CONCEPTS for e in f.get("example", ()) if e["holds"] is holds]
        assert not seeds & set(texts)
        if holds:
            assert len(texts) == len(set(texts))


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").strip()


def test_tiers_and_topics_of_concepts_exist_and_letters_agree():
    letters = {"E": "EMERGENCY", "U": "URGENT", "R": "REFER"}
    for concept in lexicon.concepts().values():
        assert concept.tier in Tier.__members__
        assert concept.topic in set(Topic)
        if concept.id[0] in letters:
            assert concept.tier == letters[concept.id[0]], concept.id


def test_labels_stand_in_the_file_of_their_concept():
    """A finding called "footdrop" is U1 because it is a tag of the file of U1."""
    homes = {
        tag: f["concept"]["id"]
        for f in CONCEPTS
        if f.get("language", "en") == "en"
        for tag in f.get("tags", {})
    }
    assert {label: homes.get(label) for label in BY_LABEL} == BY_LABEL
    assert set(BY_LABEL.values()) <= table().keys()


def test_every_source_is_listed():
    known = {
        line.split("|")[1].strip(): line
        for line in (SAFETY / "SOURCES.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    }
    assert not {(f["file"], s) for f in FILES for s in f.get("source", ()) if s not in known}
    for path in [*SAFETY.glob("rules/*.toml"), SAFETY / "texts" / "en.toml"]:
        cited = set(re.findall(r"\bS\d{1,3}\b", path.read_text(encoding="utf-8")))
        assert not cited - known.keys(), path.name
    for name, line in known.items():
        if name.startswith("S"):
            assert len(line.split("|")) == 8, name
            assert "https://" in line or "http://" in line, name


def test_no_tag_stands_in_two_english_concept_files():
    seen: dict[str, str] = {}
    for data in CONCEPTS:
        for tag in data.get("tags", {}):
            assert seen.setdefault(tag, data["file"]) == data["file"], tag


def test_broken_files_give_one_error_naming_all_faults_and_the_legal_keys(tmp_path: Path):
    (tmp_path / "a.toml").write_text(
        'wy = "no"\n[concept]\nid = "E1"\nrank = 3\n[tags.numb]\nword = "numb"\nphrases = ["(open", "~2 gap first"]\n',
        encoding="utf-8",
    )
    (tmp_path / "b.toml").write_text('why = "not TOML\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text('why = "words"\nlanguage = "tlh"\n', encoding="utf-8")
    with pytest.raises(lexicon.LexiconFaults) as error:
        lexicon.read(tmp_path)
    said = str(error.value)
    for part in (
        "'wy'",
        "'rank'",
        "'word'",
        "'name' is missing",
        "'(open'",
        "'~2 gap first'",
        "b.toml",
        "'tlh'",
        "'why' is missing",
    ):
        assert part in said
    for legal in ("'why'", "'phrases'", "'nerve'", "'pt'"):
        assert legal in said


def test_tags_that_refer_to_each_other_in_a_circle_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a.toml").write_text(
        'why = "w"\n[tags.one]\nphrases = ["a <two>"]\n[tags.two]\nphrases = ["b <one>"]\n', encoding="utf-8"
    )
    files = lexicon.read(tmp_path)
    monkeypatch.setattr(lexicon, "read", lambda: files)
    with pytest.raises(lexicon.LexiconFaults, match="circle"):
        lexicon.lexicon.__wrapped__("en")


HIDDEN = [
    ("lost control of my bladder using the 2022 belt", Tier.EMERGENCY),
    ("tried to stand legs gave out, numb", Tier.EMERGENCY),
    ("walked to the rack and collapsed", Tier.EMERGENCY),
    ("blacked out in my garage gym and woke on the floor", Tier.EMERGENCY),
    ("foot not slapping unless i'm tired, then it slaps with every step", Tier.URGENT),
    ("that was a proper headache, exploded at the top of the squat and vomiting", Tier.EMERGENCY),
    ("this isn't a joke i can't feel my legs", Tier.EMERGENCY),
    ("nothing below the belt when i touch it", Tier.EMERGENCY),
    ("lost feeling in my glutes in squats", Tier.EMERGENCY),
    ("i've lost feeling, legs still look fine", Tier.EMERGENCY),
    ("60 yrs old now and passed out mid squat", Tier.EMERGENCY),
    ("im 39.5c and shaking, back pain", Tier.URGENT),
    ("my temperature isn't ok, back is really sore", Tier.URGENT),
    ("had a stroke per the ambulance man, lifting ok?", Tier.EMERGENCY),
    ("no change in my legs, still can't move them properly", Tier.EMERGENCY),
    ("figured it was sciatica but no strength in my foot", Tier.REFER),
    ("bum feels like after the dentist", Tier.EMERGENCY),
    ("physio suspects cauda equina but i'd rather bench", Tier.EMERGENCY),
    ("told it may be cauda equina", Tier.EMERGENCY),
    ("toe isn't dragging, the whole leg is", Tier.URGENT),
    ("thought it was sciatica but no my leg went completely this morning", Tier.REFER),
    ("es normal que no sienta nada al limpiarme", Tier.REFER),
    ("got a tight band around my chest at the top of the squat", Tier.EMERGENCY),
    ("had a blackout mid set and came to on the floor", Tier.EMERGENCY),
    ("collapsed on the way to the car, chest tight", Tier.EMERGENCY),
    ("my foot's been dropping on the left for three days", Tier.URGENT),
    ("back foot drags its toes on every lunge, only the left", Tier.URGENT),
    ("nearly fainted at the top of a squat, crushing chest pain", Tier.EMERGENCY),
    ("wet myself without noticing when laughing", Tier.EMERGENCY),
    ("keep trippin on me own toes, left side", Tier.URGENT),
    ("right foot was hangin there like a wet sock", Tier.URGENT),
    ("ankle wont dorsiflex since deadlifts", Tier.URGENT),
    ("legs completely dead from the waist down", Tier.EMERGENCY),
    ("legs gave out during the walk home, both numb", Tier.EMERGENCY),
    ("can't move my foot in the squat rack or anywhere", Tier.URGENT),
    ("my foot isn't moving at all", Tier.URGENT),
    ("can't feel my feet in the morning", Tier.EMERGENCY),
    ("can't lift my foot high enough to clear the kerb", Tier.URGENT),
    ("dragging my feet on the floor when i walk since my back went", Tier.URGENT),
    ("tight band around my chest for ten minutes", Tier.EMERGENCY),
    ("sitting at my desk, feet numb, both of them", Tier.EMERGENCY),
    ("getting out of bed, legs gave way, both numb", Tier.EMERGENCY),
    ("bar hit me between the legs and it's been numb there since", Tier.EMERGENCY),
    ("lost vision of my left eye after that set", Tier.EMERGENCY),
    ("was at the gym, had a blackout mid set", Tier.EMERGENCY),
    ("tingling on my feet all day, both", Tier.EMERGENCY),
    ("my toes scrape the floor on the left side when walking", Tier.URGENT),
    ("when i walk my foot drags behind me", Tier.URGENT),
    ("my feet hang down when i walk", Tier.URGENT),
    ("collapsed on my last rep, no memory of it", Tier.EMERGENCY),
    ("massive headache so sudden i dropped the bar", Tier.EMERGENCY),
    ("head exploded when i saw stars mid deadlift, vomited", Tier.EMERGENCY),
    ("face drooping on one side, dentist appointment tomorrow", Tier.EMERGENCY),
    ("knee sleeves tight, calf swollen and red and hot, took them off", Tier.URGENT),
    ("a hot string from my bum to my calf on every hinge", Tier.REFER),
    ("can't pull my right toes up since monday", Tier.URGENT),
    ("legs went dead on the toilet and they still are", Tier.EMERGENCY),
    ("pain down my leg like a whip crack down to the foot", Tier.REFER),
    ("keep catching the edge of the carpet with my left foot", Tier.URGENT),
    ("die taube stelle am fuß wird jeden tag größer", Tier.REFER),
    ("un pied plein de fourmis, le gauche, depuis dix jours", Tier.REFER),
    ("je sens plus quand faut aller à la selle", Tier.EMERGENCY),
    ("can't hold my shit in since the back went", Tier.EMERGENCY),
    ("can't get my toes up off the floor on the left", Tier.URGENT),
    ("i have to swing my leg out so the toes clear the carpet", Tier.URGENT),
    ("no numbness no pain, the big toe just refuses to come up", Tier.URGENT),
    ("the muscle wont lift my foot", Tier.URGENT),
    ("my leg weakness is new, came on yesterday", Tier.URGENT),
    ("a weakness in my left foot since the disc went", Tier.URGENT),
    ("my grip strength is gone on the right", Tier.URGENT),
    ("legs gave out on the third step, back hurts", Tier.URGENT),
    ("legs keep folding under me in the kitchen since my back went", Tier.URGENT),
    ("the left foot limp and cold", Tier.URGENT),
    ("having trouble feeling the loo paper since rows", Tier.EMERGENCY),
    ("pain goes down into my leg on the stairs", Tier.REFER),
    ("pee isn't red, more like coke", Tier.EMERGENCY),
    ("im 39.5c and shaking, back pain", Tier.URGENT),
    ("woke up with pins and needles in both feet", Tier.EMERGENCY),
    ("my back hurts and my leg gave way", Tier.URGENT),
    ("pas de douleur, juste un pied engourdi", Tier.REFER),
    ("numbness down stairs with squats", Tier.EMERGENCY),
    ("no feeling down stairs because of squats? low bar", Tier.EMERGENCY),
    ("nobody found it, my leg is weak since friday", Tier.URGENT),
    ("arms went dead on the first rep when i dropped the bar on my neck", Tier.REFER),
    ("my back gave out and so did the knee", Tier.URGENT),
    ("no full strength in my right leg since the disc went", Tier.URGENT),
    ("there is real weakness in my left foot since sunday", Tier.URGENT),
    ("elbow and below all swollen, tight, heavy, one side, after bench", Tier.URGENT),
    ("squishy swelling in my calf, hot and red after a long flight", Tier.URGENT),
    ("no hint of it easing, leg tingles all day", Tier.REFER),
    ("no rest after the epidural last week, left leg numb", Tier.EMERGENCY),
    ("the pins and needles in my foot aren't going away", Tier.REFER),
    ("pee not cola, brown like tea after 300 squats", Tier.EMERGENCY),
    ("feels like it's not my butt any more when i sit on the bench", Tier.REFER),
    ("CES survivor here, six years on, left foot started tingling this weekend", Tier.EMERGENCY),
    ("zwischen den schulterblättern hat es gerissen und mir ist flau", Tier.EMERGENCY),
]

IDIOMS = [
    "blackout curtains in the home gym, best purchase",
    "stroke of luck, found my lost belt",
    "head exploded when i saw that plot twist",
    "back foot flops over in split squats, laces down?",
    "my feet slap the floor on box jumps, how do i land quieter",
    "ripped my shirt between the shoulder blades on the last pull",
    "hook a band round the chest for assisted nordics",
    "best phone angle for shooting deadlifts?",
    "the weigh-in scale has no feelings about you",
    "rack has a short leg, shim it or bolt it?",
    "three and a half hour bum-numbing film",
    "can't get my feet close enough on sumo",
    "been dragging my feet on the meet entry",
    "kept tripping over the dog during lunges",
    "toes to bar: can't raise my toes to the bar",
    "ankles don't bend, squat is ugly",
    "swing the leg higher to clear the rack",
    "toe drag on the box squat, legal?",
    "hoy entreno las dos piernas",
    "moved to the other side of the gym",
    "my mate's legs are weak because he skips them, discuss",
    "catch my toe on the kettlebell every set",
    "keep tripping on the skipping rope",
    "keeps catching the j hook when i rerack",
    "passed out the medals at our meet",
    "sprained ankle last month, how do i get back to squats",
    "wee is lemonade, not cola",
    "big purple bruise on my thigh where the bar hit, sore to press",
    "the back of my wrist is stiff and a little puffy since front squats",
    "tendon above my knee aches going down stairs, both sides about equal",
    "nearly had a stroke reading your spelling",
    "physio says to stroke the skin on both arms, all equal",
    "the triage kid looked fainter than me",
    "legs were dead by the fifth set, bar was slow",
    "couldn't feel better in the legs",
    "couldn't get it up on my third attempt, 140 stuck at the knees",
    "dead leg from a knee to the thigh in football, bruised",
    "slipped a disc at 22, nothing since, 39 now and pulling 230",
    "first session in a year out, thighs sore",
    "my weakness is cake, not calves",
]


@pytest.mark.parametrize("text", IDIOMS)
def test_idiom_of_gym_and_life_is_no_sign(text: str):
    assert assess([Turn(text)])[0].tier < Tier.REFER


@pytest.mark.parametrize(("text", "tier"), HIDDEN)
def test_no_mask_hides_a_sign_that_looks_like_its_idiom(text: str, tier: Tier):
    assert assess([Turn(text)])[0].tier >= tier
