"""`/ask`."""

from __future__ import annotations


async def test_an_answer_is_private_and_names_its_source_with_its_kind(scene):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    assert result.ephemeral
    text = scene.words(result.response)
    assert text.startswith("Push the floor away")
    assert "How to hinge" in text
    assert "clinic" in text
    assert {"Helpful", "Not helpful", "Follow-up", "Show demo", "Report"} <= set(scene.buttons(result.response))


async def test_sharing_shows_the_answer_to_all(scene):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=True)
    assert not result.ephemeral
