"""An `Embedder` as a LangChain `Embeddings`, for whoever plugs other stores or chains in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

if TYPE_CHECKING:
    from retrieval.embeddings import Embedder


class EmbedderEmbeddings(Embeddings):
    """LangChain's view of an embedder; `langchain_chroma.Chroma` opens Spotter's collections with it."""

    def __init__(self, embedder: Embedder) -> None:
        """Wrap `embedder`."""
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of texts."""
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Vector of a question."""
        return self.embed_documents([text])[0]
