"""An indexing process killed at the worst moments, for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from retrieval.index import Index
from retrieval.search import Retriever

CHILD = textwrap.dedent(
    """
    import importlib.util, sys, time
    from pathlib import Path
    spec = importlib.util.spec_from_file_location("fixtures", sys.argv[1])
    fixtures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fixtures)
    from retrieval import embed, snapshot
    from retrieval.index import Index

    embed.BATCH = 5
    passages = [fixtures.make_passage(f"d{n}", f"new word{n}") for n in range(40)]
    index = Index.open(Path(sys.argv[2]), fixtures.WordEmbedder())

    def wait():
        print("now", flush=True)
        time.sleep(60)

    def progress(done, total, rate):
        if sys.argv[3] == "embedding" and done == 23:
            wait()

    if sys.argv[3] == "writing":
        write = snapshot.write
        def half(*args, **kwargs):
            write(*args, **kwargs)
            wait()
        snapshot.write = half
    if sys.argv[3] == "chroma":
        store = Index._store
        def stored(*args):
            store(*args)
            wait()
        Index._store = stored
    index.update(passages, progress=progress)
    """
)


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "reused"), [("embedding", 20), ("writing", 40), ("chroma", 40)])
def test_a_killed_update_leaves_the_old_index_and_is_resumed(
    tmp_path, index, embedder, passages, passage, request, moment, reused
):
    index.update(passages)
    before = Retriever(index).search("squat").hits
    fixtures = request.path.parent / "conftest.py"
    root = request.config.rootpath
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(fixtures), str(tmp_path), moment],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with child:
        assert child.stdout.readline().strip() == b"now"
        child.send_signal(signal.SIGKILL)
    assert Retriever(Index.open(tmp_path, embedder)).search("squat").hits == before

    wanted = [passage(f"d{n}", f"new word{n}") for n in range(40)]
    embedder.seen.clear()
    report = index.update(wanted)
    assert (report.added, report.removed) == (40, 6)
    headed = {text for text in embedder.seen if text.startswith("d")}
    assert len(headed) == 40 - reused
    assert Retriever(index).search("word7").hits[0].passage.document == "d7"
    assert index._collection("shared").count() == 40
    folder = tmp_path / "index" / "shared"
    assert [path.name for path in folder.glob("generation-*")] == [index.snapshot().folder.name]
    assert not list(folder.glob("staging-*/*.npz"))
