import pytest

from retrieval.growth import PASSAGES_A_DOCUMENT, measure, passages

pytestmark = pytest.mark.slow


def test_made_up_passages_are_indexed_and_asked(model_dir):
    figures = measure(300, model_dir)
    assert figures["passages"] == 300
    assert 0 < figures["search_p50_ms"] <= figures["query_p95_ms"]


def test_made_up_passages_are_the_same_every_time():
    first, again = list(passages(50)), list(passages(50))
    assert first == again
    assert len({p.document for p in first}) == -(-50 // PASSAGES_A_DOCUMENT)
