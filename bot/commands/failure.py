"""Failures that a person can do something about, each as one line."""

from __future__ import annotations


class Failed(RuntimeError):
    """What was asked for cannot be done. The message is one line that says what to do."""


def explain(error: Exception) -> str | None:
    """The line for an error that a person can mend; None for one that is a fault of ours."""
    if isinstance(error, Failed):
        return _line(str(error))
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if name in _TOLD:
        return _line(str(error))
    if isinstance(error, ModuleNotFoundError):
        missing = error.name or "a module"
        if missing.split(".", 1)[0] in ("bot", "safety", "retrieval", "corpus"):
            return f"this build has no {missing}"
        return f"{missing} is not installed: pip install {missing}"
    if isinstance(error, OSError) and error.filename is not None:
        return _line(f"{error.filename}: {(error.strerror or type(error).__name__).lower()}")
    return _line(str(error)) if isinstance(error, FileNotFoundError) else None


_TOLD = frozenset(
    {
        "bot.config.ConfigError",
        "bot.store.database.StoreError",
        "corpus.faults.CorpusFaults",
        "corpus.exercises.CatalogueError",
        "retrieval.build.BuildError",
        "retrieval.collection.CollectionError",
        "retrieval.generations.BusyError",
    }
)
"""Errors whose message is meant for people."""


def _line(text: str) -> str:
    """Several lines as one."""
    return "; ".join(part.strip() for part in text.splitlines() if part.strip())
