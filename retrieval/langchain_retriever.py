"""Spotter's search as a LangChain `BaseRetriever`, for whoever builds chains on it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from retrieval.search import Retriever  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun


class PassageRetriever(BaseRetriever):
    """Passages as documents: the text as content, all else of the passage and its scores as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    k: int = 8
    tier: int = 0
    """The person's tier as a number: passages gated at or below it are left out."""
    scope: str | None = None
    """A guild's scope, searched beside the shared corpus."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        """What LangChain calls; the manager has nothing to be told."""
        del run_manager
        results = self.retriever.search(query, k=self.k, tier=self.tier, scope=self.scope)
        documents: list[Document] = []
        for hit in results.hits:
            metadata: dict[str, Any] = asdict(hit.passage) | {"score": hit.score, "covered": results.covered}
            documents.append(
                Document(page_content=metadata.pop("text"), metadata=metadata, id=hit.passage.id)
            )
        return documents
