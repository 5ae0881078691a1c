"""Open everything for a command, showing what takes time the first time."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.commands.progress import bar, waiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.app import App
    from bot.config import Settings
    from retrieval.index import Index


def ready_index(settings: Settings) -> Index:
    """The index, with the model exported and the documents indexed if that has not been done."""
    import contextlib
    import io

    from bot import app, indexing
    from retrieval.onnx import MODEL_FORMAT, MODEL_NAME, read_manifest

    built = read_manifest(settings.data_dir / "models" / MODEL_NAME).get("format") == MODEL_FORMAT
    if settings.embeddings in ("", "minilm", "minilm-fp32") and not built:
        with (
            waiting("Exporting the embedding model (once, about 15 seconds)"),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            index = app.open_index(settings)
    else:
        index = app.open_index(settings)
    if indexing.stale(index, settings.data_dir):
        with bar("Indexing the documents") as progress:
            app.refresh_index(index, settings, progress=progress)
    return index


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    """Everything, open."""
    from bot import app

    async with app.running(settings, index=ready_index(settings)) as running:
        yield running
