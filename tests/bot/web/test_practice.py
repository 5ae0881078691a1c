"""The practice queue: real assessments, every tier, three moderators, nothing left behind."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2 as httpx

from bot.practice import GUILD, MODERATORS, opened, script
from bot.store.queue import Filter
from bot.web.build import build
from bot.web.practising import practice_desk
from tests.bot.web.rig import FROM_HERE, version

ORIGIN = "http://127.0.0.1:8300"


async def test_the_practice_queue_covers_every_severity_and_state_and_leaves_nothing():
    async with opened(arrivals=False) as practice:
        folder = Path(practice.settings.data_dir)
        assert folder.is_dir()  # noqa: ASYNC240
        waiting = [
            case
            for tab in ("open", "claimed", "escalated")
            for case in await practice.store.queue.cases(GUILD, Filter(tab=tab))
        ]
        assert {2, 3, 4, 5} <= {case.severity for case in waiting}
        counts = await practice.store.queue.counts(GUILD)
        assert counts.open >= 15
        assert min(counts.claimed, counts.escalated, counts.resolved, counts.reports, counts.overdue) >= 1
        assert len(script()["case"]) == 25
        assert not [verdict.fault for verdict in await practice.store.verify() if verdict.fault]
    assert not folder.exists()  # noqa: ASYNC240


async def test_from_the_door_to_a_decision_as_a_made_up_moderator():
    async with opened(arrivals=False) as practice:
        app = build(practice_desk(practice, ORIGIN), "k" * 32)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=ORIGIN, headers=FROM_HERE, follow_redirects=True
        ) as client:
            assert (await client.get("/queue")).status_code == 401
            page = await client.post("/login", data={"moderator": "sam", "next": "/next"})
            assert page.url.path.startswith("/case/")
            token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
            page = await client.post(
                page.url.path + "/claim", data={"csrf": token, "version": version(page.text), "focus": "1"}
            )
            assert "Yours for" in page.text
            page = await client.post(
                page.url.path + "/resolve",
                data={
                    "csrf": token,
                    "version": version(page.text),
                    "focus": "1",
                    "outcome": "correct",
                    "note": "practice",
                },
            )
            assert "Decision kept" in page.text
            assert page.url.path.startswith("/case/")


async def test_strangers_and_other_sites_do_not_get_into_the_practice_queue():
    async with opened(arrivals=False) as practice:
        app = build(practice_desk(practice, ORIGIN), "k" * 32)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client:
            assert (
                await client.post(
                    "/login", data={"moderator": "sam"}, headers={"sec-fetch-site": "cross-site"}
                )
            ).status_code == 403
            assert (
                await client.post("/login", data={"moderator": "mallory"}, headers=FROM_HERE)
            ).status_code == 403
            assert (await client.get("/login/discord")).status_code == 404
            assert (await client.get("/queue")).status_code == 401
    assert {"alex", "sam", "rita"} == set(MODERATORS)
