"""Fifty requests a second and no more."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

from bot.ui.pacing import Pace, pace


async def test_no_second_holds_more_than_the_rate_and_nothing_is_dropped():
    sent: list[float] = []
    keeper = Pace(20)

    async def request(number):
        sent.append(time.monotonic())
        return number

    paced = keeper.kept_by(request)
    assert await asyncio.gather(*(paced(number) for number in range(50))) == list(range(50))
    assert max(sum(0 <= other - one < 0.98 for other in sent) for one in sent) <= 20
    assert sent[-1] - sent[0] < 3


async def test_what_can_be_left_out_has_room_only_while_it_is_quiet():
    keeper = Pace(9, clock=lambda: now)
    now = 0.0
    for _ in range(3):
        assert keeper.easy()
        await keeper.turn()
    assert not keeper.easy()
    now = 1.0
    assert keeper.easy()


async def test_a_client_s_requests_pass_through_it():
    async def request(route, *, files=None):
        return route, files

    http = SimpleNamespace(request=request)
    keeper = pace(http)
    assert await http.request("GET /x", files=1) == ("GET /x", 1)
    assert keeper._used() == 1
