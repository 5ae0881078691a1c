from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.search import Retriever


@pytest.fixture
def retriever(index, passages):
    index.update(passages)
    return Retriever(index)


def test_the_passage_that_answers_comes_first(retriever):
    hit = retriever.search("how many windmills for the hips?").hits[0]
    assert hit.passage.document == "windmill"
    assert hit.lexical > 0
    assert len(hit.sentences) == len(hit.passage.sentences)
    assert -1 <= hit.dense <= 1.001


def test_hits_are_ordered_and_limited(retriever):
    scores = [hit.score for hit in retriever.search("squat hips", k=3).hits]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_a_given_vector_is_used_and_handed_back(retriever, embedder):
    vector = retriever.read("windmill hips").vector
    embedder.seen.clear()
    results = retriever.search("windmill hips", vector=vector)
    assert embedder.seen == []
    assert results.vector is vector
    assert results.hits == retriever.search("windmill hips").hits


def test_shorthand_is_spelt_out_before_embedding(retriever):
    np.testing.assert_array_equal(retriever.read("RDL").vector, retriever.read("romanian deadlift").vector)


@pytest.mark.parametrize(
    ("gate", "tier", "shown"), [("REFER", 1, True), ("REFER", 2, False), ("REFER", 3, False)]
)
def test_a_gated_passage_is_hidden_at_and_above_its_tier(index, passage, gate, tier, shown):
    index.update([passage("a", "Load the hinge.", gate=gate), passage("b", "Walk every day.")])
    documents = [hit.passage.document for hit in Retriever(index).search("hinge", tier=tier).hits]
    assert ("a" in documents) is shown
    assert "b" in documents


def test_everything_gated_means_no_hits(index, passage):
    index.update([passage("a", "Load the hinge.", gate="CAUTION")])
    results = Retriever(index).search("hinge", tier=3)
    assert (results.hits, results.covered) == ((), 0.0)


def test_nothing_indexed_means_no_hits(index):
    assert Retriever(index).search("squat").hits == ()
    assert Retriever(index).documents("squat") == []


def test_questions_without_words_do_not_fail(retriever):
    for question in ("", "?", "the of and", "\U0001f3cb", "x" * 5_000):
        assert len(retriever.search(question).hits) == 6


def test_what_is_covered_scores_above_what_is_not(retriever):
    covered = retriever.search("Squat depth is limited by the ankle").covered
    assert covered > 0.9 > retriever.search("capital of France").covered


def test_documents_are_ranked_as_wholes(retriever):
    ranked = retriever.documents("squat deeper with a heel wedge")
    assert ranked[0][0] == "squat"
    assert len(ranked) == len({name for name, _ in ranked}) == 4


def test_small_and_scanned_corpora_agree(retriever, monkeypatch):
    before = [hit.passage.id for hit in retriever.search("squat ankle", k=2).hits]
    documents = [name for name, _ in retriever.documents("squat ankle", k=2)]
    monkeypatch.setattr("retrieval.search.ALL_LIMIT", 2)
    assert before == [hit.passage.id for hit in retriever.search("squat ankle", k=2).hits]
    assert documents == [name for name, _ in retriever.documents("squat ankle", k=2)]


def test_a_passage_is_found_by_a_way_to_ask_that_shares_no_word_with_it(index, passages):
    asked = replace(passages[0], id="f" * 16, text="External rotation at the top.", sentences=("External rotation at the top.",), asked=("penguin feet when standing", "duck walk"))  # fmt: skip
    index.update([*passages, asked])
    hit = Retriever(index).search("why do I get penguin feet").hits[0]
    assert hit.passage.asked == asked.asked
    assert len(hit.sentences) == 1
    assert hit.asked > max(hit.sentences)
    assert Retriever(index).search("windmill hips").hits[0].asked == -1.0
