"""Every way in, in the real process."""

from __future__ import annotations

import asyncio
import re

import pytest
from double import ME, OWNER, custom_id, words

pytestmark = pytest.mark.slow
RED = "my groin and inner thighs have gone numb since yesterday and I cannot pee"
REVIEW = 400000000000000001


async def answered(pressed, seconds=10):
    await asyncio.wait_for(pressed.answered.wait(), seconds)
    return pressed


async def test_every_way_in_answers(bot, double):
    asked = await answered(
        await double.slash("ask", question="Should I squeeze my glutes at the top of a deadlift?")
    )
    assert asked.data["flags"] == 64
    assert "[1]" in asked.text
    shared = await answered(
        await double.slash("ask", question="How do I ease back into lifting?", share=True)
    )
    assert shared.data.get("flags", 0) == 0

    mention = await double.say(f"<@{ME}> how do I hinge?")
    (reply,) = await double.until(lambda: double.answers_to(mention))
    assert any(method == "POST" and path.endswith("/typing") for method, path, _ in double.requests)
    follow = await double.say("and what about my knees?", reply=int(reply["id"]))
    await double.until(lambda: double.answers_to(follow))
    hinted = await double.say("and then?", reply=int(shared.message["id"]))
    (hint,) = await double.until(lambda: double.answers_to(hinted))
    assert "Follow-up" in words(hint)
    direct = await double.say("how do I hinge?", dm=True)
    await double.until(lambda: double.answers_to(direct))

    menu = await answered(await double.menu("Ask Spotter about this", await double.say("how do I hinge?")))
    assert menu.text
    modal = await answered(await double.press(asked.message, custom_id(asked.message, "follow-up")))
    assert modal.kind == 9
    assert (await answered(await double.submit(modal, question="why?"))).text
    assert (await answered(await double.press(asked.message, custom_id(asked.message, "helpful")))).text
    offered = await answered(await double.complete("demo", "exercise", "rdl"))
    assert offered.data["choices"][0]["value"] == "romanian-deadlift"
    shown = await answered(await double.slash("demo", exercise="romanian-deadlift"), 20)
    assert shown.message["attachments"][0]["filename"] == "demo-romanian-deadlift.webp"
    for name in ("help", "sources", "privacy"):
        assert (await answered(await double.slash(name))).text
    report = await answered(await double.slash("report"))
    assert (await answered(await double.submit(report, reason="wrong", note=""))).text
    for name in ("setup", "mod queue", "mod stats", "mod config"):
        assert (await answered(await double.slash(name, person=OWNER))).text


async def test_a_red_flag_in_public_leaves_no_symptom_in_sight_and_becomes_a_card(bot, double):
    setup = await answered(await double.slash("setup", person=OWNER))
    data = {"custom_id": "spotter:setup:review", "component_type": 8, "values": [str(REVIEW)], "resolved": {}}
    chosen = await double._interact(3, data, OWNER, message=setup.message)
    await answered(chosen)
    mention = await double.say(f"<@{ME}> {RED}")
    (reply,) = await double.until(lambda: double.answers_to(mention))
    assert "emergency department now" in words(reply)
    assert not re.search(r"\b(groin|thighs?|numb|pee)\b", words(reply))
    (card,) = await double.until(lambda: double.in_channel(REVIEW), 3)
    assert "Emergency" in words(card)
    details = await answered(await double.press(reply, custom_id(reply, "details")))
    assert len(details.text) > len(words(reply))
    claimed = await answered(await double.press(card, custom_id(card, "case-claim"), person=OWNER))
    assert "ten minutes" in claimed.text
    await double.until(lambda: "is on it" in words(double.in_channel(REVIEW)[0]), 6)
    await bot.stop()
    assert not re.search(r"groin|thigh|cannot pee", bot.logged)


async def test_delivered_twice_is_answered_once(bot, double):
    mention = await double.say(f"<@{ME}> how do I hinge?", again=3)
    await double.until(lambda: double.answers_to(mention))
    await asyncio.sleep(1)
    assert len(double.answers_to(mention)) == 1
    asked = await answered(await double.slash("ask", question="How do I hinge?"))
    pressed = await answered(await double.press(asked.message, custom_id(asked.message, "helpful"), again=2))
    await asyncio.sleep(0.3)
    assert pressed.edits == 1
