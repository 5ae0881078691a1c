"""A question is noted before it is acknowledged, and a store that dawdles keeps nobody waiting."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot.ui import promising
from bot.ui.retrying import Taken


@pytest.fixture
def scene(monkeypatch):
    """An interaction whose store does as told; `did` is what happened, in order."""
    made = SimpleNamespace(did=[], fresh=True, seconds=0.0, error=None)

    async def promise(question):
        made.did.append("asked")
        await asyncio.sleep(made.seconds)
        if made.error:
            raise made.error
        made.did.append(f"noted {question.id}")
        return made.fresh

    async def defer(_interaction, *, private):
        made.did.append(f"acknowledged {private}")

    monkeypatch.setattr(promising, "defer", defer)
    monkeypatch.setattr(promising, "PATIENCE", 0.05)
    client = SimpleNamespace(
        spared_until=0.0,
        app=SimpleNamespace(store=SimpleNamespace(deliveries=SimpleNamespace(promise=promise))),
    )
    made.take_up = lambda: promising.take_up(
        SimpleNamespace(client=client), SimpleNamespace(id="q1"), private=True
    )
    return made


async def test_it_is_noted_first_and_acknowledged_then(scene):
    await scene.take_up()
    assert scene.did == ["asked", "noted q1", "acknowledged True"]


async def test_what_another_process_has_is_left_to_it(scene):
    scene.fresh = False
    with pytest.raises(Taken):
        await scene.take_up()
    assert "acknowledged True" not in scene.did


async def test_a_store_that_dawdles_or_fails_holds_nothing_up_and_is_spared_for_a_while(scene):
    for trouble in ({"seconds": 5.0}, {"error": ConnectionError()}):
        scene.did.clear()
        scene.__dict__.update(trouble)
        for _ in range(3):
            await asyncio.wait_for(scene.take_up(), 1)
        assert scene.did.count("acknowledged True") == 3
        assert scene.did.count("asked") <= 1
