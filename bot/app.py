"""The composition root: builds everything once, from the settings. Nothing else constructs a store, an index or a coach."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot import indexing
from bot.answering import ExtractiveAnswerer
from bot.coach import Coach
from bot.store.store import Store
from retrieval.embeddings import load as load_embedder
from retrieval.index import Index, guild_scope
from retrieval.search import Retriever

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chat.build import Chat
    from bot.chat.model import ChatModel
    from bot.config import Settings
    from retrieval.embed import Report as Progress


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs, built and open. Make one with `App.open`, close it with `close`."""

    settings: Settings
    store: Store
    index: Index
    retriever: Retriever
    coach: Coach
    chat: Chat | None = None
    """What asks the chat model, where one is set."""

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        index: Index | None = None,
        progress: Progress | None = None,
        chat: Chat | None = None,
    ) -> App:
        """Build everything; `index` may be given where it is open already, `chat` in place of the settings' own. What is heavy is done in a thread.

        Raises `bot.config.ConfigError`, `bot.store.database.StoreError`, `retrieval.build.BuildError`, `corpus.faults.CorpusFaults`.
        """
        model = await _model(settings) if settings.chat_model and chat is None else None
        store = await open_store(settings)
        try:
            opened = index if index is not None else await asyncio.to_thread(open_index, settings)
            await asyncio.to_thread(refresh_index, opened, settings, progress=progress)
            retriever = Retriever(opened)
            if model is not None:
                chat = _chat(settings, store, opened, model)
            coach = _coach(settings, store, retriever, chat)
        except BaseException:
            await store.close()
            raise
        # what stands now stays for good: the collector need not look at it again and again
        gc.collect()
        gc.freeze()
        return cls(settings, store, opened, retriever, coach, chat)

    async def close(self) -> None:
        """Finish what is under way, then let go of everything."""
        await self.coach.close()
        if self.chat is not None:
            await self.chat.close()
        await self.store.close()


async def open_store(settings: Settings, *, migrate: bool | None = None) -> Store:
    """The store of these settings. Raises `bot.store.database.StoreError`, `bot.config.ConfigError`."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    embedder = load_embedder(settings.embeddings, settings.data_dir, threads=threads)
    return Index.open(settings.data_dir, embedder, server=settings.chroma_url or None)


def refresh_index(index: Index, settings: Settings, *, progress: Progress | None = None) -> bool:
    """Index what is new or changed, if anything is; says whether there was. What has gone since (a removed folder) is left out."""
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
    chat: Chat | None = None,
) -> AsyncIterator[App]:
    """Everything, open for as long as the block lasts; see `App.open`."""
    app = await App.open(settings, index=index, progress=progress, chat=chat)
    try:
        yield app
    finally:
        await app.close()


def _coach(settings: Settings, store: Store, retriever: Retriever, chat: Chat | None) -> Coach:
    """The coach over a store and a retriever."""
    extractive = ExtractiveAnswerer()
    return Coach(
        retriever=retriever,
        answerer=chat.answerer if chat is not None else extractive,
        fallback=extractive,
        condenser=chat.condenser if chat is not None else None,
        store=store.exchanges,
        scope=scope_of,
        answer_seconds=settings.answer_seconds,
        store_seconds=settings.store_seconds,
    )


async def _model(settings: Settings) -> ChatModel:
    """The chat model, its client loaded. Raises `bot.config.ConfigError`: a package or a key that is missing is told before anything else."""
    from bot.chat.build import ready
    from bot.chat.settings import ChatSettings
    from bot.config import ConfigError

    model, told = await ready(ChatSettings.of(settings))
    if told is not None:
        raise ConfigError(told)
    return model


def _chat(settings: Settings, store: Store, index: Index, model: ChatModel) -> Chat:
    """What asks the chat model, with its budget in the store."""
    from bot.chat.build import build
    from bot.chat.settings import ChatSettings

    return build(ChatSettings.of(settings), index.embedder.embed, ledger=store.spending, model=model)
