"""A model whose answers are kept on disk, so that a measurement can be repeated without asking, and paying, again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.chat.model import Written

if TYPE_CHECKING:
    from pathlib import Path

    from bot.chat.model import Model
    from bot.chat.prompting import Prompt


class CachedModel:
    """Asks `model` once for each prompt; faults are not kept."""

    def __init__(self, model: Model, folder: Path) -> None:
        """Keep answers in `folder`, one file each, named by a hash of model and prompt."""
        self.name = model.name
        self.asked = 0
        """Prompts that were not in the cache."""
        self._model = model
        self._folder = folder

    @property
    def form(self) -> str:
        """As the model wants it."""
        return self._model.form

    async def ask(self, prompt: Prompt, seconds: float) -> Written:
        """The kept answer, or a new one. Raises `ModelFault`."""
        key = f"{self.name}\0{prompt.version}\0{prompt.system}\0{prompt.question}"
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
        kept = await asyncio.to_thread(_read, path)
        if kept is not None:
            return kept
        self.asked += 1
        written = await self._model.ask(prompt, seconds)
        await asyncio.to_thread(_write, path, written)
        return written

    async def close(self) -> None:
        """Let go of connections."""
        await self._model.close()


def _read(path: Path) -> Written | None:
    """A kept answer; None where there is none or it is damaged (it is then asked for again)."""
    try:
        return Written(**json.loads(path.read_text("utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def _write(path: Path, written: Written) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(asdict(written)), "utf-8")
    draft.replace(path)
