"""The case page and what is done on it: claim to decision, conflicts, covered text, hostile text."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.review import Outcome, Status
from safety.types import Tier
from tests.bot.web.rig import CRISIS, EMERGENCY, REFER, URGENT, post, version


async def test_claim_to_decision(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    page = (await sam.get(f"/case/{case}")).text
    assert "Nobody is working on this" in page
    claimed = await post(sam, f"/case/{case}/claim", version=version(page))
    assert claimed.status_code == 303
    page = (await sam.get(f"/case/{case}")).text
    assert "Yours for" in page
    done = await post(
        sam,
        f"/case/{case}/resolve",
        version=version(page),
        outcome="wrong-tier",
        corrected="2",
        note="seen already",
    )
    assert done.status_code == 303
    decided = await console.store.cases.case(case, "A")
    assert (decided.status, decided.outcome, decided.corrected, decided.resolved_by) == (
        Status.RESOLVED,
        Outcome.WRONG_TIER,
        Tier.REFER,
        "sam",
    )
    page = (await sam.get(f"/case/{case}")).text
    assert "seen already" in page
    actions = [link.action for link in await console.store.audit("A", case=case)]
    assert actions[::-1] == ["opened", "viewed", "claimed", "viewed", "resolved", "viewed"]


async def test_flagged_words_are_marked_and_tied_to_their_rules(console):
    case = await console.case(EMERGENCY)
    page = (await (await console.client("sam")).get(f"/case/{case}")).text
    marks = re.findall(r'<mark class="(?:counts|not)" id="mark-(\d+)">', page)
    assert marks
    for number in marks:
        assert f'id="rule-{number}"' in page
        assert f'href="#rule-{number}"' in page
        assert f'href="#mark-{number}"' in page


async def test_the_draft_is_shown_beside_what_was_sent_with_the_passages(console):
    case = await console.case(REFER, draft="Stretching through the pins and needles is fine, push on. [1]")
    page = (await (await console.client("sam")).get(f"/case/{case}")).text
    assert "What the draft said" in page
    assert "<del>" in page or "<ins>" in page
    items = await console.store.cases.evidence(case, "A")
    written = next(item.shown.written for item in items if item.shown.written)
    assert ("Passages used" in page) == bool(written.citations)


async def test_a_stale_decision_gets_409_and_shows_the_other_one(console):
    case = await console.case(URGENT)
    sam, rita = await console.client("sam"), await console.client("rita")
    seen = version((await sam.get(f"/case/{case}")).text)
    await post(rita, f"/case/{case}/claim", version=seen)
    await post(rita, f"/case/{case}/resolve", version=str(int(seen) + 1), outcome="correct")
    late = await post(sam, f"/case/{case}/resolve", version=seen, outcome="false-alarm", note="my words")
    assert late.status_code == 409
    assert "Rita" in late.text
    assert "Correct flag" in late.text
    assert "my words" in late.text
    assert (await console.store.cases.case(case, "A")).outcome is Outcome.CORRECT


async def test_a_new_message_in_between_refuses_the_decision_and_keeps_what_was_typed(console):
    case = await console.case(URGENT, person="p")
    sam = await console.client("sam")
    seen = version((await sam.get(f"/case/{case}")).text)
    assert case == await console.case(EMERGENCY, person="p")
    late = await post(sam, f"/case/{case}/resolve", version=seen, outcome="correct", note="half a thought")
    assert late.status_code == 409
    assert "added a new message" in late.text
    assert "half a thought" in late.text
    assert version(late.text) != seen


async def test_one_of_fifty_concurrent_claims_wins(console):
    case = await console.case(URGENT)
    clients = [await console.client(f"mod{n}") for n in range(50)]
    answers = await asyncio.gather(*(post(client, f"/case/{case}/claim", version="1") for client in clients))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 49
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 303)
    held = await console.store.cases.case(case, "A")
    assert (f"mod{winner}", 2) == (held.holder, held.version)


async def test_faults_stand_beside_their_fields_and_nothing_is_changed(console):
    case = await console.case(EMERGENCY)
    sam = await console.client("sam")
    for fields, words in (
        ({}, "Choose an outcome"),
        ({"outcome": "nonsense"}, "Choose an outcome"),
        ({"outcome": "wrong-tier"}, "Say which severity"),
        ({"outcome": "wrong-tier", "corrected": "77"}, "Choose one of the severities"),
        ({"outcome": "false-alarm"}, "needs a reason"),
        ({"outcome": "false-alarm", "reason": "else"}, "Say what the reason is"),
    ):
        answer = await post(sam, f"/case/{case}/resolve", version="1", **fields)
        assert answer.status_code == 422, fields
        assert words in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert (await console.store.cases.case(case, "A")).version == 1


async def test_nothing_is_chosen_before_the_moderator_chooses(console):
    case = await console.case(EMERGENCY)
    page = (await (await console.client("sam")).get(f"/case/{case}")).text
    radios = re.findall(r'<input type="radio"[^>]*>', page)
    assert len(radios) == 5
    assert not any("checked" in radio for radio in radios)


async def test_a_reason_stands_in_the_audit_beside_the_outcome(console):
    case = await console.case(EMERGENCY)
    sam = await console.client("sam")
    await post(
        sam, f"/case/{case}/resolve", version="1", outcome="false-alarm", reason="figurative", note="gym talk"
    )
    notes = [item.shown.text for item in await console.store.cases.evidence(case, "A") if item.kind == "note"]
    assert notes == ["gym talk"]
    resolved = next(link for link in await console.store.audit("A", case=case) if link.action == "resolved")
    assert resolved.detail == "false-alarm, figurative"
    assert "false-alarm, figurative" in (await sam.get(f"/case/{case}")).text


async def test_extend_gives_htmx_the_lease_alone_with_the_new_version(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    await post(sam, f"/case/{case}/claim", version="1")
    answer = await sam.post(f"/case/{case}/extend", data={"csrf": sam.csrf}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert version(answer.text) == "3"
    assert (await post(sam, f"/case/{case}/extend")).status_code == 303


async def test_a_decision_does_not_collide_with_the_renewal_of_ones_own_lease(console):
    """Typing a note renews the lease while the form is being sent: the form then carries the version before."""
    case = await console.case(URGENT)
    sam, alex = await console.client("sam"), await console.client("alex")
    await post(sam, f"/case/{case}/claim", version="1")
    for _ in range(2):
        await post(sam, f"/case/{case}/extend")
    assert (await post(alex, f"/case/{case}/resolve", version="2", outcome="correct")).status_code == 409
    assert (await post(sam, f"/case/{case}/resolve", version="1", outcome="correct")).status_code == 409
    assert (await post(sam, f"/case/{case}/resolve", version="2", outcome="correct")).status_code == 303
    assert (await console.store.cases.case(case, "A")).status is Status.RESOLVED


async def test_extending_what_is_not_ones_own_is_refused(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    assert (await post(sam, f"/case/{case}/extend")).status_code == 409
    assert (await console.store.cases.case(case, "A")).version == 1


async def test_release_escalate_note_and_reopen(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    await post(sam, f"/case/{case}/claim", version="1")
    assert (await post(sam, f"/case/{case}/note", note="looking")).status_code == 303
    assert (await post(sam, f"/case/{case}/release", version="3")).status_code == 303
    assert (await post(sam, f"/case/{case}/escalate", version="4", note="please look")).status_code == 303
    assert (await console.store.cases.case(case, "A")).status is Status.ESCALATED
    await post(sam, f"/case/{case}/resolve", version="5", outcome="correct")
    assert (await post(sam, f"/case/{case}/reopen", version="6")).status_code == 303
    assert (await console.store.cases.case(case, "A")).status is Status.OPEN
    assert (await post(sam, f"/case/{case}/note", note="  ")).status_code == 422


async def test_in_focus_mode_a_decision_brings_the_next_case(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    answer = await post(sam, f"/case/{case}/resolve", version="1", outcome="correct", focus="1")
    assert f"/next?undo={case}" == answer.headers["location"]


async def test_covered_text_is_not_in_the_page_until_it_is_asked_for_and_that_is_audited(console):
    case = await console.case(CRISIS)
    sam = await console.client("sam")
    page = (await sam.get(f"/case/{case}")).text
    assert "Text covered" in page
    assert "kill" not in page
    assert (await post(sam, f"/case/{case}/reveal")).status_code == 303
    page = (await sam.get(f"/case/{case}")).text
    assert "kill" in page
    assert "revealed" in [link.action for link in await console.store.audit("A", case=case)]


async def test_reveals_are_limited(console):
    case = await console.case(CRISIS)
    sam = await console.client("sam")
    statuses = [(await post(sam, f"/case/{case}/reveal")).status_code for _ in range(31)]
    assert statuses == [303] * 30 + [429]


async def test_hostile_text_stays_text(console):
    hostile = f"{REFER} <script>alert(1)</script> <img src=x onerror=alert(2)> **bold** [a](javascript:alert(3)) {{{{ 7*7 }}}} \u202egnitset\u202c \x07"
    case = await console.case(hostile)
    sam = await console.client("sam")
    for path in (f"/case/{case}", "/queue"):
        page = (await sam.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page
        assert "<strong>bold" not in page
        assert "\u202e" not in page
        assert "\x07" not in page
    page = (await sam.get(f"/case/{case}")).text
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "\N{REPLACEMENT CHARACTER}gnitset" in page


async def test_hostile_notes_and_names_stay_text(console):
    case = await console.case(REFER)
    sam = await console.client("sam")
    console.roles.grants["sam", "A"] = replace(
        console.roles.grants["sam", "A"], name='<b onclick="x">\u202eSam'
    )
    await post(sam, f"/case/{case}/note", note='</textarea><script>alert("note")</script>')
    page = (await sam.get(f"/case/{case}")).text
    assert "<script>alert" not in page
    assert "<b onclick" not in page


async def test_the_page_of_a_case_whose_text_is_gone_still_stands(console):
    case = await console.case(REFER)
    await console.store.cases.resolve(case, "A", "sam", Outcome.CORRECT)
    sam = await console.client("sam")
    assert (await sam.get(f"/case/{case}")).status_code == 200
    await console.store.purge(datetime.now(UTC) + timedelta(days=31))
    sam = await console.client("sam")
    assert (await sam.get(f"/case/{case}")).status_code == 404


async def test_earlier_cases_are_counts_only(console):
    first = await console.case(URGENT, person="p")
    await console.store.cases.resolve(first, "A", "sam", Outcome.CORRECT)
    second = await console.case(REFER, person="p")
    page = (await (await console.client("sam")).get(f"/case/{second}")).text
    assert "1 correct" in page
    assert first not in page
    assert "calf" not in page
