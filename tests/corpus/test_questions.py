"""The question set is whole, fits the documents, and counts facts the way a reader would."""

from __future__ import annotations

from collections import Counter

import pytest

from corpus.claims import TOPICS
from corpus.documents import load as load_documents
from corpus.faults import CorpusFaults
from corpus.questions import load, missing_facts, states

QUESTIONS = load()
FIVE = {
    "forum-lost-mobility",
    "clinic-back-pain-after-deadlift",
    "clinic-glute-squeeze",
    "forum-mobility-strength",
    "clinic-missing-step",
}


def test_there_are_enough_of_each_kind():
    kinds = Counter(question.kind for question in QUESTIONS)
    least = {
        "answerable": 75,
        "unanswerable": 15,
        "disagreement": 14,
        "follow-up": 12,
        "injection": 12,
        "symptom": 10,
    }
    assert all(kinds[kind] >= count for kind, count in least.items()), kinds
    assert len(QUESTIONS) >= 130


def test_half_is_for_tuning_and_half_for_testing():
    assert abs(len(load(split="tune")) - len(load(split="test"))) <= 1


def test_the_answerable_ones_cover_the_five_documents():
    covered = Counter(
        document for question in QUESTIONS if question.kind == "answerable" for document in question.documents
    )
    assert set(covered) == FIVE
    assert min(covered.values()) >= 15


def test_every_topic_of_disagreement_is_asked_about():
    assert {question.topic for question in QUESTIONS if question.kind == "disagreement"} == set(TOPICS)


def test_questions_name_only_documents_that_exist():
    documents = {document.id for document in load_documents()}
    assert {document for question in QUESTIONS for document in question.documents} <= documents


def test_every_expected_fact_stands_somewhere_in_its_document():
    texts = {document.id: " ".join(claim.text for claim in document.claims) for document in load_documents()}
    missing = {
        question.id: gone
        for question in QUESTIONS
        if question.facts
        and (gone := missing_facts(question, " ".join(texts[d] for d in question.documents)))
    }
    assert missing == {}


def test_every_disagreement_has_two_stances_in_the_documents_named():
    claims = [(document.id, claim) for document in load_documents() for claim in document.claims]
    for question in QUESTIONS:
        if question.kind == "disagreement":
            stances = {
                claim.stance
                for d, claim in claims
                if d in question.documents and claim.topic == question.topic
            }
            assert len(stances) >= 2, question.id


@pytest.mark.parametrize(
    ("answer", "phrasing", "holds"),
    [
        ("Squeeze the glutes.", "glute", True),
        ("Gluteal folds.", "glute", True),
        ("Between 85 and 45 degrees.", "45", True),
        ("At 145 degrees.", "45", False),
        ("3 sets of 6-8 reps", "6 8", True),
        ("SI joint", "si joint", True),
        ("Sit down.", "si", False),
        ("step-ups", "step up", True),
        ("The hip flexors", "hip extensor", False),
        ("cat/cow and child's pose", "cat cow", True),
        ("", "hip", False),
    ],
)
def test_a_fact_is_found_by_its_words_whatever_case_and_punctuation(answer, phrasing, holds):
    assert states(answer, phrasing) is holds


def test_wrong_questions_are_all_named_with_their_lines(tmp_path):
    (tmp_path / "a.toml").write_text(
        'kind = "answerable"\n\n[[question]]\nid = "x"\nsplit = "tune"\ntext = "?"\n\n'
        '[[question]]\nid = "y"\nsplit = "half"\ntext = "?"\nfact = []\nfacts = [["a"]]\ndocuments = ["d"]\n'
    )
    (tmp_path / "b.toml").write_text('kind = "quiz"\n')
    (tmp_path / "c.toml").write_text("kind = \n")
    with pytest.raises(CorpusFaults) as caught:
        load(tmp_path)
    faults = str(caught.value)
    assert 'a.toml:3: a question of kind answerable needs "facts"' in faults
    assert 'a.toml:3: a question of kind answerable needs "documents"' in faults
    assert 'a.toml:8: unknown key "fact"; legal are id, text' in faults
    assert 'a.toml:8: "split" must be one of tune, test' in faults
    assert "b.toml:1: kind must be one of answerable" in faults
    assert "b.toml:1: holds no questions" in faults
    assert "c.toml:1: is not TOML" in faults


def test_an_id_used_twice_is_a_fault(tmp_path):
    entry = '[[question]]\nid = "x"\nsplit = "tune"\ntext = "?"\n'
    (tmp_path / "a.toml").write_text('kind = "unanswerable"\n' + entry + entry)
    with pytest.raises(CorpusFaults, match='id "x" is used 2 times'):
        load(tmp_path)
