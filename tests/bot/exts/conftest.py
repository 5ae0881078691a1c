"""Whole conversations in a simulated Discord: the real client, store, safety layer and coach; only retrieval and drafting are made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import discord
import numpy as np
import pytest
import pytest_asyncio

from bot.client import Spotter
from bot.coach import Coach
from bot.config import Settings
from bot.store.store import Store
from bot.types import Citation, Draft
from retrieval.embeddings import Embedding

KEY = "a key for tests only and long enough"
NUMB = "my groin and inner thighs have gone numb since yesterday and I cannot pee"
"""A red flag: saddle numbness with retention."""


@dataclass
class MadeUp:
    """A retriever and an answerer that say what they are told."""

    text: str = "Push the floor away and keep the bar close [1]."
    exercises: tuple[str, ...] = ("romanian-deadlift",)
    asked: list[str] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    error: Exception | None = None
    link: str | None = "https://example.org/hinge"

    def read(self, _question: str) -> Embedding:
        return Embedding(np.ones(3, np.float32), None)

    def search(self, _question: str, **_: Any) -> Any:
        return SimpleNamespace(hits=())

    async def draft(self, question: Any, _results: Any, _assessment: Any) -> Draft:
        if self.error is not None:
            raise self.error
        self.asked.append(question.text)
        self.turns.append(len(question.turns))
        source = Citation(
            1, "hinge", "How to hinge", "clinic blog", "hinge#1", "Push the floor away.", self.link
        )
        return Draft(self.text, (source,), exercises=self.exercises)


@pytest.fixture
def made_up() -> MadeUp:
    return MadeUp()


@pytest_asyncio.fixture
async def app(tmp_path, made_up):
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        secret_key=KEY,
        shard_count=1,
        web_public_url="https://console.example.org",
    )
    store = await Store.open(settings.database, settings.keys())
    coach = Coach(retriever=made_up, answerer=made_up, fallback=made_up, store=store.exchanges)
    yield SimpleNamespace(settings=settings, store=store, coach=coach)
    await coach.close()
    await store.close()


@pytest.fixture
def simcord_bot(app) -> Spotter:
    return Spotter(app, background=False)


@dataclass
class Scene:
    """A server with a channel, a lifter, a moderator and a review channel."""

    env: Any
    guild: Any
    channel: Any
    review: Any
    ann: Any
    moderator: Any
    client: Spotter

    def words(self, message: Any) -> str:
        """All text of a message, as people see it."""
        return "\n".join(_texts(_raw(message)))

    def buttons(self, message: Any) -> dict[str, str]:
        """Label -> custom id (or link) of a message's buttons."""
        return {
            one["label"]: one.get("custom_id") or one.get("url", "")
            for one in _walk(_raw(message))
            if one.get("type") == 2
        }


@pytest_asyncio.fixture
async def scene(simcord_env, simcord_bot) -> Scene:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("training")
    review = guild.create_text_channel("review")
    ann = guild.add_member(simcord_env.create_user("ann"))
    role = guild.create_role("Mods", permissions=discord.Permissions(moderate_members=True))
    moderator = guild.add_member(simcord_env.create_user("mo"), roles=[role])
    await simcord_env.settle()
    return Scene(simcord_env, guild, channel, review, ann, moderator, simcord_bot)


def _raw(message: Any) -> list[dict[str, Any]]:
    """A message's components as Discord keeps them."""
    components = message.components
    return [one if isinstance(one, dict) else one.to_dict() for one in components]


def _walk(components: Any) -> Any:
    for one in components:
        yield one
        yield from _walk(one.get("components") or ())


def _texts(components: Any) -> list[str]:
    return [one["content"] for one in _walk(components) if one.get("type") == 10]
