"""The console in a browser: from claim to decision by mouse, by keys alone, without a script; fresh cases; axe on every page."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from playwright.sync_api import Error

from bot.practice import GUILD, put
from bot.review import Outcome, Status

pytestmark = pytest.mark.slow


def until(page, test: str, seconds: float = 10.0) -> None:
    """Wait for an expression to become true. Playwright's own waiting evaluates text in the page, which our policy forbids."""
    end, true = time.monotonic() + seconds, False
    while not true:
        assert time.monotonic() < end, test
        try:
            true = page.evaluate(test)
        except Error as error:
            if "navigation" not in str(error):  # a page that goes away while it is asked is asked again
                raise
        page.wait_for_timeout(50)


def come_in(page, moderator: str = "alex") -> None:
    page.goto("/login")
    page.click(f"button[value={moderator}]")
    page.wait_for_url("**/queue*")


def case_of(page) -> str:
    found = re.search(r"/case/(\w+)", page.url)
    assert found, page.url
    return found[1]


def standing(served, case: str):
    return served.call(served.practice.store.cases.case(case, GUILD))


def test_from_claim_to_decision(page, served):
    come_in(page)
    page.click("text=Start reviewing")
    page.wait_for_url("**/case/*")
    case = case_of(page)
    page.click("button:has-text('Claim')")
    page.wait_for_selector("#lease")
    assert re.search(r"\d:\d\d min", page.inner_text("#lease"))
    page.check("input[value=correct]")
    page.fill("#note", "well caught")
    page.click("button:has-text('Resolve')")
    page.wait_for_url(lambda url: case not in url.split("?")[0])
    assert standing(served, case).outcome is Outcome.CORRECT
    page.click("button:has-text('Undo')")
    page.wait_for_url(f"**/case/{case}*")
    assert standing(served, case).status is Status.OPEN


def test_by_keys_alone(page, served):
    page.goto("/login")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue*")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.matches('.row:first-child .open')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/*")
    case = case_of(page)
    page.keyboard.press("c")
    page.wait_for_selector("#lease")
    page.keyboard.press("4")
    assert page.is_checked("input[value=missed-signs]")
    page.keyboard.press("n")
    page.keyboard.type("c is a letter here, not a key")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/queue?said=resolved*")
    decided = standing(served, case)
    assert (decided.outcome, decided.resolved_by) == (Outcome.MISSED_SIGNS, "alex")
    page.keyboard.press("u")
    page.wait_for_url(f"**/case/{case}*")
    assert standing(served, case).status is Status.OPEN
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/stats")


def test_keys_can_be_turned_off(page, served):
    come_in(page)
    page.goto("/settings")
    page.uncheck("input[name=shortcuts]")
    page.click("form[action='/settings/looks'] button.main")
    page.wait_for_url("**/settings?said=saved")
    page.goto("/queue")
    page.keyboard.press("j")
    assert not page.evaluate("document.activeElement.matches('.open')")
    assert page.locator("kbd").count() == 0


def test_without_a_script_everything_can_be_read_and_decided(chromium, served):
    context = chromium.new_context(java_script_enabled=False, base_url=served.url)
    page = context.new_page()
    come_in(page, "sam")
    page.click("text=Start reviewing")
    case = case_of(page)
    page.click("button:has-text('Claim')")
    page.click("button:has-text('Extend')")
    page.check("input[value=correct]")
    page.click("button:has-text('Resolve')")
    assert case_of(page) != case
    assert standing(served, case).outcome is Outcome.CORRECT
    context.close()


def test_a_fresh_case_is_told_within_two_seconds_and_moves_nothing(page, served):
    come_in(page)
    page.wait_for_timeout(300)
    before = page.evaluate(
        "[...document.querySelectorAll('.row .open')].map(e => [e.href, e.getBoundingClientRect().top])"
    )
    told = {"text": "numb between my legs since the squats, can't feel it when I wipe", "channel": "injuries"}
    served.call(put(served.practice.store, told, 900, _now()))
    began = time.perf_counter()
    page.wait_for_selector("#said a", timeout=2000)
    print(f"\nnew case told after {time.perf_counter() - began:.2f} s")
    assert page.inner_text("#said a") == "1 new case (emergency), show"
    assert before == page.evaluate(
        "[...document.querySelectorAll('.row .open')].map(e => [e.href, e.getBoundingClientRect().top])"
    )
    page.click("#said a")
    until(page, f"document.querySelectorAll('.row').length > {len(before)}")


