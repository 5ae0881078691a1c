"""/help, /sources, /privacy, /demo."""

from __future__ import annotations

import json

from bot.catalogue import imported_file


async def test_help_has_examples_that_run_and_commands_to_click(scene, made_up):
    result = await scene.ann.slash(scene.channel, "help")
    assert "</ask:" in scene.words(result.response)
    assert "For moderators" not in scene.words(result.response)
    await scene.ann.click(result.response, label="How do I hinge without rounding my back?")
    assert made_up.asked == ["How do I hinge without rounding my back?"]
    moderators = await scene.moderator.slash(scene.channel, "help")
    assert "For moderators" in scene.words(moderators.response)


async def test_sources_lists_every_document_with_its_kind(scene):
    from corpus.documents import load

    result = await scene.ann.slash(scene.channel, "sources")
    text = scene.words(result.response).replace("\\", "")
    for document in load():
        assert document.title[:40] in text


async def test_privacy_exports_and_deletes_in_two_steps(scene, app):
    await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    card = await scene.ann.slash(scene.channel, "privacy")
    copy = await scene.ann.click(card.response, label="Get a copy")
    assert copy.response.attachments[0].filename == "spotter-data.json"
    sure = await scene.ann.click(card.response, label="Delete my data")
    kept = await app.store.persons.export(str(scene.ann.id))
    assert len(kept["exchanges"]) == 1
    await scene.ann.click(sure.response, label="Yes, delete it all")
    kept = await app.store.persons.export(str(scene.ann.id))
    assert kept["exchanges"] == []


async def test_demo_shows_the_picture_with_alt_text_and_the_ways_on(scene):
    result = await scene.ann.slash(scene.channel, "demo", exercise="rdl")
    assert result.response.attachments[0].filename == "demo-romanian-deadlift.webp"
    assert "Stop if" in scene.words(result.response)
    assert any(
        label.startswith(("Easier", "Harder", "Common fault")) for label in scene.buttons(result.response)
    )


async def test_the_fault_s_button_shows_its_picture_with_its_own_words(scene):
    shown = await scene.ann.slash(scene.channel, "demo", exercise="back squat")
    label = next(one for one in scene.buttons(shown.response) if one.startswith("Common fault"))
    wrong = await scene.ann.click(shown.response, label=label)
    assert wrong.response.attachments[0].filename == "fault-back-squat.webp"
    assert "common fault: Pelvis tucks under" in scene.words(wrong.response)


async def test_an_imported_exercise_gets_a_card_without_a_picture(scene, app):
    made = {
        "id": "Leg_Press",
        "name": "Leg Press",
        "primaryMuscles": ["quadriceps"],
        "secondaryMuscles": [],
        "equipment": "machine",
    }
    imported_file(app.settings.data_dir).write_text(json.dumps([made]))
    offered = await scene.ann.autocomplete(scene.channel, "demo", "exercise", "leg pre")
    assert "Leg Press" in [choice["name"] for choice in offered]
    shown = await scene.ann.slash(scene.channel, "demo", exercise="leg-press")
    assert "no drawing" in scene.words(shown.response)
    assert shown.response.attachments == []
    assert "Show demo" not in scene.buttons(shown.response)


async def test_demo_completes_by_prefix_alias_and_typo(scene):
    for typed in ("roman", "rdl", "romainian deadlift"):
        offered = await scene.ann.autocomplete(scene.channel, "demo", "exercise", typed)
        assert "romanian-deadlift" in [choice["value"] for choice in offered]
        assert len(offered) <= 25


async def test_demo_after_symptoms_gives_the_referral_and_no_picture(scene):
    await scene.ann.slash(scene.channel, "ask", question="my leg is numb since last week")
    result = await scene.ann.slash(scene.channel, "demo", exercise="jefferson curl")
    assert result.response.attachments == []
    assert "doctor" in scene.words(result.response)


async def test_symptoms_typed_into_demo_are_assessed(scene):
    result = await scene.ann.slash(
        scene.channel, "demo", exercise="jefferson curl, my groin is numb and I cannot pee"
    )
    assert result.response.attachments == []
    assert "emergency department" in scene.words(result.response)


async def test_demo_of_nothing_known_offers_what_is_near(scene):
    result = await scene.ann.slash(scene.channel, "demo", exercise="zercher carry")
    assert "no exercise of that name" in scene.words(result.response)
