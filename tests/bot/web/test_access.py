"""Who gets in and who does not: every refusal is a 401, 403 or 404 and changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.review import Outcome
from bot.web.authority import Grant, weigh
from bot.web.forgery import safe_next
from bot.web.sessions import ABSOLUTE, IDLE
from tests.bot.web.rig import REFER, URGENT, post

PAGES = (
    "/queue",
    "/next",
    "/decisions",
    "/decisions.csv",
    "/stats",
    "/audit",
    "/settings",
    "/events",
    "/case/x",
)
WRITES = ("claim", "extend", "release", "escalate", "skip", "resolve", "reopen", "note", "reveal")
FORMS = ("/queue/bulk", "/queue/bulk/x/undo", "/logout", "/stay", "/audit/verify", "/settings/looks", "/settings/theme", "/settings/views",
         "/settings/server")  # fmt: skip


async def unchanged(console, case: str) -> bool:
    """Whether nothing at all happened to a case since it was opened."""
    return (await console.store.cases.case(case, "A")).version == 1 and len(
        await console.store.audit("A", case=case)
    ) == 1


async def test_strangers_get_the_sign_in_page_and_nothing_else(console):
    case = await console.case(URGENT)
    nobody = await console.client()
    for path in PAGES:
        answer = await nobody.get(path)
        assert answer.status_code == 401, path
        assert "form-check" not in answer.text
    for path in [*FORMS, *(f"/case/{case}/{write}" for write in WRITES)]:
        assert (await nobody.post(path, data={"version": "1", "outcome": "correct"})).status_code == 401, path
        assert (await nobody.request("DELETE", path)).status_code == 401, path
        assert (await nobody.request("PUT", path)).status_code == 401, path
    assert await unchanged(console, case)


async def test_a_made_up_cookie_is_nobody(console):
    nobody = await console.client()
    nobody.cookies.set("spotter", "made-up")
    assert (await nobody.get("/queue")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, True),
        ({"sec-fetch-site": "", "origin": "https://evil.example"}, True),
        ({"sec-fetch-site": "", "origin": "null"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
    ],
)
async def test_forged_forms_change_nothing(console, headers, token):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    for path in [*FORMS, *(f"/case/{case}/{write}" for write in WRITES)]:
        fields = {"version": "1", "outcome": "correct", "csrf": sam.csrf if token else "wrong"}
        assert (await sam.post(path, data=fields, headers=headers)).status_code == 403, path
    assert await unchanged(console, case)


async def test_forms_without_any_origin_are_refused(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    del sam.headers["sec-fetch-site"]
    assert (await post(sam, f"/case/{case}/claim", version="1")).status_code == 403
    assert await unchanged(console, case)


async def test_an_old_browser_with_our_origin_is_served(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    del sam.headers["sec-fetch-site"]
    sam.headers["origin"] = "http://testserver"
    assert (await post(sam, f"/case/{case}/claim", version="1")).status_code == 303


async def test_the_token_of_another_session_does_not_fit(console):
    case = await console.case(URGENT)
    sam, rita = await console.client("sam"), await console.client("rita")
    sam.csrf = rita.csrf
    assert (await post(sam, f"/case/{case}/claim", version="1")).status_code == 403


async def test_nothing_is_changed_by_reading(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    for write in WRITES:
        assert (await sam.get(f"/case/{case}/{write}")).status_code == 405
    assert (await console.store.cases.case(case, "A")).version == 1


async def test_moderators_of_one_server_never_see_another(console):
    own, other = await console.case(URGENT), await console.case(REFER, guild="B")
    sam = await console.client("sam")
    assert (await sam.get(f"/case/{other}")).status_code == 404
    assert (await sam.get(f"/case/{other}?guild=B")).status_code == 404
    assert (await sam.get("/queue?guild=B")).status_code == 404
    assert (await sam.get("/events?guild=B")).status_code == 404
    assert (await sam.get("/decisions.csv?guild=B")).status_code == 404
    for write in WRITES:
        for query in ("", "?guild=B"):
            assert (
                await post(sam, f"/case/{other}/{write}{query}", version="1", outcome="correct", note="x")
            ).status_code == 404
    assert (await post(sam, "/queue/bulk", action="claim", case=[own, other], number="2")).status_code == 404
    assert (await console.store.cases.case(other, "B")).version == 1
    assert len(await console.store.audit("B")) == 1
    assert other not in (await sam.get("/queue")).text


async def test_a_moderator_of_two_servers_reaches_both_by_their_addresses(console):
    other = await console.case(REFER, guild="B")
    sam = await console.client("sam")
    console.roles.grants["sam", "B"] = Grant("Sam", False)
    assert (await sam.get(f"/case/{other}")).status_code == 404
    assert (await sam.get(f"/case/{other}?guild=B")).status_code == 200
    assert (await sam.get(f"/case/{other}")).status_code == 200
    assert (await post(sam, f"/case/{other}/claim", version="1")).status_code == 303


async def test_a_lost_role_ends_the_session_at_the_next_write(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    assert (await sam.get("/queue")).status_code == 200
    del console.roles.grants["sam", "A"]
    assert (await post(sam, f"/case/{case}/claim", version="1")).status_code == 401
    assert (await sam.get("/queue")).status_code == 401
    assert await unchanged(console, case)


async def test_reading_asks_discord_at_most_every_five_minutes_and_writing_every_time(console, monkeypatch):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    for _ in range(5):
        await sam.get("/queue")
    assert console.roles.asked == 0
    await post(sam, f"/case/{case}/claim", version="1")
    assert console.roles.asked == 1
    monkeypatch.setattr("bot.web.visit.RECHECK", timedelta(0))
    await sam.get("/queue")
    assert console.roles.asked == 2


async def test_while_discord_is_silent_nothing_is_written(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    console.roles.silent = True
    assert (await post(sam, f"/case/{case}/claim", version="1")).status_code == 503
    assert (await sam.get("/queue")).status_code == 200
    assert await unchanged(console, case)


async def test_a_session_ends_when_idle_and_after_twelve_hours(console):
    now = datetime.now(UTC)
    idle = await console.client("sam", seen_at=now - IDLE + timedelta(seconds=2), begun_at=now - IDLE)
    assert (await idle.get("/queue")).status_code == 200
    assert (await idle.get("/queue")).status_code == 200
    old = await console.client("rita", seen_at=now, begun_at=now - ABSOLUTE + timedelta(seconds=60))
    assert (await old.get("/queue")).status_code == 200
    for begun, seen in ((now - IDLE, now - IDLE), (now - ABSOLUTE, now)):
        gone = await console.client("alex", seen_at=seen, begun_at=begun)
        assert (await gone.get("/queue")).status_code == 401


async def test_signing_out_everywhere_ends_every_session(console):
    one, two, other = await console.client("sam"), await console.client("sam"), await console.client("rita")
    answer = await post(one, "/logout", everywhere="1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert [(await client.get("/queue")).status_code for client in (one, two, other)] == [401, 401, 200]


async def test_signing_out_ends_this_session_only(console):
    one, two = await console.client("sam"), await console.client("sam")
    await post(one, "/logout")
    assert [(await client.get("/queue")).status_code for client in (one, two)] == [401, 200]


async def test_moderators_see_their_own_audit_and_managers_all(console):
    case = await console.case(URGENT)
    sam, rita, alex = (
        await console.client("sam"),
        await console.client("rita"),
        await console.client("alex", admin=True),
    )
    await sam.get(f"/case/{case}")
    await rita.get(f"/case/{case}")
    mine = (await sam.get("/audit?actor=rita")).text
    assert ("<td>Sam</td>" in mine, "<td>Rita</td>" in mine, "<td>Spotter</td>" in mine) == (
        True,
        False,
        False,
    )
    everything = (await alex.get("/audit")).text
    assert all(f"<td>{who}</td>" in everything for who in ("Sam", "Rita", "Spotter"))
    assert "chain is whole" in (await post(alex, "/audit/verify")).text
    assert (await post(sam, "/audit/verify")).status_code == 403


async def test_only_managers_change_the_server(console):
    sam, alex = await console.client("sam"), await console.client("alex", admin=True)
    fields = {
        "emergency": "10",
        "urgent": "200",
        "refer": "1000",
        "other": "4000",
        "quiet-from": "22",
        "quiet-to": "6",
        "export": "on",
    }
    assert (await post(sam, "/settings/server", **fields)).status_code == 403
    assert (await console.store.guilds.settings("A")).quiet_hours is None
    assert (await post(alex, "/settings/server", **fields)).status_code == 303
    kept = await console.store.guilds.settings("A")
    assert (timedelta(minutes=10), (22, 6), True) == (
        kept.targets.emergency,
        kept.quiet_hours,
        kept.export_text,
    )
    bad = await post(alex, "/settings/server", **{**fields, "urgent": "soon", "quiet-to": "99"})
    assert bad.status_code == 422
    assert (await console.store.guilds.settings("A")) == kept


async def test_every_response_carries_the_safe_headers(console):
    sam, nobody = await console.client("sam"), await console.client()
    for answer in [await sam.get("/queue"), await nobody.get("/queue"), await sam.get("/nowhere"), await nobody.get("/healthz"),
                   await nobody.get("/login"), await sam.post("/queue/bulk")]:  # fmt: skip
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert tuple(
            answer.headers[name] for name in ("referrer-policy", "cache-control", "x-content-type-options")
        ) == ("no-referrer", "no-store", "nosniff")
        assert "noindex" in answer.headers["x-robots-tag"]


async def test_pages_need_nothing_from_elsewhere_and_run_no_inline_script(console):
    case = await console.case(URGENT)
    sam = await console.client("sam", admin=True)
    for path in ("/queue", f"/case/{case}", "/decisions", "/stats", "/audit", "/settings"):
        page = (await sam.get(path)).text
        assert "style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page
        assert "og:" not in page
        assert 'src="http' not in page


async def test_a_strange_host_is_refused(console):
    nobody = await console.client()
    assert (await nobody.get("/login", headers={"host": "evil.example"})).status_code == 403
    assert (await nobody.get("/login", headers={"host": "testserver:8970"})).status_code == 200
    assert (await nobody.get("/login", headers={"host": "[::1"})).status_code == 403


async def test_faults_of_ours_tell_a_number_and_no_more(console, monkeypatch):
    sam = await console.client("sam")

    async def broken(*_args, **_values):
        raise RuntimeError("secret words of a message")

    monkeypatch.setattr(console.desk.queue, "counts", broken)
    sam._transport.raise_app_exceptions = False
    answer = await sam.get("/queue")
    assert answer.status_code == 500
    assert "secret words" not in answer.text
    assert "this number" in answer.text
    assert answer.headers["content-security-policy"]


async def test_health_tells_whether_the_store_answers(console, monkeypatch):
    nobody = await console.client()
    assert ((await nobody.get("/healthz")).status_code, (await nobody.get("/healthz")).text) == (200, "ok\n")

    async def dead():
        raise OSError("gone")

    monkeypatch.setattr(console.store, "ping", dead)
    assert (await nobody.get("/healthz")).status_code == 503


async def test_no_words_of_anybody_reach_the_disk(console, tmp_path):
    case = await console.case("my left heel is numb since tuesday xylophone")
    sam = await console.client("sam")
    await post(sam, f"/case/{case}/note", note="zanzibar note")
    await post(sam, f"/case/{case}/resolve", version="1", outcome="correct", note="quagmire words")
    await sam.get(f"/case/{case}")
    await console.store.cases.case(case, "A")
    for file in tmp_path.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for word in (b"xylophone", b"zanzibar", b"quagmire", b"numb since"):
                assert word not in data, (file, word)


async def test_decisions_and_their_csv_hold_no_text(console):
    case = await console.case(URGENT)
    sam = await console.client("sam")
    await console.store.cases.resolve(case, "A", "sam", Outcome.FALSE_ALARM, note="=HYPERLINK(1)")
    page = (await sam.get("/decisions?outcome=false-alarm")).text
    assert case in page
    assert "No decisions" in (await sam.get("/decisions?outcome=duplicate")).text
    sheet = await sam.get("/decisions.csv")
    assert "text/csv" in sheet.headers["content-type"]
    assert len(sheet.text.strip().splitlines()) == 2
    assert case in sheet.text
    assert "false-alarm" in sheet.text
    assert "calf" not in sheet.text
    assert "HYPERLINK" not in sheet.text


async def test_statistics_show_each_figure_as_a_table_too(console):
    for outcome in (Outcome.CORRECT, Outcome.FALSE_ALARM, Outcome.CORRECT):
        await console.store.cases.resolve(await console.case(URGENT), "A", "sam", outcome)
    page = (await (await console.client("sam")).get("/stats?days=7")).text
    assert page.count("<table>") >= 4
    assert "3 cases in 7 days" in page
    assert "33%" in page


async def test_looks_are_kept_in_a_cookie_and_checked(console):
    sam = await console.client("sam")
    await post(sam, "/settings/theme", theme="dark", next="/stats")
    assert 'data-theme="dark"' in (await sam.get("/queue")).text
    await post(sam, "/settings/looks", theme="dark", cover="always", shortcuts="on", **{"key-claim": "t"})
    await console.case(URGENT)
    page = (await sam.get("/queue")).text
    assert "Text covered" in page
    assert "&#34;claim&#34;: &#34;t&#34;" in page
    clash = await post(
        sam, "/settings/looks", theme="dark", cover="never", shortcuts="on", **{"key-claim": "j"}
    )
    assert "said=keys" in clash.headers["location"]
    await post(sam, "/settings/looks", theme="light", cover="never")
    assert 'data-keys="{}"' in (await sam.get("/queue")).text
    for nonsense in ("%7B", "null", "%5B1%5D", '{"theme":"<x>","keys":5,"views":[1]}'):
        sam.cookies.set("spotter-looks", nonsense)
        assert (await sam.get("/queue")).status_code == 200


def test_only_our_own_paths_are_returned_to():
    for path in (
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil",
        "",
        "/a\nb",
        "javascript:alert(1)",
    ):
        assert safe_next(path) == "/queue"
    assert safe_next("/case/x?guild=1") == "/case/x?guild=1"


def test_owner_managers_and_role_holders_are_let_in():
    server = {
        "id": "1",
        "owner_id": "9",
        "roles": [
            {"id": "1", "permissions": "1024"},
            {"id": "5", "permissions": str(1 << 5)},
            {"id": "6", "permissions": "0"},
        ],
    }
    member = {"user": {"id": "2", "username": "sam"}, "roles": []}
    assert weigh(member, server, ()) is None
    assert Grant("sam", True) == weigh({**member, "roles": ["5"]}, server, ())
    assert Grant("sam", False) == weigh({**member, "roles": ["6"]}, server, ("6",))
    assert weigh({**member, "roles": ["6"]}, server, ("7",)) is None
    assert Grant("sam", True) == weigh({**member, "user": {"id": "9", "username": "sam"}}, server, ())
