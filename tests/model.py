"""The real embedding model for the tests that need it: the one `make try` has built, or one exported once into pytest's cache (a quarter of a minute)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from retrieval import embeddings

ROOT = Path(__file__).resolve().parent.parent


@cache
def data_dir() -> Path:
    """A data folder with the exported model in it."""
    built = Path(os.environ.get("SPOTTER_TEST_MODEL_DIR", ROOT / ".spotter"))
    folder = built if (built / "models").is_dir() else ROOT / ".pytest_cache" / "d" / "model"
    embeddings.load("minilm", folder)
    return folder
