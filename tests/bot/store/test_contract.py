"""What whoever uses the store relies on, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql

from bot.guild import GuildSettings
from bot.review import Outcome, Refused, Stale, Status, Targets
from bot.store.chain import verify
from bot.store.queue import Filter
from safety.types import State, Tier
from tests.bot.store.conftest import exchange, keep, opening_of
from tests.fakes import question

URGENT = {"tier": Tier.URGENT, "flagged": "tier"}


async def test_an_exchange_becomes_the_next_question_s_history(store):
    made, _ = await keep(store, "how deep should I squat?")
    opening = await opening_of(store)
    assert [(turn.speaker, turn.text) for turn in opening.turns] == [
        ("person", "how deep should I squat?"),
        ("bot", made.guarded.text),
    ]


async def test_conversations_people_and_guilds_never_mix(store):
    await keep(store, "a secret", state=State(tier=Tier.CAUTION))
    for other in ({"person": "bob"}, {"conversation": "elsewhere"}, {"guild": "200"}, {"guild": None}):
        assert (await opening_of(store, **other)).turns == ()


async def test_a_referral_stands_in_the_person_s_other_conversations_of_the_guild_only(store):
    await keep(store, state=State(tier=Tier.URGENT, features=frozenset({"numb"})), **URGENT)
    elsewhere = (await opening_of(store, conversation="elsewhere")).state
    assert (elsewhere.tier, elsewhere.features) == (Tier.URGENT, frozenset())
    for other in ({"person": "bob"}, {"guild": "200"}):
        assert (await opening_of(store, **other)).state is None


async def test_a_sticky_state_ends_after_72_hours(store):
    past = datetime.now(UTC) - timedelta(hours=73)
    await keep(store, state=State(tier=Tier.URGENT, since=past), at=past)
    state = (await opening_of(store)).state
    assert state is None or state.tier is Tier.NONE


async def test_a_question_that_is_to_be_delivered_is_taken_up_once(store):
    asked = question(id="m1", handle="channel:1")
    openings = await asyncio.gather(*(store.exchanges.begin(asked) for _ in range(10)))
    assert sorted(opening.duplicate for opening in openings) == [False] + [True] * 9


async def test_recording_the_same_exchange_again_changes_nothing(store):
    made = exchange(**URGENT)
    opening = await store.exchanges.begin(made.question)
    for _ in range(2):
        await store.exchanges.record(made, State(tier=Tier.URGENT), opening)
    assert (await store.queue.counts("100")).open == 1
    (case,) = await store.queue.cases("100")
    assert case.exchanges == 1


async def test_a_later_record_never_lowers_what_an_earlier_one_found(store):
    first, second = exchange("numb", **URGENT), exchange("thanks")
    openings = [await store.exchanges.begin(made.question) for made in (first, second)]
    await store.exchanges.record(first, State(tier=Tier.URGENT, features=frozenset({"numb"})), openings[0])
    await store.exchanges.record(second, State(), openings[1])
    state = (await opening_of(store)).state
    assert (state.tier, "numb" in state.features) == (Tier.URGENT, True)


async def test_an_exchange_is_recalled_by_its_person_only(store):
    made, _ = await keep(store, "how deep?")
    kept = await store.exchanges.recall(made.id, "100", "ann")
    assert (kept.question, kept.reply, kept.assessment, kept.citations) == (
        "how deep?",
        made.guarded.text,
        made.assessment,
        made.citations,
    )
    assert await store.exchanges.recall(made.id, "100", "bob") is None
    assert await store.exchanges.recall(made.id, "200", "ann") is None


async def test_the_same_conversation_adds_to_its_case_and_raises_it(store):
    _, first = await keep(store, tier=Tier.REFER, flagged="tier")
    _, second = await keep(store, "now both legs", tier=Tier.EMERGENCY, flagged="tier")
    case = await store.cases.case(first, "100")
    assert first == second
    assert (case.tier, case.exchanges, case.rules[:1]) == (Tier.EMERGENCY, 2, ("R2",))
    assert case.due_at - case.opened_at <= timedelta(minutes=16)


async def test_three_exchanges_after_a_flagged_one_are_kept_with_the_case(store):
    _, case = await keep(store, **URGENT)
    for number in range(5):
        await keep(store, f"after {number}")
    kinds = [item.kind for item in await store.cases.evidence(case, "100")]
    assert kinds == ["exchange", "context", "context", "context"]


async def test_one_of_fifty_claims_at_once_wins(store):
    _, case = await keep(store, **URGENT)
    tries = await asyncio.gather(
        *(store.cases.claim(case, "100", f"mod{n}") for n in range(50)), return_exceptions=True
    )
    assert sum(not isinstance(one, Exception) for one in tries) == 1
    assert all(isinstance(one, Refused) for one in tries if isinstance(one, Exception))


async def test_a_stale_decision_is_refused(store):
    _, case = await keep(store, **URGENT)
    await store.cases.claim(case, "100", "mod")
    with pytest.raises(Stale):
        await store.cases.resolve(case, "100", "mod", Outcome.CORRECT, version=1)


async def test_a_moderator_of_another_guild_finds_nothing(store):
    _, case = await keep(store, **URGENT)
    assert await store.cases.case(case, "200") is None
    assert await store.cases.evidence(case, "200") == []
    with pytest.raises(KeyError):
        await store.cases.claim(case, "200", "mod")
    assert await store.queue.cases("200") == []


async def test_a_false_alarm_lifts_the_tier_and_forgets_the_turns_before(store):
    _, case = await keep(store, **URGENT)
    await store.cases.resolve(case, "100", "mod", Outcome.FALSE_ALARM, note="gym slang")
    opening = await opening_of(store)
    assert opening.state is None or opening.state.tier is Tier.NONE
    assert opening.released_at is not None
    assert opening.turns == ()


async def test_a_corrected_tier_replaces_the_sticky_one(store):
    _, case = await keep(store, tier=Tier.EMERGENCY, flagged="tier")
    await store.cases.resolve(case, "100", "mod", Outcome.WRONG_TIER, corrected=Tier.REFER)
    assert (await opening_of(store)).state.tier is Tier.REFER


async def test_reopening_puts_back_what_a_false_alarm_lifted(store):
    before = State(Tier.URGENT, nerve=True, features=frozenset({"leg:left", "numb"}), since=datetime.now(UTC))
    _, case = await keep(store, state=before, **URGENT)
    await keep(
        store, "elsewhere", state=replace(before, tier=Tier.REFER), conversation="other", tier=Tier.REFER
    )
    await store.cases.resolve(case, "100", "mod", Outcome.FALSE_ALARM)
    assert (await opening_of(store, conversation="other")).state.tier is Tier.NONE
    await store.cases.reopen(case, "100", "mod")
    opening = await opening_of(store)
    assert opening.state == before
    assert (opening.released_at, opening.case) == (None, case)
    assert len(opening.turns) == 2
    assert (await opening_of(store, conversation="other")).state.features == before.features


async def test_reopening_raises_the_state_of_somebody_who_has_written_since(store):
    _, case = await keep(store, **URGENT)
    await store.cases.resolve(case, "100", "mod", Outcome.FALSE_ALARM)
    await keep(
        store, "how do I hinge?", state=State(features=frozenset({"back-pain"}), since=datetime.now(UTC))
    )
    await store.cases.reopen(case, "100", "mod")
    opening = await opening_of(store)
    assert (opening.state.tier, opening.state.nerve, opening.state.features) == (
        Tier.URGENT,
        True,
        {"back-pain"},
    )
    assert opening.released_at is None


async def test_reopening_puts_the_tier_back_that_a_correction_replaced(store):
    _, case = await keep(store, tier=Tier.EMERGENCY, flagged="tier")
    await store.cases.resolve(case, "100", "mod", Outcome.WRONG_TIER, corrected=Tier.REFER)
    await store.cases.reopen(case, "100", "mod")
    assert (await opening_of(store)).state.tier is Tier.EMERGENCY


async def test_after_a_decision_the_next_flag_opens_a_new_case(store):
    _, first = await keep(store, **URGENT)
    await store.cases.resolve(first, "100", "mod", Outcome.CORRECT)
    _, second = await keep(store, **URGENT)
    assert first != second
    with pytest.raises(Refused, match="newer"):
        await store.cases.reopen(first, "100", "mod")


async def test_a_lapsed_claim_is_back_in_the_queue_before_anybody_sweeps(store):
    _, case = await keep(store, **URGENT)
    await store.cases.claim(case, "100", "mod")
    later = datetime.now(UTC) + timedelta(minutes=11)
    assert [one.id for one in await store.queue.cases("100", now=later)] == [case]
    assert (await store.queue.counts("100", now=later)).open == 1
    (lapsed,) = await store.cases.lapse(later)
    assert (lapsed.status, lapsed.holder) == (Status.OPEN, None)


async def test_the_queue_is_ordered_by_overdue_then_severity_then_age(store):
    now = datetime.now(UTC)
    ids = {}
    for name, tier, age in (
        ("young refer", Tier.REFER, 1),
        ("old refer", Tier.REFER, 3),
        ("urgent", Tier.URGENT, 1),
        ("overdue", Tier.REFER, 30),
    ):
        _, ids[name] = await keep(
            store, tier=tier, flagged="tier", at=now - timedelta(hours=age), conversation=name, person=name
        )
    order = [
        next(name for name in ids if ids[name] == case.id) for case in await store.queue.cases("100", now=now)
    ]
    assert order == ["overdue", "urgent", "old refer", "young refer"]
    pages = [(await store.queue.cases("100", now=now, limit=1, offset=n))[0].id for n in range(4)]
    assert pages == [ids[name] for name in order]


async def test_a_skipped_case_is_not_offered_again_to_that_moderator(store):
    _, case = await keep(store, **URGENT)
    await store.cases.skip(case, "100", "mod")
    assert await store.queue.next("100", "mod") is None
    assert (await store.queue.next("100", "other")).id == case


async def test_filters_narrow_the_queue(store):
    _, case = await keep(store, **URGENT)
    await store.cases.claim(case, "100", "mod")
    for chosen, found in (
        (Filter(tab="mine"), 1),
        (Filter(tab="open"), 0),
        (Filter(tab="claimed", rule="K2"), 1),
        (Filter(tab="all", rule="K"), 0),
    ):
        assert len(await store.queue.cases("100", chosen, moderator="mod")) == found


async def test_a_report_opens_a_case_with_its_words_sealed(store):
    made, _ = await keep(store, "how deep?")
    case = await store.flags.report(made.id, "100", "bob", "unsafe", "it told me to round my back")
    assert (case.reason, case.tier) == ("report", Tier.NONE)
    shown = {item.kind: item.shown for item in await store.cases.evidence(case.id, "100")}
    assert shown["report"].text == "it told me to round my back"
    assert shown["exchange"].written.question == "how deep?"
    assert await store.flags.report("nothing", "100", "bob", "unsafe") is None


async def test_every_change_view_and_reveal_is_audited_without_text(store):
    _, case = await keep(store, "my secret foot is numb", **URGENT)
    await store.cases.claim(case, "100", "mod")
    await store.cases.seen(case, "100", "mod")
    await store.cases.seen(case, "100", "mod", revealed=True)
    await store.cases.note(case, "100", "mod", "a secret note")
    await store.cases.resolve(case, "100", "mod", Outcome.CORRECT, note="another secret")
    links = await store.audit("100", case=case)
    assert [link.action for link in reversed(links)] == [
        "opened",
        "claimed",
        "viewed",
        "revealed",
        "noted",
        "resolved",
    ]
    assert "secret" not in repr(links)
    assert [verdict.fault for verdict in await store.verify()] == [""]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET actor = 'nobody' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 3",
        "UPDATE chains SET last = 2, digest = (SELECT digest FROM audit WHERE number = 2)",
    ],
)
async def test_a_changed_or_missing_link_breaks_the_chain(store, tampering):
    _, case = await keep(store, **URGENT)
    await store.cases.claim(case, "100", "mod")
    await store.cases.release(case, "100", "mod")
    assert (await verify(store.database, "100")).fault == ""
    await store.database.write(lambda connection: connection.execute(sql(tampering)))
    assert (await verify(store.database, "100")).fault != ""


async def test_the_old_end_of_the_audit_is_purged_without_breaking_the_chain(store):
    _, case = await keep(store, **URGENT)
    await store.cases.claim(case, "100", "mod")
    gone = await store.purge(datetime.now(UTC) + timedelta(days=366))
    assert (gone["audit"], gone["expired"]) == (2, 1)
    verdict = await verify(store.database, "100")
    assert (verdict.links, verdict.fault) == (1, "")


async def test_exchanges_expire_after_seven_days_and_cases_thirty_after_their_decision(store):
    made, case = await keep(store, **URGENT)
    now = datetime.now(UTC)
    assert (await store.purge(now + timedelta(days=6)))["exchanges"] == 0
    assert (await store.purge(now + timedelta(days=8)))["exchanges"] == 1
    assert await store.exchanges.read(made.id, "100") is None
    assert (await store.purge(now + timedelta(days=59)))["cases"] == 0
    await store.cases.resolve(case, "100", "mod", Outcome.CORRECT)
    assert (await store.purge(now + timedelta(days=29)))["cases"] == 0
    gone = await store.purge(now + timedelta(days=31))
    assert (gone["cases"], gone["evidence"]) == (1, 1)


async def test_a_case_that_nobody_decides_is_closed_and_its_text_deleted(store):
    _, case = await keep(store, "words of mine", **URGENT)
    await store.cases.claim(case, "100", "mod")
    touched = (await store.cases.case(case, "100")).updated_at
    assert (await store.purge(touched + timedelta(days=59)))["expired"] == 0
    assert len(await store.cases.evidence(case, "100")) == 1
    assert (await store.purge(touched + timedelta(days=60, seconds=1)))["expired"] == 1
    closed = await store.cases.case(case, "100")
    assert (closed.status, closed.outcome, closed.holder) == (Status.RESOLVED, Outcome.EXPIRED, None)
    assert await store.cases.evidence(case, "100") == []
    assert (await store.cases.place(case, "100")).person == ""
    assert next(link.action for link in await store.audit("100")) == "expired"
    assert (await verify(store.database, "100")).fault == ""
    with pytest.raises(Refused, match="deleted"):
        await store.cases.reopen(case, "100", "mod")


async def test_a_case_in_direct_messages_is_closed_after_thirty_days_whatever_was_added(store):
    await keep(store, guild=None, **URGENT)
    _, case = await keep(store, guild=None, at=datetime.now(UTC) + timedelta(days=29), **URGENT)
    now = datetime.now(UTC)
    assert (await store.purge(now + timedelta(days=29)))["expired"] == 0
    assert (await store.purge(now + timedelta(days=30)))["expired"] == 1
    assert await store.cases.evidence(case, None) == []
    assert (await store.purge(now + timedelta(days=61)))["cases"] == 1


async def test_a_moderator_cannot_decide_that_a_case_expired(store):
    _, case = await keep(store, **URGENT)
    with pytest.raises(Refused, match="outcome"):
        await store.cases.resolve(case, "100", "mod", Outcome.EXPIRED)


async def test_a_person_gets_everything_of_theirs_and_nothing_else(store):
    made, _ = await keep(store, "my question", **URGENT)
    await keep(store, "not mine", person="bob", conversation="bob")
    await store.votes.cast(made.id, "100", "ann", helpful=True)
    exported = await store.persons.export("ann")
    assert [one["question"] for one in exported["exchanges"]] == ["my question"]
    assert (len(exported["cases"]), len(exported["votes"]), len(exported["safety_states"])) == (1, 1, 1)
    assert "not mine" not in repr(exported)


async def test_deleting_a_person_leaves_a_tombstone_and_an_unbroken_chain(store):
    _, case = await keep(store, "my question", **URGENT)
    await keep(store, "not mine", person="bob", conversation="bob")
    gone = await store.persons.delete("ann")
    assert (gone["exchanges"], gone["cases"]) == (1, 1)
    left = await store.cases.case(case, "100")
    assert (left.person, left.status, left.tier) == ("", Status.RESOLVED, Tier.URGENT)
    assert await store.cases.evidence(case, "100") == []
    assert not any((await store.persons.export("ann")).values())
    assert len((await store.persons.export("bob"))["exchanges"]) == 1
    assert (await verify(store.database, "100")).fault == ""


async def test_leaving_a_guild_deletes_all_of_it_and_nothing_of_others(store):
    await keep(store, **URGENT)
    await keep(store, guild="200", **URGENT)
    await store.guilds.forget("100")
    assert ((await store.queue.counts("100")).open, (await store.queue.counts("200")).open) == (0, 1)
    assert [verdict.guild for verdict in await store.verify()] == ["200"]


def test_every_table_with_a_guild_is_emptied_when_it_is_left():
    from bot.store.guilds import KEPT
    from bot.store.models import Base

    with_guild = {name for name, table in Base.metadata.tables.items() if "guild" in table.c}
    assert {table.__tablename__ for table in KEPT} == with_guild


async def test_guild_settings_are_kept_and_set_the_target_times(store):
    wanted = GuildSettings(review_channel="5", targets=Targets(urgent=timedelta(minutes=30)))
    await store.guilds.save("100", wanted, "mod")
    _, case = await keep(store, **URGENT)
    kept = await store.cases.case(case, "100")
    assert await store.guilds.settings("100") == wanted
    assert kept.due_at - kept.opened_at == timedelta(minutes=30)


async def test_a_promised_reply_is_found_again_by_one_process_and_only_after_its_lease(store):
    asked = question(id="m9", handle="channel:7")
    await store.exchanges.begin(asked)
    assert await store.deliveries.orphans() == []
    later = datetime.now(UTC) + timedelta(minutes=3)
    found = [
        one
        for many in await asyncio.gather(*(store.deliveries.orphans(now=later) for _ in range(4)))
        for one in many
    ]
    assert [(one.question, one.handle, one.exchange) for one in found] == [("m9", "channel:7", None)]
    await store.exchanges.delivered("m9", "100", "55")
    assert await store.deliveries.orphans(now=later + timedelta(hours=1)) == []


async def test_a_promised_question_is_claimed_by_the_one_that_promised_it(store):
    asked = question(id="m1", handle="channel:1")
    promised = await asyncio.gather(*(store.deliveries.promise(asked) for _ in range(5)))
    assert sorted(promised) == [False] * 4 + [True]
    openings = [await store.exchanges.begin(asked) for _ in range(3)]
    assert [opening.duplicate for opening in openings] == [False, True, True]


async def test_a_promise_that_was_never_claimed_is_found_too(store):
    await store.deliveries.promise(question(id="m1", handle="channel:1"))
    later = datetime.now(UTC) + timedelta(minutes=3)
    (found,) = await store.deliveries.orphans(now=later)
    assert (found.question, found.again) == ("m1", False)
    (found,) = await store.deliveries.orphans(now=later + timedelta(minutes=3))
    assert found.again  # whoever took it over did not come to an end with it


async def test_known_are_questions_of_this_guild_that_somebody_took_up(store):
    await store.exchanges.begin(question(id="m1", handle="channel:1"))
    await store.exchanges.begin(question(id="m2", handle="channel:1", guild="200"))
    assert await store.deliveries.known("100", ["m1", "m2", "m3"]) == {"m1"}


async def test_nothing_of_a_question_is_left_in_a_promise_that_was_kept(store):
    for number, end in enumerate((store.exchanges.delivered, store.deliveries.apologised)):
        await store.exchanges.begin(question(id=f"m{number}", handle="where and what"))
        await end(f"m{number}", "100")
    left = await store.database.read(
        lambda connection: connection.execute(sql("SELECT sealed, status FROM deliveries")).all()
    )
    assert [(bytes(row.sealed), row.status) for row in left] == [(b"", "delivered"), (b"", "apologised")]
    assert await store.reseal() == 0


async def test_cards_are_due_until_they_show_the_newest_version(store):
    _, case = await keep(store, **URGENT)
    ((due, channel, message),) = await store.queue.cards_due()
    assert (due.id, channel, message) == (case, None, None)
    await store.queue.card_posted(case, "100", due.version, "5", "6")
    assert await store.queue.cards_due() == []
    await store.cases.claim(case, "100", "mod")
    ((due, channel, message),) = await store.queue.cards_due(("100",))
    assert (channel, message) == ("5", "6")
    assert await store.queue.cards_due(("200",)) == []


async def test_votes_count_once_a_person_and_statistics_add_up(store):
    made, case = await keep(store, **URGENT)
    for helpful in (True, False):
        assert await store.votes.cast(made.id, "100", "ann", helpful=helpful)
    assert not await store.votes.cast("nothing", "100", "ann", helpful=True)
    with pytest.raises(ValueError, match="unknown reason"):
        await store.votes.cast(made.id, "100", "ann", helpful=False, reason="because my foot is numb")
    await store.cases.resolve(case, "100", "mod", Outcome.FALSE_ALARM)
    figures = await store.statistics.figures("100")
    assert (figures.helpful, figures.not_helpful, figures.questions) == (0, 1, 1)
    assert (figures.outcomes, figures.load, figures.false_alarms_by_rule["K2"]) == (
        {"false-alarm": 1},
        {"mod": 1},
        (1, 1),
    )


async def test_sessions_are_kept_by_hash_and_end_everywhere(store):
    cookie = await store.sessions.begin("mod", '{"guilds": []}', lasts=timedelta(minutes=30))
    assert await store.sessions.read(cookie) == '{"guilds": []}'
    assert await store.sessions.read("forged") is None
    assert await store.sessions.end_all("mod") == 1
    assert await store.sessions.read(cookie) is None


async def test_one_leader_a_task(store):
    async with store.leader("purge") as first, store.leader("purge") as second:
        assert first
        assert second is store.database.sqlite
    async with store.leader("purge") as again:
        assert again


async def test_the_overview_counts_what_waits_in_all_guilds(store):
    now = datetime.now(UTC)
    await keep(store, at=now - timedelta(hours=5), **URGENT)
    await keep(store, guild="200", tier=Tier.REFER, flagged="tier", at=now - timedelta(hours=1))
    overview = await store.queue.overview(now=now)
    assert (overview.by_severity, overview.overdue, round(overview.oldest_seconds)) == (
        {3: 1, 2: 1},
        1,
        18000,
    )
