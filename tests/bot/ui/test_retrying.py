"""Waiting as long as Discord asks, and telling "somebody else was first" from "it was us"."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.ui import retrying
from bot.ui.retrying import Taken, defer, passing, persist


def refusal(status, code=0, **headers):
    return discord.HTTPException(
        SimpleNamespace(status=status, reason="", headers=headers), {"code": code, "message": ""}
    )


class Interaction:
    """Answers `defer` with the errors it is given, then agrees."""

    id = 1

    def __init__(self, *errors):
        self.errors = list(errors)
        self.response = self
        self.extras = {}
        self.calls = 0

    async def defer(self, **_):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


async def test_what_can_pass_is_tried_again(monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    left = [refusal(429, **{"Retry-After": "2"}), refusal(503), aiohttp.ClientConnectionError()]

    async def call():
        if left:
            raise left.pop(0)
        return "done"

    assert await persist(call) == "done"
    assert waited[0] == 2


async def test_what_cannot_pass_is_not():
    async def call():
        raise refusal(403)

    with pytest.raises(discord.HTTPException):
        await persist(call)
    assert not passing(refusal(404))


async def test_acknowledged_by_somebody_else_is_left_to_them():
    with pytest.raises(Taken):
        await defer(Interaction(refusal(400, 40060)))


async def test_an_acknowledgement_whose_answer_got_lost_was_ours():
    interaction = Interaction(aiohttp.ServerDisconnectedError(), refusal(400, 40060))
    await defer(interaction)
    assert interaction.calls == 2


async def test_a_hanging_acknowledgement_is_tried_again_in_time(monkeypatch):
    monkeypatch.setattr(retrying, "PATIENCE", 0.05)

    class Hanging(Interaction):
        async def defer(self, **_):
            self.calls += 1
            if self.calls < 3:
                await asyncio.sleep(10)

    interaction = Hanging()
    await asyncio.wait_for(defer(interaction), 2)
    assert interaction.calls == 3
