"""Buttons, modals and menus under and on answers."""

from __future__ import annotations

from bot.client import Spotter


async def test_follow_up_opens_a_modal_whose_answer_is_private_and_knows_the_conversation(scene, made_up):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    shown = await scene.ann.click(result.response, label="Follow-up")
    assert shown.modal["title"] == "Follow-up"
    answered = await scene.ann.submit_modal(shown, {"question": "and with a bar?"})
    assert answered.ephemeral
    assert made_up.turns == [0, 2]


async def test_buttons_and_open_modals_survive_a_restart(scene, app, made_up):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=True)
    shown = await scene.ann.click(result.response, label="Follow-up")
    await scene.env.restart_bot(Spotter(app, background=False))
    answered = await scene.ann.submit_modal(shown, {"question": "and with a bar?"})
    assert "Push the floor away" in scene.words(answered.response)
    voted = await scene.ann.click(result.response, label="Helpful")
    assert "Thank you" in scene.words(voted.response)


async def test_votes_are_kept_once_a_person_and_the_last_one_counts(scene, app):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?", share=True)
    await scene.ann.click(result.response, label="Helpful")
    shown = await scene.ann.click(result.response, label="Not helpful")
    await scene.ann.submit_modal(shown, {"reason": "unclear"})
    await scene.moderator.click(result.response, label="Helpful")
    figures = await app.store.statistics.figures(str(scene.guild.id))
    assert (figures.helpful, figures.not_helpful) == (1, 1)


async def test_an_unsafe_answer_can_be_reported_from_the_vote(scene, app):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    shown = await scene.ann.click(result.response, label="Not helpful")
    thanked = await scene.ann.submit_modal(shown, {"reason": "unsafe"})
    modal = await scene.ann.click(thanked.response, label="Report")
    await scene.ann.submit_modal(modal, {"reason": "unsafe", "note": "too heavy"})
    (case,) = await app.store.queue.cases(str(scene.guild.id))
    assert case.reason == "report"


async def test_report_this_answer_from_the_menu(scene, app):
    await scene.ann.send(scene.channel, f"{scene.client.user.mention} how do I hinge?")
    modal = await scene.moderator.context_menu(
        scene.channel, "Report this answer", scene.channel.last_message
    )
    done = await scene.moderator.submit_modal(modal, {"reason": "wrong"})
    assert "A moderator will look" in scene.words(done.response)
    assert len(await app.store.queue.cases(str(scene.guild.id))) == 1


async def test_somebody_elses_message_cannot_be_reported_as_an_answer(scene):
    message = await scene.ann.send(scene.channel, "hello")
    result = await scene.moderator.context_menu(scene.channel, "Report this answer", message)
    assert "not one of my answers" in scene.words(result.response)


async def test_report_takes_the_latest_answer(scene, app):
    nothing = await scene.ann.slash(scene.channel, "report")
    assert "no answer of mine" in scene.words(nothing.response)
    await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    modal = await scene.ann.slash(scene.channel, "report")
    await scene.ann.submit_modal(modal, {"reason": "off-topic"})
    assert len(await app.store.queue.cases(str(scene.guild.id))) == 1


async def test_report_finds_the_latest_answer_of_before_a_restart(scene, app):
    await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    scene.client._latest.clear()  # what a process knows of the time before it
    modal = await scene.ann.slash(scene.channel, "report")
    await scene.ann.submit_modal(modal, {"reason": "wrong"})
    assert len(await app.store.queue.cases(str(scene.guild.id))) == 1
    nothing = await scene.moderator.slash(scene.channel, "report")
    assert "no answer of mine" in scene.words(nothing.response)


async def test_ask_about_this_keeps_other_peoples_symptoms_out_of_ones_own_conversation(scene, made_up):
    message = await scene.moderator.send(
        scene.channel, "my whole left leg went numb and my foot drops when I walk"
    )
    result = await scene.ann.context_menu(scene.channel, "Ask Spotter about this", message)
    assert result.ephemeral
    assert "doctor" in scene.words(result.response)
    own = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")
    assert "Push the floor away" in scene.words(own.response)
    assert made_up.turns == [0]


async def test_an_error_in_a_button_reaches_the_person_as_one_line_with_an_id(scene, app, monkeypatch):
    result = await scene.ann.slash(scene.channel, "ask", question="How do I hinge?")

    async def broken(*_args, **_kwargs):
        raise RuntimeError("words that nobody should see")

    monkeypatch.setattr(app.store.votes, "cast", broken)
    failed = await scene.ann.click(result.response, label="Helpful")
    said = failed.followups[0].content if failed.followups else failed.response.content
    assert "(Error " in said
    assert "words that nobody" not in said
