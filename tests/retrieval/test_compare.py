import pytest

from retrieval import peers
from retrieval.compare import main, table


def test_a_stack_that_is_not_installed_is_skipped_with_the_reason():
    with pytest.raises(peers.MissingError, match="surely_not_installed"):
        peers._need("surely_not_installed")


def test_the_table_shows_ratios_to_the_recipe_and_reasons_for_gaps():
    figures = {
        "ndcg@10": 0.8, "recall@10": 0.9, "mrr@10": 0.8, "docs_per_cpu_second": 20.0, "index_rss_mb": 500,
        "cold_start_s": 0.3, "query_p50_ms": 3.0, "query_p95_ms": 6.0, "query_rss_mb": 128,
    }  # fmt: skip
    text = table(
        "c", {"spotter": figures, "langchain-recipe": {**figures, "query_p50_ms": 15.0}, "llamaindex": "no x"}
    )
    assert "3.0 (0.20x)" in text
    assert "| llamaindex | skipped: no x |" in text


def test_an_unknown_stack_is_named(capsys):
    with pytest.raises(SystemExit) as stopped:
        main([".", "--peers", "nonsense"])
    assert stopped.value.code == 2
    assert "no stack is called nonsense" in capsys.readouterr().err
