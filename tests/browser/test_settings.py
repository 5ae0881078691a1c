"""The server's settings in a browser: digest and rota by keyboard, faults that are announced, axe in every look."""

from __future__ import annotations

import pytest

from bot.practice import GUILD

pytestmark = pytest.mark.slow
LOOKS = {
    "light": (1440, "light"),
    "dark": (1440, "dark"),
    "narrow": (320, "light"),
    "narrow dark": (320, "dark"),
}


def kept(served):
    return served.call(served.practice.store.guilds.settings(GUILD))


@pytest.mark.parametrize("look", LOOKS)
def test_digest_and_rota_are_set_by_label_and_faults_are_tied_to_their_fields(chromium, served, look):
    from axe_playwright_python.sync_playwright import Axe

    width, scheme = LOOKS[look]
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=served.url
    )
    page = context.new_page()

    def look_at(name: str) -> None:
        found = [
            (one["id"], [node["target"] for node in one["nodes"]])
            for one in Axe().run(page).response["violations"]
        ]
        assert (name, found) == (name, [])
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name

    page.goto("/login")
    page.click("button[value=alex]")
    page.wait_for_url("**/queue*")
    page.goto("/settings")
    page.get_by_label("Daily digest in the review channel").select_option("17")
    page.get_by_label("On duty in turns").fill("alex\nnobody")
    page.get_by_label("On duty in turns").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#fault-rota")
    assert page.get_by_label("On duty in turns").input_value() == "alex\nnobody"
    assert page.get_by_label("Daily digest in the review channel").input_value() == "17"
    assert "nobody" in page.inner_text("#fault-rota")
    look_at("faults")
    page.get_by_label("On duty in turns").fill("alex\nsam")
    page.click("form[action='/settings/server'] button.main")
    page.wait_for_url("**/settings?said=server")
    assert (kept(served).digest_hour, kept(served).rota) == (17, ("alex", "sam"))
    look_at("saved")
    context.close()
