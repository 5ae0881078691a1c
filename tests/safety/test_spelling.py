"""Misspelt symptom words are mended, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from safety.assess import assess, embeddable
from safety.lexicon import lexicon
from safety.matcher import read
from safety.spelling import Repair
from safety.types import Assessment, Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

REPAIR = Repair(
    ["numb", "numbness", "tingling", "foot", "weakness", "sciatica", "calf", "bladder"],
    ["numbers", "tangling"],
)
BENCH = [
    "squat",
    "squats",
    "bench",
    "press",
    "deadlift",
    "bar",
    "rack",
    "reps",
    "sets",
    "plates",
    "belt",
    "chalk",
    "coach",
    "meet",
    "lift",
    "comb",
    "climb",
    "bumper",
    "thumb",
    "weekend",
    "weakest",
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("numbnes", "numbness"),
        ("nubmness", "numbness"),
        ("nummbness", "numbness"),
        ("numness", "numbness"),
        ("tingeling", "tingling"),
        ("tinglng", "tingling"),
        ("siatica", "sciatica"),
        ("sciatca", "sciatica"),
        ("sciactica", "sciatica"),
        ("weekness", "weakness"),
        ("blader", "bladder"),
        ("nmub", "numb"),
        ("foto", "foot"),
        ("nuuuuumb", "numb"),
        ("numbbbb", "numb"),
        ("numbne55", "numbness"),
        ("t1ngling", "tingling"),
        ("f00t", "foot"),
    ],
)
def test_mended(written: str, meant: str | None):
    assert REPAIR.mend(written) == meant


@pytest.mark.parametrize(
    "word", ["numbers", "tangling", "calm", "feet", "nimble", "x" * 30, "225", "4x8", "f@"]
)
def test_ordinary_words_numbers_and_long_strings_stay(word: str):
    assert REPAIR.mend(word) in (None, word)
    assert REPAIR.mend(word) not in {"numb", "numbness", "tingling", "foot", "calf"}


def test_short_words_are_mended_by_a_swap_only():
    """One letter makes another word of a short one ("calf" and "call"), so there only swapped neighbours count."""
    assert REPAIR.mend("clafs") is None
    assert REPAIR.mend("claf") == "calf"
    assert REPAIR.mend("call") is None
    assert REPAIR.mend("nub") is None


def test_the_first_letter_holds():
    assert REPAIR.mend("dumbness") is None


def test_nothing_is_mended_without_a_list():
    assert Repair().mend("numbnes") is None


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("nubmness", "numb"), ("numness", "numb"), ("numbnes", "numb"),
        ("siatica", "sciatica"), ("scyatica", "sciatica"), ("sciatia", "sciatica"), ("sciactica", "sciatica"), ("ciatica", "sciatica"),
        ("tingeling", "tingle"), ("tnigling", "tingle"), ("parasthesia", "tingle"), ("paresthesia", "tingle"),
        ("weekness", "weak"), ("bumhoel", "saddle"), ("crothc", "saddle"),
    ],
)  # fmt: skip
def test_the_misspellings_that_lifters_make(written: str, tag: str):
    """The list of the clinical table, read by the real lexicon."""
    (entry,) = lexicon("en").look_up(written)
    assert tag in entry.tags


@pytest.mark.parametrize("word", BENCH)
def test_gym_words_are_not_read_as_symptoms(word: str):
    (entry,) = lexicon("en").look_up(word)
    assert entry.word == word
    assert not {"numb", "tingle", "weak", "cantfeel", "saddle", "pee"} & set(entry.tags)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cnt feeel my crotchh wen i wipe", "cant feel my crotch when i wipe"),
        ("c4nt l1ft my b1g t03", "cant lift my big toe"),
        ("bothfeetbuzzingsincethismorning", "both feet buzzing since this morning"),
        ("3 sets at 83kg for 3x10, 44m", "3 sets at 83kg for 3x10 44m"),
        ("rest dys btween hevy squts", "rest dys between heavy squats"),
    ],
)
def test_whole_messages_are_read_as_meant(written: str, meant: str):
    assert read(written, lexicon("en")).text(0, 99) == meant


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("de", "spia mein fuas nimma", "spure mein fuss nimmer"),
        ("de", "kann ned pinkeln", "kann nicht pinkeln"),
        ("es", "no siento nd dsd ayer", "no siento nada desde ayer"),
        ("fr", "jsens rien dps hier", "sens rien depuis hier"),
        ("fr", "avc", "avc"),
        ("pt", "ñ sinto a perna dsd ontem", "nao sinto a perna desde ontem"),
    ],
)
def test_every_language_has_its_shorthand(language: str, written: str, meant: str):
    assert read(written, lexicon(language)).text(0, 99) == meant


def test_a_language_without_a_lexicon_is_left_as_it_is():
    assert read("mijn rug doet pijn wen", lexicon("other")).text(0, 99) == "mijn rug doet pijn wen"


def test_the_embedder_gets_the_mended_words_and_nothing_else_changes():
    assert embeddable("Cnt feel my foot, rly odd") == "cant feel my foot, really odd"
    assert embeddable("Plain: nothing to mend (3x8).") == "Plain: nothing to mend (3x8)."


def test_leetspeak_does_not_hide_the_language():
    """Written in figures, English is not taken for a language that nobody reads here."""
    assessment, _ = assess([Turn("my cr0tch is n0mb, c4nt f33l 1t s1nc3 y3st3rd4y")])
    assert (assessment.language, assessment.tier) == ("en", Tier.EMERGENCY)


@pytest.mark.parametrize(
    "text",
    [
        "mein Kind schläft nur ein wenn es leise ist",
        "diese Hosen fühlen sich anders an beim Beugen",
        "Die Bank ist Schrott und fühlt sich komisch an",
        "no siento la cadena trasera en el peso muerto",
        "no siento el trabajo en la polea",
    ],
)
def test_ordinary_words_of_other_languages_are_no_typos(by_rules: Callable[..., Assessment], text: str):
    """One letter from a symptom word is most of a language ("leise" and "Leiste", "polea" and "polla")."""
    assert by_rules(text).tier < Tier.REFER
