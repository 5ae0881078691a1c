"""What becomes of a question whose process died."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import discord
import pytest

from bot.store.deliveries import Undelivered
from bot.types import Duplicate, Question
from bot.ui import recovery
from bot.ui.handles import Handle, with_handle


def asked(**fields) -> Question:
    return Question("how do I hinge?", "5", "9/7/5", "11", guild="9", channel="7", surface="slash", **fields)


def test_a_handle_brings_the_question_back_as_it_was():
    question = with_handle(asked(locale="de", public=True, message="8"), token="secret")
    handle = Handle.read(question.handle)
    assert (handle.kind, handle.token, handle.message) == ("interaction", "secret", 0)
    back = handle.question("11", "9")
    assert (back.text, back.person, back.conversation, back.channel) == ("how do I hinge?", "5", "9/7/5", "7")
    assert (back.locale, back.public, back.message, back.surface, back.handle) == (
        "de",
        True,
        "8",
        "slash",
        "",
    )


def test_a_message_s_handle_is_the_message():
    handle = Handle.read(with_handle(asked()).handle)
    assert (handle.kind, handle.channel, handle.message) == ("message", 7, 11)


class Client:
    """As much of a client as recovery takes."""

    shard_ids = None

    def __init__(self, orphans, *, answer="the answer", recalled=None):
        self.calls: list[str] = []
        self._answer, self._recalled = answer, recalled

        async def found(_guilds):
            return orphans

        async def apologised(question, _guild):
            self.calls.append(f"noted {question} apologised")

        async def delivered(question, _guild, _message=None):
            self.calls.append(f"noted {question} delivered")

        self.app = SimpleNamespace(
            coach=self, settings=SimpleNamespace(store_seconds=1),
            store=SimpleNamespace(deliveries=SimpleNamespace(orphans=found, apologised=apologised), exchanges=SimpleNamespace(delivered=delivered)),
        )  # fmt: skip

    def serves(self):
        return ("9",)

    def wake(self):
        self.calls.append("woken")

    @asynccontextmanager
    async def working(self):
        yield

    async def respond(self, question):
        self.calls.append(f"asked {question.text}")
        if isinstance(self._answer, Exception):
            raise self._answer
        return SimpleNamespace(text=self._answer, case="c1")

    async def recall(self, exchange, _guild, person):
        self.calls.append(f"recalled {exchange} for {person}")
        return self._recalled


@pytest.fixture
def place(monkeypatch):
    """Where replies go; `gone` makes Discord refuse, `out` says that the reply went out already."""
    made = SimpleNamespace(said=[], gone=False, out=False)

    async def find(_client, _handle, _orphan):
        if made.gone:
            raise discord.NotFound(SimpleNamespace(status=404, reason="gone"), "gone")
        return None if made.out else made

    async def deliver(reply, _place):
        made.said.append(reply.text)
        return "77"

    async def say(text):
        made.said.append(text)

    made.say = say
    monkeypatch.setattr(recovery, "_place", find)
    monkeypatch.setattr(recovery, "deliver", deliver)
    return made


def orphan(*, exchange=None, again=False, text=True) -> Undelivered:
    handle = with_handle(asked(), token="t", again=text).handle
    return Undelivered("11", "9", handle, exchange, datetime.now(UTC), again=again)


async def test_a_question_without_an_answer_is_asked_again(place):
    client = Client([orphan()])
    await recovery.recover(client)
    assert place.said == ["the answer"]
    assert client.calls == ["asked how do I hinge?", "noted 11 delivered", "woken"]


async def test_a_recorded_answer_is_sent_as_it_was(place):
    client = Client([orphan(exchange="e1")], recalled=SimpleNamespace(text="recorded", case=None))
    await recovery.recover(client)
    assert place.said == ["recorded"]
    assert client.calls == ["recalled e1 for 5", "noted 11 delivered"]


@pytest.mark.parametrize("left", [orphan(again=True), orphan(text=False), orphan(exchange="expired")])
async def test_what_cannot_be_brought_back_or_killed_two_processes_is_apologised_for(place, left):
    client = Client([left])
    await recovery.recover(client)
    assert "interrupted" in place.said[0]
    assert client.calls[-1] == "noted 11 apologised"
    assert not [call for call in client.calls if call.startswith("asked")]


async def test_what_went_out_already_is_noted_and_nothing_else(place):
    place.out, client = True, Client([orphan()])
    await recovery.recover(client)
    assert (place.said, client.calls) == ([], ["noted 11 delivered"])


async def test_what_this_process_has_in_hand_is_left_to_it(place):
    client = Client([orphan()], answer=Duplicate("11"))
    await recovery.recover(client)
    assert (place.said, client.calls) == ([], ["asked how do I hinge?"])


async def test_where_discord_has_nobody_left_to_tell_it_is_given_up(place):
    place.gone, client = True, Client([orphan()])
    await recovery.recover(client)
    assert (place.said, client.calls) == ([], ["noted 11 apologised"])
