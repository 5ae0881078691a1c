"""Passages keep their ids, hold what they should, and let nothing past the lint."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import sentences
from corpus.cutting import LARGEST, OVERLAP, cut_claims, cut_text
from corpus.documents import load
from corpus.passages import Passage, fingerprint, screen
from corpus.texts import Text, TextSection


def text_of(*paragraphs):
    return Text("file:a.txt", "A", "text file", "a.txt", (TextSection("Top", paragraphs),))


PROSE = tuple(
    f"Sentence number {n} says a thing or two about lifting. It has a second one." for n in range(60)
)


def test_a_claim_becomes_one_passage_with_all_that_is_known_of_it():
    document = next(document for document in load() if document.id == "clinic-missing-step")
    claim = next(claim for claim in document.claims if "Lifters end up out of neutral" in claim.text)
    passage = cut_claims(document)[document.claims.index(claim)]
    assert (passage.document, passage.title, passage.kind) == (document.id, document.title, "clinic blog")
    assert (passage.section, passage.speaker, passage.topic) == (
        "The argument > When and in which lifts do lifters lose a neutral spine (form breaks down)?",
        "a physical therapy clinic",
        "spinal-flexion",
    )
    assert (passage.stance, passage.gate, passage.trust) == ("train", "REFER", "low")


def test_ids_are_unique_and_the_same_from_run_to_run():
    first, second = (
        [passage.id for document in load() for passage in cut_claims(document)] for _ in range(2)
    )
    assert first == second
    assert len(set(first)) == len(first)


def test_foreign_passages_are_of_the_size_that_is_found_best():
    passages = cut_text(text_of(*PROSE))
    assert all(400 <= len(passage.text) <= LARGEST for passage in passages[:-1])
    assert len({passage.id for passage in passages}) == len(passages)


def test_foreign_passages_overlap_by_a_sentence_and_no_more_than_allowed():
    passages = cut_text(text_of(*PROSE))
    for before, after in itertools.pairwise(passages):
        shared = [
            sentence for sentence in after.sentences if sentence in before.sentences[-len(after.sentences) :]
        ]
        assert " ".join(shared)
        assert len(" ".join(set(shared))) <= OVERLAP


def test_passages_do_not_cross_headings():
    text = Text(
        "file:a", "A", "text file", "a", (TextSection("One", ("First.",)), TextSection("Two", ("Second.",)))
    )
    assert [(passage.section, passage.text) for passage in cut_text(text)] == [
        ("One", "First."),
        ("Two", "Second."),
    ]


def test_the_same_words_twice_in_one_file_have_ids_of_their_own():
    text = Text(
        "file:a", "A", "text file", "a", (TextSection("One", ("Same.",)), TextSection("Two", ("Same.",)))
    )
    first, second = cut_text(text)
    assert first.id != second.id


@given(st.lists(st.text(max_size=900), max_size=8))
def test_cutting_loses_no_word_and_passes_no_limit(paragraphs):
    passages = cut_text(text_of(*paragraphs))
    assert all(len(passage.text) <= LARGEST for passage in passages)
    everything = "".join("".join(passage.text.split()) for passage in passages)
    assert all("".join(sentence.split()) in everything for p in paragraphs for sentence in sentences.split(p))


def test_a_fingerprint_changes_with_any_field_and_not_with_the_order():
    one = Passage("1", "d", "t", "k", "s", "who", "text", ("text",))
    two = Passage("2", "d", "t", "k", "s", "who", "text", ("text",))
    gated = Passage("2", "d", "t", "k", "s", "who", "text", ("text",), gate="REFER")
    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([one, two]) != fingerprint([one, gated])
    assert fingerprint([one]) != fingerprint([one, one])


def test_the_lint_keeps_out_what_it_objects_to_and_says_why():
    good, bad = (
        Passage(t, "d", "t", "k", "s", "w", t, (t,)) for t in ("Keep moving.", "Do not have surgery.")
    )
    kept, rejected = screen([good, bad], lambda text: ("F4",) if "surgery" in text else ())
    assert kept == [good]
    assert [(one.passage, one.reasons) for one in rejected] == [(bad, ("F4",))]


def test_a_lint_that_fails_lets_nothing_in():
    def broken(_text):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        screen([Passage("1", "d", "t", "k", "s", "w", "t", ("t",))], broken)
