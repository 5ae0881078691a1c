"""The whole product over a scripted provider: settings, App.open, the coach, the store; nothing is made up but the model."""

from __future__ import annotations

import re
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot import app
from bot.config import Settings
from bot.ids import new_id
from bot.store.models import Exchange
from bot.types import Question
from safety.types import Turn
from tests.bot.chat.conftest import written
from tests.doubles.ollama import Ollama
from tests.model import data_dir

if TYPE_CHECKING:
    from pathlib import Path

WORDS = dict(zip(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], range(2, 13), strict=True)) | {
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90, "hundred": 100, "twice": 2, "half": 0.5,
}  # fmt: skip


def data_folder(folder: Path) -> Path:
    """A data folder with the exported model in it."""
    shutil.copytree(data_dir() / "models", folder / "models", dirs_exist_ok=True)
    return folder


@asynccontextmanager
async def product(folder, server, **fields):
    """The product, open, with its chat model at a scripted server."""
    provider = "ollama" if isinstance(server, Ollama) else "openai"
    made = {
        "chat_model": f"{provider}:scripted",
        "chat_url": server.url,
        "chat_key": "test-key",
        "chat_seconds": 6.0,
        "chat_daily_tokens": 0,
    }
    settings = Settings(_env_file=None, data_dir=folder, **(made | fields))
    async with app.running(settings) as running:
        yield running


async def ask(running, text, *turns, guild="1", **fields):
    """One question of a person of its own; the earlier turns are the person's unless given as `Turn`."""
    person = fields.pop("person", None) or new_id()
    told = tuple(turn if isinstance(turn, Turn) else Turn(turn) for turn in turns)
    return await running.coach.respond(
        Question(text, person, person, new_id(), guild=guild, turns=told, **fields)
    )


async def kept(running, reply):
    """(model, prompt version) as the store has them."""
    query = select(Exchange.model, Exchange.prompt_version).where(Exchange.id == reply.exchange)
    return tuple(await running.store.database.read(lambda connection: connection.execute(query).one()))


def rewrites(body) -> bool:
    """Whether a request asks for a follow-up to be rewritten."""
    return body["messages"][0]["content"].startswith("You rewrite")


def passages_of(body) -> list[tuple[int, str]]:
    """(number, text) of each passage in a prompt."""
    text = body["messages"][-1]["content"]
    return [(int(number), told) for number, told in re.findall(r"passage (\d+): [^\n]*>>\n(.*)", text)]


def joined(body) -> str:
    """A follow-up rewritten at its simplest: the earlier question before the later one."""
    asked = re.findall(r"(?:person|last message)>>\n([^\n]+)", body["messages"][-1]["content"])
    return " ".join(one.rstrip("?!.") for one in asked[-2:])


def faithful(body) -> str:
    """What a well-behaved model does at its simplest: say the passages' first sentences."""
    if rewrites(body):
        return joined(body)
    return written(*((text, number) for number, text in passages_of(body)[:6]))


def figures_of(text: str) -> set[float]:
    """Every figure of a text, as digits or as a word, without citations."""
    low = re.sub(r"\[\d+\]", " ", text.lower())
    found = {float(one) for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", low)}
    return found | {float(WORDS[word]) for word in re.findall(r"[a-z]+", low) if word in WORDS}


def plain(text: str) -> str:
    """Letters and figures only: white space and markers do not matter."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\[\d+\]", "", text.lower())))
