"""The server's settings in the console: the digest's hour and the rota."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.guild import TURNS, GuildSettings
from bot.web.authority import Grant
from tests.bot.web.rig import post

TIMES = {
    "emergency": "15",
    "urgent": "240",
    "refer": "1440",
    "other": "4320",
    "quiet-from": "",
    "quiet-to": "",
}
ANN, BO, EVE = "100000000000000001", "100000000000000002", "100000000000000003"


@pytest.fixture
async def alex(console):
    """A manager of server A, where two more people moderate."""
    console.roles.grants |= {
        (ANN, "A"): Grant("Ann", False),
        (BO, "A"): Grant("Bo", False),
        (EVE, "B"): Grant("Eve", False),
    }
    return await console.client("alex", admin=True)


async def kept(console) -> GuildSettings:
    return await console.store.guilds.settings("A")


async def save(client, **fields):
    return await post(client, "/settings/server", **TIMES, **fields)


async def test_the_digest_s_hour_is_chosen_shown_and_turned_off(console, alex):
    page = (await alex.get("/settings")).text
    assert '<option value="9" selected>09:00 UTC</option>' in page
    assert (await save(alex, digest="17")).status_code == 303
    assert (await kept(console)).digest_hour == 17
    assert (await save(alex, digest="0")).status_code == 303
    assert (await kept(console)).digest_hour == 0
    assert '<option value="0" selected>00:00 UTC</option>' in (await alex.get("/settings")).text
    assert (await save(alex, digest="off")).status_code == 303
    assert (await kept(console)).digest_hour is None
    assert '<option value="off" selected>' in (await alex.get("/settings")).text


@pytest.mark.parametrize("wrong", ["24", "-1", "nine", "00099", "9.5"])
async def test_what_is_no_hour_is_refused_beside_its_field(console, alex, wrong):
    before = await kept(console)
    refused = await save(alex, digest=wrong)
    assert refused.status_code == 422
    assert 'id="fault-digest"' in refused.text
    assert re.search(r'<select id="digest"[^>]* aria-describedby="digest-what fault-digest"', refused.text)
    assert await kept(console) == before


async def test_the_rota_keeps_its_order_and_is_shown_by_name(console, alex):
    assert (await save(alex, rota=f"{BO}\r\n<@{ANN}>,\nalex")).status_code == 303
    assert (await kept(console)).rota == (BO, ANN, "alex")
    page = (await alex.get("/settings")).text
    assert f">{BO}\n{ANN}\nalex</textarea>" in page
    assert "In this order: Bo, Ann, Alex" in page
    assert (await save(alex, rota="")).status_code == 303
    assert (await kept(console)).rota == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (EVE, f"moderates this server: {EVE}"),
        (f"{ANN} nobody", "moderates this server: nobody"),
        (f"{ANN}\n{ANN}", f"{ANN} stands there twice"),
        (" ".join(str(number) for number in range(TURNS + 1)), f"At most {TURNS} moderators"),
        ("<script>alert(1)</script>", "moderates this server: script&gt;alert(1)&lt;/script"),
    ],
)
async def test_a_wrong_rota_is_refused_beside_its_field_and_stays_typed(console, alex, typed, said):
    await save(alex, rota=ANN)
    refused = await save(alex, rota=typed, digest="3")
    assert refused.status_code == 422
    assert said in refused.text
    assert re.search(
        r'<textarea id="rota"[^>]* aria-invalid="true" aria-describedby="rota-how fault-rota"', refused.text
    )
    assert "<script>alert" not in refused.text
    assert '<option value="3" selected>' in refused.text
    assert ((await kept(console)).rota, (await kept(console)).digest_hour) == ((ANN,), 9)


async def test_while_discord_is_silent_no_one_new_comes_on_the_rota(console, alex, monkeypatch):
    from bot.web.authority import Unreachable

    grant = console.roles.grant

    async def silent_about_bo(moderator, guild):
        if moderator == BO:
            raise Unreachable("test")
        return await grant(moderator, guild)

    await save(alex, rota=ANN)
    monkeypatch.setattr(console.roles, "grant", silent_about_bo)
    refused = await save(alex, rota=f"{ANN} {BO}")
    assert (refused.status_code, "Discord cannot be asked" in refused.text) == (422, True)
    assert (await kept(console)).rota == (ANN,)


async def test_an_old_entry_keeps_nobody_from_saving_something_else(console, alex):
    await console.store.guilds.save("A", replace(await kept(console), rota=(EVE, ANN)), "boss")
    assert (await save(alex, rota=f"{EVE}\n{ANN}", digest="4")).status_code == 303
    assert ((await kept(console)).rota, (await kept(console)).digest_hour) == ((EVE, ANN), 4)


async def test_a_page_from_before_these_fields_changes_neither(console, alex):
    await console.store.guilds.save("A", replace(await kept(console), rota=(ANN,), digest_hour=None), "boss")
    assert (await save(alex)).status_code == 303
    assert ((await kept(console)).rota, (await kept(console)).digest_hour) == ((ANN,), None)


async def test_only_managers_change_them_and_every_change_is_audited(console, alex):
    sam = await console.client("sam")
    assert (await save(sam, rota=ANN, digest="3")).status_code == 403
    assert await kept(console) == GuildSettings()
    await save(alex, rota=ANN, digest="3")
    (link, *_) = await console.store.audit("A")
    assert (link.actor, link.action) == ("alex", "configured")
