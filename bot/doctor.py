"""Checks of an installation: what is set, what stands, and how to mend what does not."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from bot import config, indexing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.config import Settings

LITTLE_SPACE = 1_000_000_000
"""Bytes free below which the doctor warns: the model, the index and the database together need about a tenth of that."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found."""

    name: str
    state: Literal["ok", "warn", "fail", "skip"]
    found: str
    mend: str = ""
    """What to do about it."""


async def examine(settings: Settings) -> list[Check]:
    """Every check, in an order in which the first failure is the one to mend first."""
    checks = [_python(), _variables(), _folder(settings)]
    rest = (_key, _model, _index, _database, _chat_model, _discord, _console)
    return [*checks, *[await _one(check, settings) for check in rest]]


async def _one(check: Callable[[Settings], Awaitable[Check]], settings: Settings) -> Check:
    """One check; whatever it runs into is its finding."""
    name = check.__name__.strip("_").replace("_", " ")
    try:
        return await check(settings)
    except Exception as error:  # noqa: BLE001 - edge: a check that fails is a finding
        return Check(name, "fail", f"{type(error).__name__}: {error}".splitlines()[0])


def _python() -> Check:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    if version.startswith("3.11."):
        return Check("python", "ok", version)
    return Check("python", "fail", version, "Spotter is made for Python 3.11: python3.11 -m venv .venv")


def _variables() -> Check:
    """Settings that nobody reads."""
    unknown = config.unknown_variables()
    if unknown:
        return Check("settings", "warn", f"unknown: {', '.join(unknown)}", "compare with deploy/env.example")
    return Check("settings", "ok", "every SPOTTER_ variable is known")


def _folder(settings: Settings) -> Check:
    """The data folder can be written, and there is room."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Check(
            "data folder",
            "fail",
            f"{folder}: {error.strerror}",
            "set SPOTTER_DATA_DIR to a folder that can be written",
        )
    if not os.access(folder, os.W_OK):
        return Check(
            "data folder", "fail", f"{folder} cannot be written", "set SPOTTER_DATA_DIR, or change its owner"
        )
    free = shutil.disk_usage(folder).free
    state: Literal["ok", "warn"] = "warn" if free < LITTLE_SPACE else "ok"
    return Check(
        "data folder", state, f"{folder}, {free / 1e9:.1f} GB free", "make room" if state == "warn" else ""
    )


async def _key(settings: Settings) -> Check:
    """The key for what is encrypted at rest."""
    number = len(settings.keys())
    if not settings.secret_key.get_secret_value():
        file = settings.data_dir / "secret.key"
        if file.stat().st_mode & 0o077:
            return Check("secret key", "warn", f"{file} can be read by others", f"chmod 600 {file}")
        return Check("secret key", "ok", f"made here, in {file}: back it up with the database")
    rotating = ", a rotation is under way (spotter migrate --reseal ends it)" if number > 1 else ""
    return Check("secret key", "ok", f"set{rotating}")


async def _model(settings: Settings) -> Check:
    """The embedding model."""
    from retrieval.onnx import MODEL_FORMAT, MODEL_NAME, read_manifest

    if settings.embeddings not in ("", "minilm", "minilm-fp32"):
        return Check(
            "model", "ok", f"{settings.embeddings}, run by sentence-transformers (slower, more memory)"
        )
    if read_manifest(settings.data_dir / "models" / MODEL_NAME).get("format") == MODEL_FORMAT:
        return Check("model", "ok", f"{MODEL_NAME} as {settings.embeddings}, exported")
    return Check(
        "model",
        "warn",
        f"{MODEL_NAME} is not exported yet",
        "the first question does it; or run: spotter index",
    )


async def _index(settings: Settings) -> Check:
    """The index, fresh and answering."""
    from bot.app import open_index

    if (await _model(settings)).state != "ok":
        return Check("index", "skip", "needs the model")
    index = open_index(settings)
    snapshot = index.snapshot()
    if snapshot is None:
        return Check(
            "index", "warn", "nothing is indexed yet", "the first question does it; or run: spotter index"
        )
    if indexing.stale(index, settings.data_dir):
        return Check(
            "index", "warn", "documents have changed since", "the next start does it; or run: spotter index"
        )
    where = settings.chroma_url or "in the data folder"
    return Check("index", "ok", f"{snapshot.size} passages, {where}")


async def _database(settings: Settings) -> Check:
    """The database opens at the schema of this release."""
    from bot.app import open_store

    store = await open_store(settings)
    try:
        await store.ping()
        kind = "SQLite" if store.database.sqlite else "PostgreSQL"
        return Check("database", "ok", f"{kind}, schema {await store.database.version()}")
    finally:
        await store.close()


async def _chat_model(settings: Settings) -> Check:
    """The chat model: its package, its key, and an answer of one word."""
    if not settings.chat_model:
        return Check("chat model", "skip", "none set: answers are put together from the documents")
    from bot.chat.build import probe
    from bot.chat.settings import ChatSettings

    chat = ChatSettings.of(settings)
    took, told = await probe(chat)
    if told is not None:
        found, _, mend = told.rpartition(": ")
        return Check("chat model", "fail", f"{settings.chat_model}: {found}", mend)
    where = "the host's own" if chat.is_local else "hosted elsewhere"
    symptoms = "may" if chat.sends_symptoms else "may not"
    return Check(
        "chat model",
        "ok",
        f"{settings.chat_model} answers ({took:.1f} s), {where}; questions with symptoms {symptoms} go to it, urgent ones never",
    )


async def _discord(settings: Settings) -> Check:
    """The token and what Discord says to it; the closer look is the client's own."""
    if not settings.discord_token.get_secret_value():
        return Check(
            "discord",
            "skip",
            "no SPOTTER_DISCORD_TOKEN: the terminal works without",
            "README.md says how to make one",
        )
    try:
        client = import_module("bot.client")
    except ModuleNotFoundError as missing:
        return Check("discord", "fail", f"{missing.name} is missing", "reinstall Spotter")
    look: Callable[[Settings], Awaitable[tuple[str, str, str]]] | None = getattr(client, "examine", None)
    if look is None:
        return Check("discord", "ok", "a token is set")
    state, found, mend = await asyncio.wait_for(look(settings), 20)
    return Check("discord", "ok" if state == "ok" else "warn" if state == "warn" else "fail", found, mend)


async def _console(settings: Settings) -> Check:
    """What the console's sign-in needs."""
    given = [settings.web_client_id, settings.web_client_secret.get_secret_value(), settings.web_public_url]
    if not any(given):
        return Check("console", "skip", "no sign-in set up; spotter web --practice works without")
    if not all(given):
        return Check(
            "console",
            "fail",
            "sign-in is half set up",
            "set SPOTTER_WEB_CLIENT_ID, _CLIENT_SECRET and _PUBLIC_URL together",
        )
    return Check("console", "ok", settings.web_public_url)
