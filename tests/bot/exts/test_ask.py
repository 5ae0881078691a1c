"""`/ask`."""

from __future__ import annotations

import pytest


async def test_an_answer_is_private_and_names_its_source_with_its_kind(scene):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    assert result.ephemeral
    text = scene.words(result.response)
    assert text.startswith("Push the floor away")
    assert "How to hinge" in text
    assert "clinic" in text
    assert {"Helpful", "Not helpful", "Follow-up", "Show demo", "Report"} <= set(
        scene.buttons(result.response)
    )


async def test_sharing_shows_the_answer_to_all(scene):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=True)
    assert not result.ephemeral


async def test_in_a_direct_message_the_answer_stays_and_is_given_in_full(scene):
    user = scene.env.create_user("di")
    result = await user.slash("ask", question="my groin is numb and I cannot pee")
    assert not result.ephemeral
    text = scene.words(result.response)
    assert "emergency department now" in text
    assert "details privately" not in text


async def test_a_server_may_share_by_default(scene):
    from dataclasses import replace

    settings = replace(await scene.client.book.read(scene.guild.id), share=True)
    await scene.client.book.save(scene.guild.id, settings, 1)
    shared = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    assert not shared.ephemeral
    kept = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=False)
    assert kept.ephemeral


async def test_shared_symptoms_are_kept_short_in_public(scene):
    result = await scene.ann.slash(
        scene.channel, "ask", question="my groin is numb and I cannot pee", share=True
    )
    assert list(scene.buttons(result.response)) == ["Show me the details privately"]


@pytest.mark.simcord(check_errors=False)
async def test_an_error_reaches_the_person_as_one_private_line_with_an_id(scene, app, monkeypatch):
    async def broken(_question):
        raise RuntimeError("words that nobody should see")

    monkeypatch.setattr(app.coach, "respond", broken)
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=True)
    assert result.response is None  # the public "thinking" is taken back
    method, path, body = [(one.method, one.path, one.json) for one in scene.env.http_requests][-1]
    assert (method, path.startswith("/webhooks/")) == ("POST", True)
    assert "(Error " in str(body)
    assert "nobody should see" not in str(body)
    assert body["flags"] & 64
