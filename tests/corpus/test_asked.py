"""Ways to ask: read with their headings, refused where they belong to nothing, and enough of them for everything we say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import documents
from corpus.cutting import cut_claims
from corpus.faults import CorpusFaults

if TYPE_CHECKING:
    from pathlib import Path

FRONT = """---
id: note
title: A note
publisher: Nobody
kind: forum thread
date: unknown
licence_note: Our own.
trust: anecdote
speaker: a forum poster
---

## Bracing

### When to breathe in?

- Breathe in before the bar leaves the floor, one poster says, and out at the top.
"""


def folder(tmp_path: Path, asked: str, name: str = "note") -> Path:
    """A directory of documents with one document and one file of ways to ask."""
    (tmp_path / "note.md").write_text(FRONT, "utf-8")
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / f"{name}.md").write_text(asked, "utf-8")
    return tmp_path


def test_a_claim_has_the_ways_to_ask_of_its_heading(tmp_path: Path):
    found = documents.load(
        folder(tmp_path, "## Bracing\n\n### When to breathe in?\n\n- air in when\n- hold my breath or not\n")
    )
    (passage,) = cut_claims(found[0])
    assert passage.asked == ("air in when", "hold my breath or not")


@pytest.mark.parametrize(
    ("asked", "name", "complaint"),
    [
        (
            "## Bracing\n\n### When to breath in?\n\n- air in when\n",
            "note",
            'no claims under "Bracing > When',
        ),
        ("## Bracing\n\n### When to breathe in?\n\n- air\n", "note", "2 to 30 words"),
        ("## Bracing\n\n### When to breathe in?\n\n- air in\n- Air in\n", "note", "stands above"),
        ("- air in when\n", "note", "must stand under a heading"),
        ("## Bracing\n\n- air in when\n", "other", 'no document "other"'),
    ],
)
def test_what_belongs_to_nothing_is_refused_with_its_place(
    tmp_path: Path, asked: str, name: str, complaint: str
):
    with pytest.raises(CorpusFaults, match=complaint) as raised:
        documents.load(folder(tmp_path, asked, name))
    assert f"asked/{name}.md" in str(raised.value)


def test_everything_we_say_can_be_asked_for_in_many_ways():
    few = [
        (document.id, claim.section)
        for document in documents.load()
        for claim in document.claims
        if len(claim.asked) < 8
    ]
    assert not few, "write ways to ask for these headings in corpus/documents/asked"


def test_no_way_to_ask_is_a_question_that_answers_are_measured_with():
    from corpus.questions import load

    measured = {
        " ".join(turn.casefold().split()).rstrip("?!. ") for question in load() for turn in question.turns
    }
    ways = {
        " ".join(way.casefold().split()).rstrip("?!. ")
        for document in documents.load()
        for claim in document.claims
        for way in claim.asked
    }
    assert not measured & ways
