"""Exercises by name: ours, and what somebody imported beside them."""

from __future__ import annotations

import json
import os

import pytest

from bot.catalogue import IMPORTED, imported_file, read
from bot.showing import demo_words, gated
from safety.guard import guard
from safety.types import Assessment, Tier


def record(name, **fields):
    """One exercise in the shape of free-exercise-db."""
    made = {
        "id": name.replace(" ", "_"),
        "name": name,
        "primaryMuscles": ["quadriceps"],
        "secondaryMuscles": ["glutes"],
        "equipment": "machine",
    }
    return made | fields


@pytest.fixture
def known(tmp_path):
    """Ours, with a leg press and a second back squat beside them."""
    imported_file(tmp_path).write_text(
        json.dumps([record("Leg Press"), record("Back Squat"), record("Leg Press Toes")])
    )
    return read(tmp_path)


def test_an_imported_exercise_is_found_and_offered(known):
    assert known.find("leg press").kind == IMPORTED
    assert known.get("leg-press").name == "Leg Press"
    assert [one.name for one in known.suggest("leg pre")][:1] == ["Leg Press"]


def test_ours_is_meant_where_both_have_the_name(known):
    assert known.find("back squat").motion is not None
    assert [one.id for one in known.suggest("back squat")].count("back-squat") == 1
    assert known.find("jeferson curl").id == "jefferson-curl"
    assert known.mentioned("a leg press and then an RDL")[0].id == "romanian-deadlift"


def test_its_card_says_that_there_is_no_drawing_and_passes_the_guard(known):
    words = demo_words(known.find("leg press"), Tier.NONE)
    assert "no drawing" in words
    assert "Works: quadriceps; also glutes." in words
    assert "Equipment: machine." in words
    assert guard("leg press", words, Assessment(), kind="demo").action == "pass"


def test_it_is_gated_from_refer_on(known):
    assert gated(known.find("leg press"), Tier.REFER)
    assert not gated(known.find("leg press"), Tier.CAUTION)
    assert "not showing Leg Press" in demo_words(known.find("leg press"), Tier.REFER)


def test_another_import_is_seen_without_a_restart_and_a_damaged_one_leaves_ours(tmp_path):
    assert read(tmp_path).find("leg press") is None
    file = imported_file(tmp_path)
    file.write_text(json.dumps([record("Leg Press")]))
    assert read(tmp_path).find("leg press") is not None
    file.write_text("not json")
    os.utime(file, (1, 1))
    assert read(tmp_path).find("leg press") is None
    assert read(tmp_path).find("rdl") is not None