def test_typing_renews_the_claim_and_the_decision_still_fits(page, served):
    come_in(page)
    page.click(".row:nth-child(2) .open")
    case = case_of(page)
    page.click("button:has-text('Claim')")
    page.wait_for_selector("#lease")
    with page.expect_response("**/extend") as answer:
        page.type("#note", "thinking")
    assert answer.value.status == 200
    until(page, "document.querySelector('#lease input[name=version]').value === '3'")
    page.check("input[value=duplicate]")
    page.click("button:has-text('Resolve')")
    page.wait_for_url("**/queue*")
    assert standing(served, case).outcome is Outcome.DUPLICATE


def test_a_late_decision_shows_the_other_one(page, chromium, served):
    come_in(page)
    page.click(".row:nth-child(2) .open")
    case = case_of(page)
    page.click("button:has-text('Claim')")
    page.wait_for_selector("#lease")
    served.call(served.practice.store.cases.resolve(case, GUILD, "alex", Outcome.FALSE_ALARM, reason="joke"))
    page.check("input[value=correct]")
    page.click("button:has-text('Resolve')")
    page.wait_for_selector("text=Not carried out")
    assert "False alarm" in page.inner_text("main")
    assert standing(served, case).outcome is Outcome.FALSE_ALARM


def test_filters_go_into_the_address_and_back_works(page, served):
    come_in(page)
    page.select_option("select[name=severity]", "3")
    page.wait_for_url("**severity=3**")
    assert {"Urgent"} == set(page.locator(".row .level").all_inner_texts())
    page.go_back()
    until(page, "new Set([...document.querySelectorAll('.row .level')].map(e => e.innerText)).size > 1")


LOOKS = {
    "light": (1440, "light"),
    "dark": (1440, "dark"),
    "narrow": (320, "light"),
    "narrow dark": (320, "dark"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page(chromium, served, look):
    from axe_playwright_python.sync_playwright import Axe

    width, scheme = LOOKS[look]
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=served.url
    )
    page, wrong, seen = context.new_page(), {}, 0

    def look_at(name: str) -> None:
        nonlocal seen
        seen += 1
        found = [
            (one["id"], [node["target"] for node in one["nodes"]])
            for one in Axe().run(page).response["violations"]
        ]
        if found:
            wrong[name] = found
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong[f"{name}: wider than the window"] = page.evaluate("document.documentElement.scrollWidth")

    page.goto("/login")
    look_at("login")
    come_in(page)
    look_at("queue")
    for tab in ("mine", "resolved", "reports"):
        page.goto(f"/queue?state={tab}")
        look_at(f"queue {tab}")
    page.goto("/queue?severity=5")
    page.click(".row .open")
    look_at("case, covered")
    page.goto("/queue?severity=2")
    page.click(".row .open")
    look_at("case")
    page.click("button:has-text('Claim')")
    page.wait_for_selector("#lease")
    look_at("case, claimed")
    page.locator("#decision").evaluate("form => { form.noValidate = true; }")
    page.click("button:has-text('Resolve')")
    page.wait_for_selector(".fault")
    look_at("case, faults")
    page.goto("/queue?state=reports")
    page.click(".row .open")
    look_at("case, reported")
    page.goto("/queue?severity=2")
    page.locator(".row input[type=checkbox]").first.check()
    page.click("button:has-text('Preview')")
    look_at("bulk")
    page.fill("#number", "77")
    page.click("button.main")
    look_at("bulk, wrong number")
    for path in ("decisions", "stats", "audit", "settings", "nowhere"):
        page.goto(f"/{path}")
        for details in page.locator("details").all():
            details.evaluate("node => { node.open = true; }")
        look_at(path)
    context.close()
    print(f"\naxe, {look}: {seen} pages")
    assert wrong == {}


def test_forced_colours_and_reduced_motion_are_honoured(chromium, served):
    context = chromium.new_context(base_url=served.url, forced_colors="active", reduced_motion="reduce")
    page = context.new_page()
    come_in(page)
    assert page.evaluate("getComputedStyle(document.querySelector('#said')).animationName") == "none"
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.row')).borderLeftWidth)") >= 3
    context.close()


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_the_address_bar_never_holds_a_secret(page, served):
    come_in(page)
    page.click(".row:first-child .open")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["spotter"]["httpOnly"]
    assert cookies["spotter"]["value"] not in page.url
    assert page.evaluate("localStorage.length") == 0
    assert not asyncio.iscoroutine(page.url)
