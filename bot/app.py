"""The composition root: builds everything once, from the settings. Nothing else constructs a store, an index or a coach."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import indexing
from bot.answering import ExtractiveAnswerer
from bot.coach import Coach
from bot.store.store import Store
from retrieval.embeddings import load as load_embedder
from retrieval.index import Index, guild_scope
from retrieval.search import Retriever

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.config import Settings
    from bot.types import Answerer
    from retrieval.embed import Report as Progress


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs, built and open."""

    settings: Settings
    store: Store
    index: Index
    retriever: Retriever
    coach: Coach


async def open_store(settings: Settings, *, migrate: bool | None = None) -> Store:
    """The store of these settings. Raises `bot.store.database.StoreError`, `bot.config.ConfigError`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return await Store.open(
        settings.database,
        settings.keys(),
        keep_exchanges=settings.keep_exchanges,
        keep_cases=settings.keep_cases,
        keep_audit=settings.keep_audit,
        migrate=migrate,
    )


def open_index(settings: Settings, *, threads: int = 1) -> Index:
    """The index of these settings, with its embedder; the packaged model is exported the first time (about 15 s)."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    embedder = load_embedder(settings.embeddings, settings.data_dir, threads=threads)
    return Index.open(settings.data_dir, embedder, server=settings.chroma_url or None)


def refresh_index(index: Index, settings: Settings, *, progress: Progress | None = None) -> bool:
    """Index what is new or changed, if anything is; says whether there was. What has gone since (a removed folder) is left out."""
    from pathlib import Path

    if not indexing.stale(index, settings.data_dir):
        return False
    paths = [path for path in map(Path, indexing.sources(settings.data_dir).paths) if path.exists()]
    indexing.fill(index, settings.data_dir, paths, indexing.gather(paths), progress=progress)
    return True


def scope_of(guild: str | None) -> str | None:
    """The name of a guild's own documents in the index."""
    return guild_scope(int(guild)) if guild and guild.isdigit() else None


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    index: Index | None = None,
    progress: Progress | None = None,
    answerer: Answerer | None = None,
) -> AsyncIterator[App]:
    """Everything, open for as long as the block lasts. `index` may be given where it is open already."""
    store = await open_store(settings)
    try:
        opened = index or open_index(settings)
        refresh_index(opened, settings, progress=progress)
        retriever = Retriever(opened)
        extractive = ExtractiveAnswerer()
        coach = Coach(
            retriever=retriever,
            answerer=answerer or _answerer(settings) or extractive,
            fallback=extractive,
            store=store.exchanges,
            scope=scope_of,
            answer_seconds=settings.answer_seconds,
            store_seconds=settings.store_seconds,
        )
        # what stands now stays for good: the collector need not look at it again and again
        gc.collect()
        gc.freeze()
        try:
            yield App(settings, store, opened, retriever, coach)
        finally:
            await coach.close()
    finally:
        await store.close()


def _answerer(settings: Settings) -> Answerer | None:
    """The chat model's answerer where one is set."""
    if not settings.chat_model:
        return None
    from importlib import import_module

    build: Callable[[Settings], Answerer] = import_module("bot.chat_model").build
    return build(settings)
