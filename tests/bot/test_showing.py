"""The words of a demo card."""

import pytest

from bot.showing import demo_words, known
from corpus.exercises import COMMON_PRACTICE, load
from safety.assess import assess
from safety.guard import guard
from safety.types import Tier, Turn

CATALOGUE = load()


@pytest.mark.parametrize("ident", CATALOGUE)
def test_a_demo_tells_where_its_advice_comes_from_and_the_guard_leaves_every_word(ident):
    exercise = CATALOGUE[ident]
    words = demo_words(exercise, Tier.NONE)
    for source in exercise.sources:
        assert source.says in words
        title = known()[source.document].title if source.document != COMMON_PRACTICE else "Common practice"
        assert title in words
    assessment, _ = assess((Turn("show me a demo"),))
    assert guard("show me a demo", words, assessment, kind="demo").text == words


def test_a_withheld_demo_names_no_source_of_what_is_not_shown():
    assert "Source" not in demo_words(CATALOGUE["jefferson-curl"], Tier.REFER)
