"""What /mod stats and /privacy tell of the chat model, by the host's settings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.budget import Spent
from bot.exts.privacy import chat_line
from bot.ui.words import LANGUAGES, words


@pytest.fixture
def hosted(app):
    """The application with a hosted model; `hosted(chat_symptoms=True)` changes more."""

    def change(**fields):
        given = {"chat_model": "openai:gpt-x", "chat_daily_tokens": 200_000} | fields
        app.settings = app.settings.model_copy(update=given)
        return app.settings

    return change


async def test_without_a_model_nothing_is_said_of_one(scene):
    stats = await scene.moderator.slash(scene.channel, "mod stats")
    card = await scene.ann.slash(scene.channel, "privacy")
    assert "hat model" not in scene.words(stats.response) + scene.words(card.response)


async def test_moderators_see_what_their_server_has_used_today(scene, app, hosted):
    hosted(chat_daily_cost=1.0, chat_prompt_price=1.0)
    today = datetime.now(UTC).date()
    await app.store.spending.book(str(scene.guild.id), today, Spent(12_345, 0.25, 9), Spent())
    await app.store.spending.book("7", today, Spent(99_999, 9.0, 50), Spent())
    text = scene.words((await scene.moderator.slash(scene.channel, "mod stats")).response)
    assert (
        "Chat model openai:gpt-x today: 9 requests, 12\u202f345 of 200\u202f000 tokens, cost 0.25 of 1.00."
        in text
    )
    hosted(chat_daily_tokens=0, chat_daily_cost=0.0)
    text = scene.words((await scene.moderator.slash(scene.channel, "mod stats")).response)
    assert "9 requests, 12\u202f345 tokens, cost 0.25." in text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Questions that tell of symptoms are not sent"),
        ({"chat_symptoms": True}, "also where you tell of symptoms"),
        ({"chat_url": "https://llm.example.org/v1"}, "chat model of llm.example.org"),
        ({"chat_local": True}, "on machines of whoever runs me"),
        ({"chat_model": "ollama:llama3.1"}, "on machines of whoever runs me"),
    ],
)
async def test_people_see_what_the_model_gets(scene, hosted, fields, told):
    hosted(**fields)
    text = scene.words((await scene.ann.slash(scene.channel, "privacy")).response)
    assert told in text
    assert "othing urgent ever" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_it(hosted, language):
    lines = {
        chat_line(hosted(**fields), words(language))
        for fields in (
            {"chat_local": False},
            {"chat_local": True},
            {"chat_local": False, "chat_symptoms": True},
        )
    }
    assert len(lines) == 3
    assert not any("{" in line for line in lines)
