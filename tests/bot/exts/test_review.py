"""The moderators' side: cards, claims, decisions, /mod, /setup."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.review import Outcome
from bot.ui.snowflakes import pinging

RED = "my groin and inner thighs have gone numb since yesterday and I cannot pee"


@pytest.fixture
async def flagged(scene):
    """A server that is set up, with one flagged conversation."""
    settings = replace(await scene.client.book.read(scene.guild.id), review_channel=str(scene.review.id))
    await scene.client.book.save(scene.guild.id, settings, 1)
    await scene.ann.slash(scene.channel, "ask", question=RED)
    return scene


async def test_a_flagged_message_becomes_a_card_with_the_words_covered(flagged):
    card = flagged.review.last_message
    text = flagged.words(card)
    assert "Emergency" in text
    assert "||my groin" in text
    assert {"Claim", "Resolve", "Escalate", "Note", "Transcript", "Jump", "Open in console"} <= set(
        flagged.buttons(card)
    )


async def test_claiming_is_for_one_moderator_only_and_shows_on_the_card(flagged):
    card = flagged.review.last_message
    await flagged.moderator.click(card, label="Claim")
    second = flagged.guild.add_member(flagged.env.create_user("ny"), roles=[flagged.guild.roles["Mods"]])
    await flagged.env.advance_time(3)
    refused = await second.click(card, custom_id=_id(flagged, "case-claim", card))
    assert "Somebody else" in flagged.words(refused.response)


async def test_only_moderators_may_press(flagged, app):
    card = flagged.review.last_message
    refused = await flagged.ann.click(card, label="Claim")
    assert "Only moderators" in (
        refused.followups[0].content if refused.followups else refused.response.content
    )
    (case,) = await app.store.queue.cases(str(flagged.guild.id))
    assert case.status == "open"


async def test_resolving_takes_a_decision_and_closes_the_card(flagged, app):
    card = flagged.review.last_message
    modal = await flagged.moderator.click(card, label="Resolve")
    given = {"outcome": "false-alarm", "note": "spoke to them"}
    refused = await flagged.moderator.submit_modal(modal, given)
    assert "needs a reason" in flagged.words(refused.response)
    again = await flagged.moderator.click(card, label="Resolve")
    await flagged.moderator.submit_modal(again, given | {"reason": "joke"})
    (case,) = await app.store.queue.cases(str(flagged.guild.id), _filter("resolved"))
    assert case.outcome == "false-alarm"
    assert (await app.store.audit(str(flagged.guild.id), case=case.id))[0].detail == "false-alarm, joke"


async def test_a_case_is_noted_given_back_skipped_escalated_to_one_role_and_reopened(flagged, app):
    guild, senior = str(flagged.guild.id), flagged.guild.create_role("Seniors")
    settings = replace(await flagged.client.book.read(flagged.guild.id), senior_role=str(senior.id))
    await flagged.client.book.save(flagged.guild.id, settings, 1)
    mo, card = flagged.moderator, flagged.review.last_message
    (case,) = await app.store.queue.cases(guild)
    await mo.click(card, label="Claim")
    modal = await mo.click(card, label="Note")
    await mo.submit_modal(modal, {"note": "asked them to call"})
    card = await _newest_card(flagged)
    await mo.click(card, label="Give back")
    assert (await app.store.cases.case(case.id, guild)).holder is None
    card = await _newest_card(flagged)
    await mo.click(card, label="Skip")
    nothing = await mo.slash(flagged.review, "mod queue")
    assert "Nothing waits" in flagged.words(nothing.response)
    await mo.click(card, label="Escalate")
    called = flagged.review.last_message
    assert "was escalated by" in flagged.words(called)
    assert [role.id for role in called.role_mentions] == [senior.id]
    await app.store.cases.resolve(case.id, guild, str(mo.id), Outcome.CORRECT)
    card = await _newest_card(flagged)
    await mo.click(card, label="Reopen")
    assert (await app.store.cases.case(case.id, guild)).status == "open"
    done = [link.action for link in await app.store.audit(guild, case=case.id)]
    wanted = ["reopened", "resolved", "escalated", "skipped", "released", "noted", "claimed", "opened"]
    assert [action for action in done if action in wanted] == wanted


async def test_in_quiet_hours_an_escalation_pings_nobody(flagged, monkeypatch):
    pinged = []
    cases = sys.modules[
        type(flagged.client.get_cog("Cases")).__module__
    ]  # loading an extension makes a module anew
    monkeypatch.setattr(cases, "pinging", lambda roles: pinged.append(list(roles)) or pinging(roles=roles))
    hour, senior = datetime.now(UTC).hour, flagged.guild.create_role("Seniors")
    settings = replace(
        await flagged.client.book.read(flagged.guild.id),
        senior_role=str(senior.id),
        quiet_hours=(hour, (hour + 2) % 24),
    )
    await flagged.client.book.save(flagged.guild.id, settings, 1)
    await flagged.moderator.click(flagged.review.last_message, label="Escalate")
    assert "was escalated by" in flagged.words(flagged.review.last_message)
    assert pinged == [[]]


async def test_a_case_of_another_server_is_not_there(flagged, app):
    (case,) = await app.store.queue.cases(str(flagged.guild.id))
    other = await app.store.cases.case(case.id, "123456789")
    assert other is None
    stranger = flagged.guild.add_member(flagged.env.create_user("eve"))
    card = flagged.review.last_message
    for verb in ("claim", "resolve", "escalate", "note", "transcript", "skip"):
        refused = await stranger.click(card, custom_id=f"spotter:case-{verb}:{case.id}")
        said = refused.followups[0].content if refused.followups else refused.response.content
        assert "Only moderators" in said, verb
    stands = await app.store.cases.case(case.id, case.guild)
    assert (stands.version, stands.status) == (1, "open")


async def test_a_new_card_pings_whoever_is_on_duty_and_nobody_else(scene):
    settings = await scene.client.book.read(scene.guild.id)
    on = replace(settings, review_channel=str(scene.review.id), rota=(str(scene.moderator.id),))
    await scene.client.book.save(scene.guild.id, on, 1)
    await scene.ann.slash(scene.channel, "ask", question=RED)
    card = scene.review.last_message
    assert f"On duty: <@{scene.moderator.id}>" in scene.words(card)
    assert [user.id for user in card.mentions] == [scene.moderator.id]
    await scene.moderator.click(card, label="Claim")
    await scene.env.advance_time(3)
    hour = datetime.now(UTC).hour
    await scene.client.book.save(scene.guild.id, replace(on, quiet_hours=(hour, (hour + 2) % 24)), 1)
    other = scene.guild.add_member(scene.env.create_user("bo"))
    await other.slash(scene.channel, "ask", question=RED)
    assert "On duty" not in scene.words(scene.review.last_message)


async def test_the_transcript_is_private_marks_the_words_and_is_audited(flagged, app):
    shown = await flagged.moderator.click(flagged.review.last_message, label="Transcript")
    assert shown.ephemeral
    assert "**" in flagged.words(shown.response)
    actions = [link.action for link in await app.store.audit(str(flagged.guild.id))]
    assert "revealed" in actions


async def test_mod_queue_and_case_and_stats(flagged, app):
    queue = await flagged.moderator.slash(flagged.review, "mod queue")
    assert "Emergency" in flagged.words(queue.response)
    (case,) = await app.store.queue.cases(str(flagged.guild.id))
    offered = await flagged.moderator.autocomplete(flagged.review, "mod case", "case", case.id[-4:])
    assert [choice["value"] for choice in offered] == [case.id]
    one = await flagged.moderator.slash(flagged.review, "mod case", case=case.id[-6:])
    assert "||my groin" in flagged.words(one.response)
    stats = await flagged.moderator.slash(flagged.review, "mod stats")
    assert "1 open" in flagged.words(stats.response)


async def test_flag_for_review_opens_a_case_on_any_message_and_posts_nothing_there(scene, app):
    message = await scene.ann.send(scene.channel, "I just push through the pain, it is fine")
    before = len(scene.channel.history())
    result = await scene.moderator.context_menu(scene.channel, "Flag for review", message)
    assert "is open" in scene.words(result.response)
    assert len(scene.channel.history()) == before
    (case,) = await app.store.queue.cases(str(scene.guild.id))
    assert case.reason in ("flag", "tier")


async def test_the_lifter_may_ask_whether_somebody_looked_and_appeal(scene, app):
    result = await scene.ann.slash(scene.channel, "ask", question="my leg is numb since last week")
    waiting = await scene.ann.click(result.response, label="Has somebody looked?")
    assert "Nobody has looked yet" in scene.words(waiting.response)
    (case,) = await app.store.queue.cases(str(scene.guild.id))
    await app.store.cases.claim(case.id, case.guild, str(scene.moderator.id))
    looking = await scene.ann.click(result.response, label="Has somebody looked?")
    assert "looking at it" in scene.words(looking.response)
    modal = await scene.ann.click(result.response, label="A clinician has seen me")
    thanked = await scene.ann.submit_modal(modal, {"note": "all clear"})
    assert "A moderator will decide" in scene.words(thanked.response)
    evidence = await app.store.cases.evidence(case.id, case.guild)
    assert [item.shown.reason for item in evidence if item.kind == "report"] == ["clinician-seen"]


async def test_setup_keeps_choices_and_names_what_is_missing(scene):
    owner = scene.guild.add_member(scene.env.create_user("boss"), roles=[_manager(scene)])
    shown = await owner.slash(scene.channel, "setup")
    assert "Choose a review channel" in scene.words(shown.response)
    after = await owner.select(shown.response, [scene.review], custom_id="spotter:setup:review")
    assert (await scene.client.book.read(scene.guild.id)).review_channel == str(scene.review.id)
    assert "Choose a review channel" not in scene.words(after.response or shown.response)


async def test_setup_is_refused_to_others(scene):
    with pytest.raises(Exception, match=r"(?i)permission|available|visible"):
        await scene.ann.slash(scene.channel, "setup")


async def _newest_card(scene):
    """The card as it stands, without waiting for the pause between two edits."""
    cards = scene.client.get_cog("Cards")
    cards._not_before.clear()
    await cards.refresh()
    return next(one for one in reversed(scene.review.history()) if "Case `" in scene.words(one))


def _manager(scene):
    import discord

    return scene.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))


def _filter(tab):
    from bot.store.queue import Filter

    return Filter(tab=tab)


def _id(scene, verb, card):
    found = [one for one in scene.buttons(card).values() if one.startswith(f"spotter:{verb}:")]
    return found[0] if found else next(one for one in scene.buttons(card).values() if "case-release" in one)
