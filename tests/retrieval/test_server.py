"""A real Chroma server on loopback, shared by two indexes with folders of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.index import Index, guild_scope
from retrieval.search import Retriever

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chroma")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(folder),
        "--host",
        "127.0.0.1",
    ]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def connect(server):
    """Opens indexes on the server and closes them after the test."""
    opened = []

    def open_(folder, embedder):
        opened.append(Index.open(folder, embedder, server=server))
        return opened[-1]

    yield open_
    for index in opened:
        index.close()


def test_a_second_bot_fetches_what_the_first_indexed(connect, tmp_path, embedder, other_embedder, passages):
    first = connect(tmp_path / "a", embedder)
    second_embedder = other_embedder()
    second = connect(tmp_path / "b", second_embedder)
    assert second.refresh() is False

    first.update(passages)
    assert second.snapshot() is None
    assert second.refresh() is True
    assert second.refresh() is False
    assert sorted(second.snapshot().passages(), key=lambda p: p.id) == sorted(passages, key=lambda p: p.id)
    ours, theirs = (Retriever(i).search("squat depth").hits for i in (first, second))
    assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]

    first.update(passages[:-1])
    assert second.refresh() is True
    assert "sciatica" not in [hit.passage.document for hit in Retriever(second).search("sciatica").hits]


def test_guilds_on_one_server_stay_apart(connect, tmp_path, embedder, passage):
    index = connect(tmp_path, embedder)
    for guild in (1, 2):
        index.update([passage(f"rules-{guild}", f"Chalk rule {guild}.")], scope=guild_scope(guild))
    found = Retriever(index).search("chalk rule", k=9, scope=guild_scope(1)).hits
    assert {hit.passage.document for hit in found} == {"rules-1"}
    index.drop(guild_scope(1))
    assert index.snapshot(guild_scope(2)).size == 1


def test_half_an_update_on_the_server_is_not_fetched(connect, tmp_path, embedder, other_embedder, passages):
    scope = guild_scope(77)
    first = connect(tmp_path / "a", embedder)
    second = connect(tmp_path / "b", other_embedder())
    first.update(passages[:3], scope=scope)
    second.refresh(scope)
    first._collection(scope).modify(metadata={"fingerprint": "a later one", "scope": scope})
    assert second.refresh(scope) is False
    assert second.snapshot(scope).size == 3
