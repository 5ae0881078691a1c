"""The index: passages with their vectors in Chroma, and the snapshots that searches read.

Every scope (the shared corpus, each guild's own) has a collection and a folder of its own; nothing ever holds two scopes together, so
that a question can only meet the scopes it is asked of. Chroma is the store of record: embedded in `DATA_DIR` or a server that several
processes share. Searches read a snapshot of it, mapped from flat files, without Chroma being imported at all.
"""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from corpus.passages import Passage
from retrieval import embed, snapshot
from retrieval.generations import Generations, meta
from retrieval.snapshot import Embedded, Snapshot, record_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

    from retrieval.embeddings import Embedder, Vectors

SHARED = "shared"
"""The scope that every question may be answered from."""

PAGE = 2_000
"""Records sent to or fetched from Chroma at a time."""

UNSETTLED = "unsettled"
"""A file in a scope's folder while Chroma and the snapshot may differ."""

_SCOPE = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")


@dataclass(frozen=True, slots=True)
class Report:
    """What an update did, in passages and seconds."""

    added: int
    kept: int
    removed: int
    seconds: float


def guild_scope(guild_id: int) -> str:
    """The scope of one guild's own documents."""
    return f"guild-{guild_id}"


class Index:
    """All scopes under one folder (and in one Chroma)."""

    def __init__(self, folder: Path, embedder: Embedder, *, server: str | None = None) -> None:
        """Use `open`."""
        self.folder = folder
        self.embedder = embedder
        self.server = server
        self._scopes: dict[str, Generations] = {}
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}

    @classmethod
    def open(cls, data_dir: Path, embedder: Embedder, *, server: str | None = None) -> Index:
        """The index under `data_dir`, made when first updated.

        `server` is the URL of a Chroma server to use instead of Chroma's files in `data_dir`; snapshots are then fetched from it
        (`refresh`). Nothing heavy is imported until something is written or fetched.
        """
        return cls(data_dir / "index", embedder, server=server)

    def close(self) -> None:
        """Let go of Chroma. Searches of snapshots go on; the next write or fetch opens it again."""
        self._collections.clear()
        client, self._client = self._client, None
        if client is not None:
            client.close()  # type: ignore[attr-defined]  # missing from the client's interface, not from the clients
            for owner in (client, getattr(client, "_admin_client", None)):
                session = getattr(getattr(owner, "_server", None), "_session", None)
                if session is not None:
                    # Chroma's own `close` leaves the connections to a server open.
                    session.close()

    # Reading

    def snapshot(self, scope: str = SHARED) -> Snapshot | None:
        """What a search of `scope` reads now; None where nothing was indexed with this model. Follows updates by any process."""
        found = self._generations(scope).current()
        if found is not None and found.meta["embedder"] != self.embedder.fingerprint:
            # Vectors of another model cannot be compared with this one's: better no answer than a wrong one.
            return None
        return found

    # Writing

    def update(
        self, passages: Iterable[Passage], *, scope: str = SHARED, progress: embed.Report | None = None
    ) -> Report:
        """Make `scope` hold exactly `passages`.

        Only what has no vector yet is embedded. The old generation answers until the new one is complete, also when this is cut off;
        the next run goes on where it was. `progress` is told (done, total, passages a second) of what has to be embedded.
        Raises `ValueError` for two passages with the same id or an unknown gate, `retrieval.generations.BusyError` while another process
        is updating the scope.
        """
        began = time.perf_counter()
        wanted = _sorted(passages)
        generations = self._generations(scope)
        with generations.writing():
            old = self.snapshot(scope)
            fingerprint = self.fingerprint(wanted)
            before = {record.decode() for record in old.records} if old is not None else set()
            after = {record_id(p) for p in wanted}
            unsettled = generations.folder / UNSETTLED
            if old is None or old.fingerprint != fingerprint:
                unsettled.touch()
                self._replace(scope, old, wanted, fingerprint, progress)
            elif unsettled.exists():
                # Cut off after the new generation was in place: Chroma still holds what is gone.
                self._clear(scope, after)
            unsettled.unlink(missing_ok=True)
        return Report(
            len(after - before), len(after & before), len(before - after), time.perf_counter() - began
        )

    def drop(self, scope: str) -> None:
        """Forget a scope and all its passages."""
        generations = self._generations(scope)
        with generations.writing():
            generations.drop()
            self._collections.pop(scope, None)
            client = self._chroma()
            from chromadb.errors import NotFoundError

            # Nothing was ever stored under this model: then there is nothing to forget.
            with suppress(NotFoundError):
                client.delete_collection(self._collection_name(scope))

    def refresh(self, scope: str = SHARED) -> bool:
        """With a server: fetch `scope` if another process has changed it there. Says whether anything changed."""
        if self.server is None:
            return False
        live = (self._collection(scope).metadata or {}).get("fingerprint")
        old = self.snapshot(scope)
        if live is None or (old is not None and old.fingerprint == live):
            return False
        items = self._fetch(scope)
        passages = [item[0] for item in items]
        if self.fingerprint(passages) != live:
            # The other process is between two writes: the old snapshot answers until it is done.
            return False
        vectors = {embed.key_of(passage): vector for passage, vector in items}
        with self._generations(scope).writing():
            self._write(scope, old, passages, str(live), None, fetched=vectors)
        return True

    def fingerprint(self, passages: Iterable[Passage]) -> str:
        """One hash over the passages, how they are split into words and sentences, and the model."""
        lines = [
            str(snapshot.FORMAT),
            self.embedder.fingerprint,
            *sorted(record_id(passage) for passage in passages),
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    # Inside

    def _replace(
        self,
        scope: str,
        old: Snapshot | None,
        wanted: Sequence[Passage],
        fingerprint: str,
        progress: embed.Report | None,
    ) -> None:
        """Write Chroma and the new generation, move both pointers, then clear away what is gone."""
        self._write(
            scope,
            old,
            wanted,
            fingerprint,
            progress,
            before_swap=lambda items: self._store(scope, items, fingerprint),
        )
        self._clear(scope, {record_id(passage) for passage in wanted})

    def _write(
        self,
        scope: str,
        old: Snapshot | None,
        wanted: Sequence[Passage],
        fingerprint: str,
        progress: embed.Report | None,
        *,
        before_swap: Callable[[Sequence[Embedded]], None] | None = None,
        fetched: dict[str, Vectors] | None = None,
    ) -> None:
        """Embed what is missing, write a generation and let it answer."""
        generations = self._generations(scope)
        staging = embed.Staging(generations.folder / f"staging-{_short(self.embedder.fingerprint)}")
        rows = {key.decode(): row for row, key in enumerate(old.keys)} if old is not None else {}

        def known(key: str) -> tuple[Vectors, Vectors] | None:
            if old is None or key not in rows:
                return None
            return np.asarray(old.vectors[rows[key]]), old.sentences(rows[key])

        items = embed.embed(wanted, self.embedder, known=known, staging=staging, report=progress)
        if fetched is not None:
            items = [Embedded(i.passage, i.key, fetched.get(i.key, i.vector), i.sentences) for i in items]
        folder = generations.begin()
        snapshot.write(
            folder,
            items,
            dimensions=self.embedder.dimensions,
            meta=meta(fingerprint, self.embedder.fingerprint, scope),
        )
        if before_swap is not None:
            before_swap(items)
        generations.swap(folder)
        staging.clear()

    def _store(self, scope: str, items: Sequence[Embedded], fingerprint: str) -> None:
        """Add to Chroma what it has not got, then move its pointer."""
        collection = self._collection(scope)
        there = self._stored(collection)
        missing = [item for item in items if record_id(item.passage) not in there]
        for start in range(0, len(missing), PAGE):
            page = missing[start : start + PAGE]
            collection.upsert(
                ids=[record_id(item.passage) for item in page],
                embeddings=np.stack([item.vector for item in page]),
                documents=[item.passage.text for item in page],
                metadatas=[_metadata(item.passage) for item in page],
            )
        collection.modify(metadata={"fingerprint": fingerprint, "scope": scope})

    def _clear(self, scope: str, wanted: set[str]) -> None:
        """Delete from Chroma what is no longer wanted."""
        collection = self._collection(scope)
        gone = sorted(self._stored(collection) - wanted)
        for start in range(0, len(gone), PAGE):
            collection.delete(ids=gone[start : start + PAGE])

    def _stored(self, collection: Collection) -> set[str]:
        """Ids of all records of a collection."""
        found: set[str] = set()
        while page := collection.get(include=[], limit=50_000, offset=len(found))["ids"]:
            found.update(page)
        return found

    def _fetch(self, scope: str) -> list[tuple[Passage, Vectors]]:
        """All records of a scope from Chroma, sorted as a snapshot wants them."""
        collection = self._collection(scope)
        items: list[tuple[Passage, Vectors]] = []
        while True:
            page: Any = collection.get(
                include=["embeddings", "documents", "metadatas"], limit=PAGE, offset=len(items)
            )
            if not page["ids"]:
                return sorted(items, key=lambda item: item[0].document)
            for text, record, vector in zip(
                page["documents"], page["metadatas"], page["embeddings"], strict=True
            ):
                items.append((_passage(text, record), np.asarray(vector, dtype=np.float32)))

    def _generations(self, scope: str) -> Generations:
        """The folder of a scope; raises `ValueError` for a name that could reach outside it."""
        if scope not in self._scopes:
            if not _SCOPE.fullmatch(scope):
                raise ValueError(f"a scope is small letters, digits and hyphens, not {scope!r}")
            self._scopes[scope] = Generations(self.folder / scope)
        return self._scopes[scope]

    def _collection_name(self, scope: str) -> str:
        # Another model means other vectors, perhaps of another length: a collection of its own.
        return f"spotter-{scope}-{_short(self.embedder.fingerprint)}"

    def _collection(self, scope: str) -> Collection:
        """The scope's collection, made when first needed."""
        self._generations(scope)
        if scope not in self._collections or self.server is not None:
            self._collections[scope] = self._chroma().get_or_create_collection(
                self._collection_name(scope),
                embedding_function=None,
                configuration={"hnsw": {"space": "ip", "sync_threshold": 20_000, "batch_size": 2_000}},
            )
        return self._collections[scope]

    def _chroma(self) -> ClientAPI:
        """The client: Chroma's own files, or the server. Telemetry off."""
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            settings = Settings(anonymized_telemetry=False)
            if self.server is None:
                path = self.folder / "chroma"
                path.mkdir(parents=True, exist_ok=True)
                self._client = chromadb.PersistentClient(str(path), settings=settings)
            else:
                url = urlsplit(self.server if "//" in self.server else f"//{self.server}")
                self._client = chromadb.HttpClient(
                    host=url.hostname or "localhost",
                    port=url.port or 8000,
                    ssl=url.scheme == "https",
                    settings=settings,
                )
        return self._client


def _sorted(passages: Iterable[Passage]) -> list[Passage]:
    """Passages by document; raises `ValueError` where two share an id or a gate is unknown."""
    found = sorted(passages, key=lambda passage: passage.document)
    seen: set[str] = set()
    for passage in found:
        if passage.id in seen:
            raise ValueError(f"two passages have the id {passage.id} (one is in {passage.document})")
        seen.add(passage.id)
        snapshot.gate_level(passage.gate)
    return found


_JOIN = "\x1f"
"""Stands between sentences, and between ways to ask, in a record: a control sign that no text has."""


def _metadata(passage: Passage) -> dict[str, str]:
    """A passage's fields as Chroma keeps them: strings only, nothing for None. The text is the record's document."""
    record = asdict(passage) | {
        "sentences": _JOIN.join(passage.sentences),
        "asked": _JOIN.join(passage.asked),
    }
    return {name: value for name, value in record.items() if name != "text" and value is not None}


def _passage(text: str, record: dict[str, str]) -> Passage:
    """The passage of a Chroma record."""
    lists = {
        name: tuple(record[name].split(_JOIN)) if record[name] else () for name in ("sentences", "asked")
    }
    return Passage(**{**record, "text": text, **lists})  # type: ignore[arg-type]  # checked by the round trip


def _short(fingerprint: str) -> str:
    """Eight signs that stand for a fingerprint in names."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()[:8]
