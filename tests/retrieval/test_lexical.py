import math
from collections import Counter

import numpy as np
import pytest

from retrieval import lexical

TEXTS = [["squat", "deep", "squat"], ["deadlift", "deep"], ["windmill"], []]


def by_the_book(query, texts):
    """BM25 as in Robertson and Zaragoza (2009), written the slow way."""
    average = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        score = 0.0
        for word in query:
            df = sum(word in other for other in texts)
            idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
            tf = text.count(word)
            held_back = lexical.K1 * (1 - lexical.B + lexical.B * len(text) / average)
            score += idf * tf * (lexical.K1 + 1) / (tf + held_back)
        scores.append(score)
    return scores


@pytest.fixture
def opened(tmp_path):
    lexical.write(tmp_path, "words", [Counter(text) for text in TEXTS])
    return lexical.Lexical(tmp_path, "words")


def score(opened, query):
    weights = {
        n: lexical.inverse_frequency(opened.frequency(n), opened.size) for n in opened.find(query).values()
    }
    return opened.score(weights)


@pytest.mark.parametrize("query", [["squat"], ["deep", "deadlift"], ["deep", "unheard"], []])
def test_scores_are_bm25(opened, query):
    np.testing.assert_allclose(score(opened, query), by_the_book(query, TEXTS), rtol=1e-5)


def test_words_that_occur_nowhere_are_not_found(opened):
    assert set(opened.find(["squat", "unheard", "zzz", "aaa"])) == {"squat"}


def test_nothing_at_all_can_be_written_and_searched(tmp_path):
    lexical.write(tmp_path, "none", [])
    nothing = lexical.Lexical(tmp_path, "none")
    assert nothing.find(["squat"]) == {}
    assert len(nothing.score({})) == 0


def test_very_long_terms_are_cut_alike_on_both_sides(tmp_path):
    lexical.write(tmp_path, "long", [{"x" * 500: 1}])
    assert lexical.Lexical(tmp_path, "long").find(["x" * 500])
