import json
import math

import pytest

from retrieval import evaluate
from retrieval.search import Retriever

QUESTIONS = """
kind = "answerable"
documents = ["windmill"]

[[question]]
id = "sets"
split = "tune"
text = "how many sets of windmills for the hips?"
facts = [["3 sets", "three sets"], ["on the moon"]]
"""
OTHERS = """
kind = "unanswerable"

[[question]]
id = "france"
split = "test"
text = "capital of France"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.toml").write_text(QUESTIONS)
    (tmp_path / "b.toml").write_text(OTHERS)
    (tmp_path / "c.toml").write_text('kind = "symptom"\n[[question]]\nid = "x"\ntext = "numb"\n')
    return tmp_path


def test_documents_facts_and_coverage_are_counted(index, passages, folder):
    index.update(passages)
    figures = evaluate.measure(Retriever(index), evaluate.read(folder))
    assert figures["document@1"] == 1.0
    assert figures["facts@1"] == 0.5
    assert figures["covered_auc"] == 1.0
    assert figures["questions"] == 2


def test_one_half_can_be_measured_alone(folder):
    assert [q.id for q in evaluate.read(folder, split="test")] == ["france"]


def test_the_area_under_the_curve_counts_ties_half():
    assert evaluate.auc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(0.875)
    assert math.isnan(evaluate.auc([], [0.1]))


@pytest.mark.slow
def test_the_committed_questions_are_found_and_covered(model_dir, tmp_path, capsys):
    from corpus import cutting, documents
    from retrieval import embeddings
    from retrieval.index import Index

    index = Index.open(tmp_path, embeddings.load("minilm", model_dir))
    index.update(passage for document in documents.load() for passage in cutting.cut_claims(document))
    assert evaluate.main(Retriever(index), ["--split", "all"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["document@8"] >= 0.97
    assert figures["covered_auc"] >= 0.97
    # the search alone: `bot.coverage` weighs more before it declines
    assert figures["refused_though_covered"] <= 0.12
