"""Decisions as labels: what is in them, who may have them, and that the safety layer's report reads them."""

import json
from dataclasses import replace

import pytest

from bot.review import Outcome
from safety.evaluate import decisions_report
from safety.types import Tier
from tests.bot.web.rig import EMERGENCY, URGENT, post


async def decided(console):
    """Three decisions in server A, one in B, one case that waits."""
    cases = [await console.case(text) for text in (URGENT, URGENT, EMERGENCY)]
    cases.append(await console.case(URGENT, guild="B"))
    await console.case(URGENT)
    resolve = console.store.cases.resolve
    await resolve(cases[0], "A", "sam", Outcome.FALSE_ALARM, reason="figurative", note="a note of mine")
    await resolve(cases[1], "A", "sam", Outcome.WRONG_TIER, corrected=Tier.REFER)
    await resolve(cases[2], "A", "sam", Outcome.CORRECT)
    await resolve(cases[3], "B", "sam", Outcome.CORRECT)
    return cases


async def test_labels_hold_rules_and_outcomes_and_no_text_without_consent(console, tmp_path):
    cases = await decided(console)
    boss = await console.client("boss", admin=True)
    answer = await post(boss, "/labels.jsonl")
    assert answer.status_code == 200
    records = {one["case"]: one for one in map(json.loads, answer.text.splitlines())}
    assert set(records) == set(cases[:3])
    first, second = records[cases[0]], records[cases[1]]
    assert (first["outcome"], first["reason"], first["tier"]) == ("false alarm", "figurative", "URGENT")
    assert (second["outcome"], second["corrected"]) == ("wrong tier", "REFER")
    assert "texts" not in first
    for word in ("calf", "between my legs", "a note of mine", "sam"):
        assert word not in answer.text
    file = tmp_path / "labels.jsonl"
    file.write_text(answer.text, "utf-8")
    shared = next(rule for rule in first["rules"] if rule in second["rules"])
    line = next(one for one in decisions_report(file).splitlines() if one.split()[0] == shared)
    assert "1 of    2 false alarms (50%)" in line
    link = (await console.store.audit("A"))[0]
    assert (link.actor, link.action, link.detail) == ("boss", "exported", "3 decisions, without text")


async def test_labels_hold_the_flagged_messages_where_the_server_consented(console):
    cases = await decided(console)
    settings = await console.store.guilds.settings("A")
    await console.store.guilds.save("A", replace(settings, export_text=True), "boss")
    boss = await console.client("boss", admin=True)
    assert "with the flagged messages" in (await boss.get("/decisions")).text
    records = {
        one["case"]: one for one in map(json.loads, (await post(boss, "/labels.jsonl")).text.splitlines())
    }
    assert records[cases[0]]["texts"] == [URGENT]
    assert (await console.store.audit("A"))[0].detail == "3 decisions, with text"


@pytest.mark.parametrize("who", ["stranger", "moderator", "reader", "forger"])
async def test_labels_are_for_the_server_s_managers(console, who):
    await decided(console)
    before = len(await console.store.audit("A"))
    client = await console.client(None if who == "stranger" else "sam", admin=who != "moderator")
    if who == "reader":
        answer = await client.get("/labels.jsonl")
    elif who == "moderator":
        assert "labels.jsonl" not in (await client.get("/decisions")).text
        answer = await post(client, "/labels.jsonl")
    else:
        answer = await client.post("/labels.jsonl", data={"csrf": "made up"})
    assert answer.status_code == {"stranger": 401, "moderator": 403, "reader": 405, "forger": 403}[who]
    assert len(await console.store.audit("A")) == before
