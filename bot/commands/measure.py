"""`spotter eval safety|retrieval|answers --chat-model` and `spotter bench retrieval`: the measuring itself lives with what it measures."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import typer

from bot.commands.failure import Failed
from bot.commands.progress import bar
from bot.commands.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def call(module: str, arguments: list[str]) -> None:
    """Run another module's `main(arguments)` and leave with its status."""
    main: Callable[[list[str]], int | None] = import_module(module).main
    raise typer.Exit(main(arguments) or 0)


def safety_layer(arguments: list[str]) -> None:
    """Evaluate the safety layer on the labelled messages, with the states of each message where the model is built."""
    from bot.commands.safety import embedding

    raise typer.Exit(import_module("safety.evaluate").main(arguments, embedding()))


def retrieval(arguments: list[str]) -> None:
    """Evaluate retrieval on the committed questions, with the index of these settings."""
    from bot.commands.opening import ready_index
    from retrieval.search import Retriever

    index = ready_index(settings(quiet=True))
    evaluate = import_module("retrieval.evaluate")
    raise typer.Exit(evaluate.main(Retriever(index), arguments))


def chat_answers(model: str, half: str, *, as_json: bool, misses: bool) -> None:
    """Evaluate the answers of a chat model on the committed questions."""
    from bot.chat.evaluation import run
    from bot.chat.settings import ChatSettings

    run(ChatSettings.of(settings(quiet=True, chat_model=model), model), half, as_json=as_json, misses=misses)


def bench(directory: Path, run_file: Path) -> None:
    """Bench a collection in BEIR form; one JSON line on standard output."""
    from retrieval.bench import bench as run_bench

    if not directory.is_dir():
        raise Failed(f"no such folder: {directory}")
    chosen = settings(quiet=True)
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    with bar("Embedding") as progress:
        figures = run_bench(
            directory,
            data_dir=chosen.data_dir,
            setting=chosen.embeddings,
            run_file=run_file,
            progress=progress,
        )
    sys.stdout.write(json.dumps(figures) + "\n")
