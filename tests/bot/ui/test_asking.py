"""The hard stop, duplicates, and what is never held back."""

from __future__ import annotations

import asyncio
from functools import partial
from types import SimpleNamespace

import pytest

from bot.guild import GuildSettings
from bot.types import Duplicate, Question
from bot.ui import asking
from bot.ui.limits import Limits

RED = "my groin and inner thighs have gone numb since yesterday and I cannot pee"


class Place:
    def __init__(self):
        self.said = []

    async def say(self, text):
        self.said.append(text)

    async def send(self, reply):
        self.said.append(reply)


class Noted:
    def __init__(self):
        self.calls = []

    async def apologised(self, question, guild):
        self.calls.append((question, guild))


@pytest.fixture
def client():
    async def read(_guild):
        return client.settings

    noted = Noted()
    client = SimpleNamespace(
        app=SimpleNamespace(settings=SimpleNamespace(answer_seconds=0.05, store_seconds=0.05), store=SimpleNamespace(deliveries=noted)),
        book=SimpleNamespace(at_hand=read), limits=Limits(), desk=asyncio.Semaphore(1), settings=GuildSettings(), noted=noted,
    )  # fmt: skip
    return client


def question(text="How do I hinge?"):
    return Question(text, "1", "c", "q1", guild="9", locale="en-US", surface="mention")


async def test_what_takes_too_long_ends_in_a_written_apology(client, monkeypatch):
    monkeypatch.setattr(asking, "SPARE", 0.0)
    place = Place()
    assert await asking.send(client, question(), place, partial(asyncio.sleep, 30)) is None
    assert "took too long" in place.said[0]
    assert client.noted.calls == [("q1", "9")]


async def test_what_was_taken_up_before_is_left_alone(client):
    async def twice():
        raise Duplicate("q1")

    place = Place()
    assert await asking.send(client, question(), place, twice) is None
    assert place.said == []


async def test_more_than_fit_wait_their_turn_and_a_red_flag_does_not(client, monkeypatch):
    client.app.settings.answer_seconds = 5.0
    monkeypatch.setattr(asking, "Ledger", lambda _client: None)
    monkeypatch.setattr(asking, "deliver", _sent)
    client.remember = lambda *_: None
    begun, end = [], asyncio.Event()

    async def work(name):
        begun.append(name)
        await end.wait()
        return SimpleNamespace(case=None)

    asked = [
        asyncio.create_task(asking.send(client, question(text), Place(), partial(work, name)))
        for name, text in (("first", "How do I hinge?"), ("second", "How do I row?"), ("red flag", RED))
    ]
    await asyncio.sleep(0.1)
    assert begun == ["first", "red flag"]
    end.set()
    await asyncio.gather(*asked)
    assert begun == ["first", "red flag", "second"]


async def test_who_waits_too_long_is_told_before_anything_is_begun(client, monkeypatch):
    monkeypatch.setattr(asking, "WAITING", 0.05)
    await client.desk.acquire()
    place, begun = Place(), []

    async def work():
        begun.append(True)

    assert await asking.send(client, question(), place, work) is None
    assert "took too long" in place.said[0]
    assert begun == []


async def _sent(_reply, _place, _ledger):
    return None


async def test_only_some_roles_may_ask_but_a_red_flag_always_may(client):
    client.settings = GuildSettings(asking_roles=("77",))
    nobody = SimpleNamespace(id=1)
    assert "only some roles" in await asking.held_back(client, question(), nobody)
    assert await asking.held_back(client, question(RED), nobody) is None


async def test_too_fast_is_slowed_down_but_a_red_flag_never_is(client):
    somebody = SimpleNamespace(id=1)
    first = [await asking.held_back(client, question(), somebody) for _ in range(8)]
    assert first == [None] * 8
    assert "Please wait" in await asking.held_back(client, question(), somebody)
    assert await asking.held_back(client, question(RED), somebody) is None


def test_if_the_rules_fail_everything_is_serious(monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(asking, "assess", broken)
    assert asking.serious("How do I hinge?")


def test_people_channels_and_servers_have_conversations_of_their_own():
    made = {asking.conversation(g, c, p) for g in (1, 2) for c in (1, 2) for p in (1, 2)}
    assert len(made) == 8
