"""Mentions, replies, direct messages, threads."""

from __future__ import annotations

import asyncio
import re

RED = "my groin and inner thighs have gone numb since yesterday and I cannot pee"
SYMPTOMS = r"\b(groin|thighs?|numb|pee)\b"


def me(scene) -> str:
    return scene.client.user.mention


async def test_a_mention_is_answered_by_a_reply_that_pings_nobody(scene, made_up):
    asked = await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge?")
    answer = scene.channel.last_message
    assert answer.author.id == scene.client.user.id
    assert answer.reference.message_id == asked.id
    assert scene.words(answer).startswith("Push the floor away")
    assert not answer.mentions
    assert made_up.asked == ["how do I hinge?"]


async def test_a_message_for_somebody_else_is_left_alone(scene, made_up):
    await scene.ann.send(scene.channel, "how do I hinge?")
    assert made_up.asked == []


async def test_a_follow_up_in_the_same_channel_knows_what_was_said(scene, made_up):
    await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge?")
    await scene.ann.send(scene.channel, f"{me(scene)} and with a bar?", reply_to=scene.channel.last_message)
    assert made_up.turns == [0, 2]


async def test_two_people_never_share_a_conversation(scene, made_up):
    await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge?")
    await scene.moderator.send(
        scene.channel, f"{me(scene)} and with a bar?", reply_to=scene.channel.last_message
    )
    assert made_up.turns == [0, 0]


async def test_two_channels_never_share_a_conversation(scene, made_up):
    await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge?")
    await scene.ann.send(scene.review, f"{me(scene)} and with a bar?")
    assert made_up.turns == [0, 0]


async def test_symptoms_are_not_repeated_in_public_but_the_emergency_is_said_openly(scene):
    await scene.ann.send(scene.channel, f"{me(scene)} {RED}")
    shown = scene.channel.last_message
    text = scene.words(shown).casefold()
    assert "emergency department now" in text
    assert not re.search(SYMPTOMS, text)
    assert list(scene.buttons(shown)) == ["Show me the details privately"]


async def test_the_details_are_shown_to_the_asker_alone(scene):
    await scene.ann.send(scene.channel, f"{me(scene)} {RED}")
    shown = scene.channel.last_message
    mine = await scene.ann.click(shown, label="Show me the details privately")
    assert mine.ephemeral
    assert len(scene.words(mine.response)) > len(scene.words(shown))
    other = await scene.moderator.click(shown, label="Show me the details privately")
    assert other.ephemeral
    assert "for the person who asked" in scene.words(other.response)


async def test_a_reply_without_words_is_told_what_to_do(scene, made_up):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=True)
    await scene.ann.send(scene.channel, "and with a bar?", reply_to=result.response.message)
    assert "Follow-up" in scene.words(scene.channel.last_message)
    assert made_up.asked == ["How do I hinge?"]


async def test_a_mention_without_a_question_is_told_what_to_do(scene, made_up):
    await scene.ann.send(scene.channel, me(scene))
    assert "your question in one message" in scene.words(scene.channel.last_message)
    assert made_up.asked == []


async def test_a_direct_message_is_answered_in_full(scene):
    user = scene.env.create_user("di")
    await user.send_dm(RED)
    text = scene.words(user.dm_channel.last_message)
    assert "emergency department now" in text
    assert "details privately" not in text


async def test_a_quiet_channel_stays_quiet_unless_it_is_urgent(scene, made_up):
    from dataclasses import replace

    settings = replace(await scene.client.book.read(scene.guild.id), quiet_channels=(str(scene.channel.id),))
    await scene.client.book.save(scene.guild.id, settings, 1)
    await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge?")
    assert made_up.asked == []
    await scene.ann.send(scene.channel, f"{me(scene)} {RED}")
    assert "emergency department" in scene.words(scene.channel.last_message)


async def test_asking_too_fast_is_slowed_down_but_never_a_red_flag(scene, made_up):
    for number in range(12):
        await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge, part {number}?")
    assert len(made_up.asked) == 8
    await scene.ann.send(scene.channel, f"{me(scene)} {RED}")
    assert "emergency department" in scene.words(scene.channel.last_message)


async def test_going_on_in_a_thread_keeps_the_conversation_and_says_nothing_in_its_title(scene, made_up):
    await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge with short arms?")
    await scene.ann.click(scene.channel.last_message, label="Thread")
    (thread,) = scene.channel.threads
    assert "ann" in thread.name
    assert "hinge" not in thread.name
    await scene.ann.send(thread, f"{me(scene)} and with a bar?")
    assert made_up.turns == [0, 2]


async def test_a_message_without_words_in_our_thread_is_told_once_to_mention(scene):
    await scene.ann.send(scene.channel, f"{me(scene)} how do I hinge?")
    await scene.ann.click(scene.channel.last_message, label="Thread")
    (thread,) = scene.channel.threads
    before = len(thread.history())
    await scene.ann.send(thread, "and with a bar?")
    await scene.ann.send(thread, "hello?")
    assert len(thread.history()) == before + 3  # two messages of hers, one hint


async def test_a_sign_of_typing_is_never_cancelled_half_way():
    """discord.py, cancelled while it waits for the end of the bot's own limit, would send nothing any more."""
    from types import SimpleNamespace

    from bot.exts.mentions import _type

    seen, answered, refused = [], asyncio.Event(), asyncio.Event()

    async def typing():
        seen.append("begun")
        await refused.wait()
        seen.append("ended")

    showing = asyncio.create_task(
        _type(SimpleNamespace(typing=typing), SimpleNamespace(easy=lambda: True), answered)
    )
    await asyncio.sleep(0)
    answered.set()
    await asyncio.sleep(0.01)
    assert seen == ["begun"]
    assert not showing.done()
    refused.set()
    await asyncio.wait_for(showing, 1)
    assert seen == ["begun", "ended"]
