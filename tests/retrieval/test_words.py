import pytest

from retrieval.words import SHORTHAND, STOP_WORDS, plain, terms


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("RDLs", "Romanian dead lifts"),
        ("my lowback", "my low back"),
        ("see a physio", "see a PT"),
        ("8 reps", "8 repetitions"),
        ("deadlifting", "dead lifts"),
        ("the ER", "A&E"),
    ],
)
def test_lifters_words_meet_the_words_of_documents(asked, written):
    assert terms(asked) == terms(written)


def test_shorthand_is_only_replaced_as_whole_words():
    assert plain("the gist of abstract pride") == "the gist of abstract pride"


def test_accents_and_apostrophes_do_not_part_words():
    assert terms("Don\u2019t caf\u00e9") == terms("dont cafe")


def test_a_question_of_stop_words_has_no_terms():
    assert terms("what should I do about it?") == []


def test_figures_are_kept_with_their_decimals():
    assert terms("2.5 kg at 45\u00b0") == ["2.5", "kg", "45"]


def test_no_shorthand_turns_into_nothing():
    assert all(terms(words) for words in SHORTHAND.values())
    assert not STOP_WORDS & SHORTHAND.keys()
