"""The queue page: order, filters, masked excerpts, tabs, focus mode, bulk changes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from starlette.datastructures import FormData

from bot.review import Outcome, Status
from bot.store.queue import Filter
from bot.web.events import _stream
from bot.web.looks import Looks
from bot.web.sessions import Membership, SignedIn
from bot.web.visit import Visit
from tests.bot.web.rig import CRISIS, EMERGENCY, REFER, URGENT, opened, post


def cases(page: str) -> list[str]:
    """Ids in the order in which the page lists them."""
    return re.findall(r'class="open" href="/case/(\w+)"', page)


async def test_overdue_cases_come_first_then_grave_ones_then_old_ones(console):
    fresh = await console.case(EMERGENCY, ago=1)
    old_urgent = await console.case(URGENT, ago=100)
    late_refer = await console.case(REFER, ago=60 * 30)
    new_urgent = await console.case(URGENT, ago=10)
    sam = await console.client("sam")
    assert [late_refer, fresh, old_urgent, new_urgent] == cases((await sam.get("/queue")).text)


async def test_a_row_says_severity_age_and_what_was_found(console):
    await console.case(EMERGENCY, ago=27)
    page = (await (await console.client("sam")).get("/queue")).text
    assert "Emergency" in page
    assert "overdue 12 min" in page
    assert "<mark>" in page
    assert "nobody yet" in page


async def test_excerpts_hide_links_addresses_names_and_numbers(console):
    await console.case(
        "tingling +44 7700 900123 in my foot me@example.org for a week <@123456789012345678> https://example.org/me"
    )
    page = (await (await console.client("sam")).get("/queue")).text
    for secret in ("example.org", "me@", "123456789012345678", "900123"):
        assert secret not in page


async def test_crisis_text_is_covered_in_the_queue(console):
    await console.case(CRISIS)
    page = (await (await console.client("sam")).get("/queue")).text
    assert "Text covered" in page
    assert "kill" not in page


async def test_filters_are_in_the_address(console):
    urgent, refer = await console.case(URGENT), await console.case(REFER)
    sam = await console.client("sam")
    assert [urgent] == cases((await sam.get("/queue?severity=3")).text)
    assert [refer] == cases((await sam.get("/queue?severity=2")).text)
    assert cases((await sam.get("/queue?age=1h")).text) == []
    assert [urgent] == cases((await sam.get(f"/queue?q={urgent}")).text)
    assert {urgent, refer} == set(
        cases((await sam.get("/queue?severity=9&age=x&state=nonsense&from=-4")).text)
    )


async def test_tabs_count_and_list(console):
    one, two, three = await console.case(URGENT), await console.case(REFER), await console.case(REFER)
    await console.store.cases.claim(one, "A", "sam")
    await console.store.cases.escalate(two, "A", "rita")
    sam = await console.client("sam")
    page = (await sam.get("/queue")).text
    assert [three] == cases(page)
    assert re.findall(r'class="count">(\d+)<', page) == ["1", "1", "1", "1", "0", "0"]
    assert [one] == cases((await sam.get("/queue?state=mine")).text)
    assert [two] == cases((await sam.get("/queue?state=escalated")).text)


async def test_start_reviewing_leads_to_the_gravest_case_and_skipped_ones_stay_away(console):
    urgent, refer = await console.case(URGENT), await console.case(REFER)
    sam = await console.client("sam")
    assert f"/case/{urgent}?focus=1" == (await sam.get("/next")).headers["location"]
    answer = await post(sam, f"/case/{urgent}/skip", focus="1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/next")
    assert f"/case/{refer}?focus=1" == (await sam.get("/next")).headers["location"]
    await post(sam, f"/case/{refer}/skip", focus="1")
    assert "said=empty" in (await sam.get("/next")).headers["location"]


async def test_bulk_shows_a_preview_and_wants_the_number_typed(console):
    ids = [await console.case(REFER), await console.case(REFER)]
    sam = await console.client("sam")
    preview = await post(sam, "/queue/bulk", action="claim", case=ids)
    assert preview.status_code == 200
    assert ids == sorted(cases(preview.text), key=ids.index)
    versions = {f"version-{one}": "1" for one in ids}
    wrong = await post(sam, "/queue/bulk", action="claim", case=ids, number="3", **versions)
    assert wrong.status_code == 422
    assert "Type 2 to confirm" in wrong.text
    assert (await console.store.cases.case(ids[0], "A")).status is Status.OPEN
    done = await post(sam, "/queue/bulk", action="claim", case=ids, number="2", **versions)
    assert done.status_code == 303
    assert [(await console.store.cases.case(one, "A")).holder for one in ids] == ["sam", "sam"]
    undone = await post(sam, f"/queue/bulk/{done.headers['location'].split('=')[1]}/undo")
    assert "said=undone" in undone.headers["location"]
    assert [(await console.store.cases.case(one, "A")).holder for one in ids] == [None, None]


async def test_bulk_closing_waits_for_the_undo_and_never_takes_an_emergency(tmp_path):
    async with opened(f"sqlite:///{tmp_path / 'b.db'}", undo=timedelta(seconds=0.2)) as console:
        ids, grave = [await console.case(REFER), await console.case(REFER)], await console.case(EMERGENCY)
        sam = await console.client("sam")
        refused = await post(sam, "/queue/bulk", action="false-alarm", case=[*ids, grave], number="3")
        assert (refused.status_code, "one by one" in refused.text) == (422, True)
        versions = {f"version-{one}": "1" for one in ids}
        await post(
            sam, "/queue/bulk", action="false-alarm", case=ids, number="2", note="same drill", **versions
        )
        assert (await console.store.cases.case(ids[0], "A")).status is Status.OPEN
        await console.desk.jobs._jobs[next(iter(console.desk.jobs._jobs))].task
        assert [(await console.store.cases.case(one, "A")).outcome for one in ids] == [
            Outcome.FALSE_ALARM
        ] * 2
        assert (await console.store.cases.case(grave, "A")).status is Status.OPEN


async def test_bulk_leaves_out_what_somebody_changed_since_the_preview(tmp_path):
    async with opened(f"sqlite:///{tmp_path / 'b.db'}", undo=timedelta(seconds=0.1)) as console:
        ids = [await console.case(REFER), await console.case(REFER)]
        sam = await console.client("sam")
        await post(
            sam,
            "/queue/bulk",
            action="duplicate",
            case=ids,
            number="2",
            **{f"version-{one}": "1" for one in ids},
        )
        await console.store.cases.claim(ids[0], "A", "rita")
        job = next(iter(console.desk.jobs._jobs.values()))
        await job.task
        assert (job.done, job.left_out) == (1, 1)
        assert (await console.store.cases.case(ids[0], "A")).holder == "rita"


async def test_nobody_undoes_somebody_elses_bulk(console):
    ids = [await console.case(REFER)]
    sam, rita = await console.client("sam"), await console.client("rita")
    done = await post(sam, "/queue/bulk", action="claim", case=ids, number="1", **{f"version-{ids[0]}": "1"})
    job = done.headers["location"].split("=")[1]
    assert (await post(rita, f"/queue/bulk/{job}/undo")).status_code == 404
    assert (await console.store.cases.case(ids[0], "A")).holder == "sam"


async def test_new_cases_are_told_as_a_number_without_text(console):
    now = datetime.now(UTC)
    signed = SignedIn("sam", "Sam", "A", {"A": Membership(False, now)})
    visit = Visit(None, console.desk, signed, "A", Looks(), now, FormData())
    stream = _stream(visit, now - timedelta(minutes=1))
    assert "retry" in await anext(stream)
    await console.case(EMERGENCY)
    told = await anext(stream)
    assert "event: cases" in told
    assert '{"number": 1, "gravest": "Emergency"}' in told
    assert "wipe" not in told
    await stream.aclose()


async def test_saved_views_stay_in_the_cookie_and_can_be_forgotten(console):
    sam = await console.client("sam")
    await post(sam, "/settings/views", name="Grave <ones>", query="severity=4&state=open")
    page = (await sam.get("/queue")).text
    assert "Grave &lt;ones&gt;" in page
    assert "/queue?severity=4&amp;state=open" in page
    await post(sam, "/settings/views", forget="Grave <ones>", query="")
    assert "Grave" not in (await sam.get("/queue")).text


async def test_the_console_counts_and_lists_as_the_store_does(console):
    ids = [await console.case(text, ago=ago) for text in (URGENT, REFER, EMERGENCY) for ago in (1, 100, 3000)]
    await console.store.cases.claim(ids[0], "A", "sam")
    await console.store.cases.escalate(ids[1], "A", "sam")
    await console.store.cases.claim(ids[1], "A", "rita")
    await console.store.cases.escalate(ids[2], "A", "sam")
    await console.store.cases.resolve(ids[3], "A", "sam", Outcome.CORRECT)
    for later in (timedelta(0), timedelta(minutes=11), timedelta(days=2)):  # claims hold, then have run out
        now = datetime.now(UTC) + later
        assert await console.store.queue.counts(
            "A", moderator="sam", now=now
        ) == await console.desk.queue.counts("A", moderator="sam", now=now)
        for tab in ("open", "mine", "claimed", "escalated", "resolved", "reports", "all"):
            told = [
                await queue.cases("A", Filter(tab=tab), moderator="sam", now=now)
                for queue in (console.store.queue, console.desk.queue)
            ]
            assert told[0] == told[1], tab
