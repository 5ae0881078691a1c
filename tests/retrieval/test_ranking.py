import math

import pytest

from retrieval.ranking import figures, ndcg, recall, reciprocal_rank


def test_ndcg_discounts_by_the_logarithm_of_the_place():
    assert ndcg(["x", "a"], {"a": 2, "b": 1}) == pytest.approx((2 / math.log2(3)) / (2 + 1 / math.log2(3)))
    assert ndcg(["a", "b"], {"a": 2, "b": 1}) == 1.0
    assert ndcg(["a"], {"a": 0}) == 0.0


def test_recall_and_reciprocal_rank_count_relevant_documents_only():
    judged = {"a": 1, "b": 3, "c": 0}
    assert recall(["c", "a"], judged) == 0.5
    assert reciprocal_rank(["c", "a"], judged) == 0.5
    assert reciprocal_rank(["c"], judged) == 0.0


def test_only_the_first_ten_count():
    assert recall([f"x{n}" for n in range(10)] + ["a"], {"a": 1}) == 0.0


def test_a_question_without_results_counts_as_zero():
    assert figures({"q1": [("a", 1.0)]}, {"q1": {"a": 1}, "q2": {"a": 1}})["ndcg@10"] == 0.5
