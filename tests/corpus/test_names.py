"""Finding an exercise by what people call it."""

import pytest

from corpus import names
from corpus.exercises import load

CATALOGUE = load()
ASKED = {
    "rdl": "romanian-deadlift",
    "RDLs": "romanian-deadlift",
    "BSS": "bulgarian-split-squat",
    "jc": "jefferson-curl",
    "deadlift": "conventional-deadlift",
    "deadlfit": "conventional-deadlift",
    "sumo dedlift": "sumo-deadlift",
    "romanain deadlift": "romanian-deadlift",
    "jeferson curl": "jefferson-curl",
    "child’s pose": "childs-pose",
    "CHILDS POSE": "childs-pose",
    "step-ups": "step-up",
    "stepups": "step-up",
    "good mornin": "good-morning",
    "goodmornings": "good-morning",
    "birddog": "bird-dog",
    "windmil": "half-kneeling-windmill",
    "hip ir test": "hip-internal-rotation-test",
    "pull thrus": "pull-through",
    "mcgil curl up": "mcgill-curl-up",
    "bulgarain split sqaut": "bulgarian-split-squat",
    "back extention": "back-extension",
    "plank": "front-bridge",
    "swiss ball": "swiss-ball-stretch",
    "split squat bulgarian": "bulgarian-split-squat",
}


@pytest.mark.parametrize(("asked", "ident"), ASKED.items())
def test_found_by_name_alias_or_typo(asked, ident):
    assert names.find(asked).id == ident


def test_every_name_and_alias_finds_its_own():
    for exercise in CATALOGUE.values():
        for name in (exercise.id, *exercise.names):
            assert names.find(name).id == exercise.id


def test_one_swapped_pair_of_letters_in_any_name_still_finds_it():
    missed = []
    for exercise in CATALOGUE.values():
        name = exercise.name
        middle = len(name) // 2
        swapped = name[:middle] + name[middle + 1] + name[middle] + name[middle + 2 :]
        found = names.find(swapped)
        if found is None or found.id != exercise.id:
            missed.append((swapped, found and found.id))
    assert missed == []


@pytest.mark.parametrize("asked", ["", "   ", "banana", "my leg is numb", "xy", "bench press", "?"])
def test_what_is_no_exercise_finds_none(asked):
    assert names.find(asked) is None


def test_suggestions_start_with_what_is_typed():
    assert names.suggest("rom")[0].id == "romanian-deadlift"
    assert names.suggest("jc")[0].id == "jefferson-curl"
    bridges = [exercise.id for exercise in names.suggest("bridge")]
    assert {"glute-bridge", "back-bridge", "front-bridge", "single-leg-glute-bridge"} <= set(bridges)


def test_suggestions_forgive_typos():
    assert "jefferson-curl" in [exercise.id for exercise in names.suggest("jeffreson")]


def test_suggestions_are_at_most_twenty_five_and_each_once():
    everything = names.suggest("")
    assert len(everything) == 25
    assert len(names.suggest("e", 7)) <= 7
    for typed in ("", "s", "de", "bridge", "squat"):
        ids = [exercise.id for exercise in names.suggest(typed)]
        assert len(ids) == len(set(ids)) <= 25


def test_exercises_are_noticed_in_an_answer_in_order_of_mention():
    text = "Posters suggest rack pulls from a height, glute bridges, then a bird-dog. Later the RDL; rack pull again."
    assert [exercise.id for exercise in names.mentioned(text)] == [
        "rack-pull",
        "glute-bridge",
        "bird-dog",
        "romanian-deadlift",
    ]


def test_the_longest_name_counts():
    assert [exercise.id for exercise in names.mentioned("a single-leg glute bridge")] == [
        "single-leg-glute-bridge"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "he walks his dog down the hill",
        "my back hurts",
        "build a bridge",
        "conventional wisdom",
        "tight hip flexors",
        "",
    ],
)
def test_everyday_words_are_not_exercises(text):
    assert names.mentioned(text) == []
