import numpy as np
import pytest

from retrieval.search import Retriever

pytestmark = pytest.mark.slow


def test_a_chain_gets_the_hits_as_documents(index, passages):
    from retrieval.langchain_retriever import PassageRetriever

    index.update(passages)
    documents = PassageRetriever(retriever=Retriever(index), k=2).invoke("windmills for the hips")
    hits = Retriever(index).search("windmills for the hips", k=2).hits
    assert [d.page_content for d in documents] == [hit.passage.text for hit in hits]
    assert documents[0].metadata["document"] == "windmill"
    assert documents[0].metadata["score"] == hits[0].score


def test_gates_hold_for_chains_too(index, passage):
    from retrieval.langchain_retriever import PassageRetriever

    index.update([passage("a", "Load the hinge.", gate="REFER"), passage("b", "Walk.")])
    documents = PassageRetriever(retriever=Retriever(index), tier=2).invoke("load the hinge")
    assert [d.metadata["document"] for d in documents] == ["b"]


def test_langchains_chroma_opens_our_collection(index, embedder, passages):
    from langchain_chroma import Chroma

    from retrieval.langchain_embeddings import EmbedderEmbeddings

    index.update(passages)
    wrapped = EmbedderEmbeddings(embedder)
    np.testing.assert_allclose(wrapped.embed_query("squat"), embedder.embed(["squat"])[0], rtol=1e-6)
    store = Chroma(
        client=index._chroma(), collection_name=index._collection("shared").name, embedding_function=wrapped
    )
    (found,) = store.similarity_search("sciatica weeks active", k=1)
    assert found.metadata["document"] == "sciatica"
    assert found.page_content.startswith("Most sciatica")
