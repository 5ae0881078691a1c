from __future__ import annotations

import hashlib

import numpy as np
import pytest

from corpus.passages import Passage, passage_id
from retrieval.index import Index
from retrieval.words import terms
from tests.model import data_dir


class WordEmbedder:
    """Deterministic stand-in for a model: a text is the sum of its words' random vectors."""

    def __init__(self, name: str = "words", dimensions: int = 32) -> None:
        self.name = name
        self.dimensions = dimensions
        self.seen: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"{self.name}:{self.dimensions}"

    def embed(self, texts, *, progress=None):
        self.seen.extend(texts)
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in terms(text) or ["?"]:
                seed = int.from_bytes(hashlib.sha256(f"{self.name}{word}".encode()).digest()[:8])
                out[row] += np.random.default_rng(seed).standard_normal(self.dimensions)
            if progress is not None:
                progress(row + 1, len(texts))
        return (out / np.linalg.norm(out, axis=1, keepdims=True)).astype(np.float32)


def make_passage(
    document: str, text: str, *, title: str = "", section: str = "", gate: str | None = None
) -> Passage:
    return Passage(
        id=passage_id(document, text),
        document=document,
        title=title or document,
        kind="note",
        section=section,
        speaker="",
        text=text,
        sentences=tuple(part.strip() + "." for part in text.split(".") if part.strip()),
        gate=gate,
    )


CORPUS = [
    ("squat", "Squat depth is limited by the ankle. Knees may travel past the toes."),
    ("squat", "A heel wedge lets you squat deeper."),
    ("deadlift", "Brace before the bar leaves the floor. The hips hinge."),
    ("deadlift", "A rounded upper back is common in heavy pulls."),
    ("windmill", "Three sets of six to eight windmills open the hips."),
    ("sciatica", "Most sciatica eases within weeks while staying active."),
]


@pytest.fixture
def embedder():
    return WordEmbedder()


@pytest.fixture
def other_embedder():
    """Makes further embedders: with the same name, the same vectors."""
    return WordEmbedder


@pytest.fixture
def passage():
    return make_passage


@pytest.fixture
def passages():
    return [make_passage(document, text) for document, text in CORPUS]


@pytest.fixture
def index(tmp_path, embedder):
    opened = Index.open(tmp_path, embedder)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def model_dir():
    """A data folder with the real model."""
    return data_dir()
