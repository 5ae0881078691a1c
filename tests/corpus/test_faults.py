"""Whoever writes a document gets every mistake at once, with file and line."""

from __future__ import annotations

import pytest

from corpus.documents import CorpusFaults, load

HEAD = """---
id: {id}
title: A title
publisher: Somebody
kind: forum thread
date: 2020-01-02
licence_note: Ours.
trust: low
speaker: a forum poster
sources:
  nice: https://nice.org.uk/guidance/ng59
---

## Heading

"""
GOOD = "- Keep moving within what is comfortable, says the guideline. {from=nice}\n"


@pytest.fixture
def write(tmp_path):
    def _write(name, body, head=HEAD):
        (tmp_path / f"{name}.md").write_text(head.format(id=name) + body, "utf-8")
        return tmp_path

    return _write


def faults_of(directory):
    with pytest.raises(CorpusFaults) as caught:
        load(directory)
    return str(caught.value).split("\n")


def test_a_good_document_loads_with_defaults_from_its_front_matter(write):
    (document,) = load(
        write(
            "one",
            GOOD
            + '- A second claim that is long enough to be kept, runs on\n  over two lines. {speaker="the clinic" topic=mri stance=scan gate=REFER handling=caveat}\n',
        )
    )
    first, second = document.claims
    assert (document.id, document.date, document.kind) == ("one", "2020-01-02", "forum thread")
    assert (first.speaker, first.section, first.line, first.sources) == (
        "a forum poster",
        "Heading",
        16,
        ("https://nice.org.uk/guidance/ng59",),
    )
    assert second.text == "A second claim that is long enough to be kept, runs on over two lines."
    assert (second.speaker, second.topic, second.stance, second.gate, second.handling) == (
        "the clinic",
        "mri",
        "scan",
        "REFER",
        "caveat",
    )


def test_nested_headings_make_the_section_path_and_paragraphs_are_claims_too(write):
    (document,) = load(
        write(
            "one", GOOD + "\n### Below\n\nA paragraph that is a claim of its own, without a dash before it.\n"
        )
    )
    assert [claim.section for claim in document.claims] == ["Heading", "Heading > Below"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("- A claim with an attribute nobody knows, long enough. {colour=red}", 'unknown attribute "colour"; legal are speaker, topic'),
        ("- A claim on a topic nobody knows, long enough to be kept. {topic=cats stance=x}", 'unknown topic "cats"; legal are spinal-flexion'),
        ("- A claim with a stance nobody takes, long enough to be kept. {topic=mri stance=x}", "needs one of the stances scan"),
        ("- A claim with a topic and no stance, long enough to be kept. {topic=mri}", "needs one of the stances"),
        ("- A claim with a stance and no topic, long enough to be kept. {stance=scan}", "a stance needs a topic"),
        ("- A claim behind a gate nobody knows, long enough to be kept. {gate=PANIC}", 'unknown gate "PANIC"; legal are CAUTION'),
        ("- A claim handled in no known way, long enough to be kept. {handling=x}", 'unknown handling "x"'),
        ("- A claim with a source nobody gave, long enough to be kept. {from=who}", '"from" names "who"; sources in the front matter are nice'),
        ("- A claim whose braces cannot be read, long enough. {topic mri}", 'cannot read "topic mri"'),
        ("- A claim with {braces} in the middle of it, long enough to be kept.", "attributes go in one pair of braces"),
        ("- A claim with two speakers, which is one too many for it. {speaker=a speaker=b}", 'attribute "speaker" is given twice'),
        ('- A claim that nobody says, although it is long enough. {speaker=""}', "nobody says it"),
        ("- Too short.", "a claim has 40 to 320 characters, this one 10"),
        ("- A claim without its full stop, although it is long enough", "a claim ends as a sentence does"),
    ],
)  # fmt: skip
def test_a_wrong_claim_is_named_with_what_would_be_right(write, line, message):
    (fault,) = faults_of(write("one", GOOD + line + "\n"))
    assert fault.startswith("one.md:17: ")
    assert message in fault


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("title: A title", "titel: A title", 3, 'unknown key "titel"; legal are id, title'),
        ("trust: low", "trust: total", 8, 'unknown trust "total"; legal are high'),
        ("id: {id}", "id: other", 2, 'id "other" must be the file\'s name, "one"'),
        ("title: A title", "title: 5", 3, '"title" is text'),
        ("nice: https", "nice: ftp", 11, 'source "nice" must be a link'),
        ("sources:\n  nice: https://nice.org.uk/guidance/ng59", "sources: none", 10, '"sources" names links'),
        ("kind: forum thread", "kind: [", None, "front matter is not YAML"),
        ("---\nid", "id", 1, "front matter is missing"),
    ],
)
def test_wrong_front_matter_is_named_with_its_line(write, old, new, line, message):
    faults = faults_of(write("one", GOOD, HEAD.replace(old, new)))
    found = next(fault for fault in faults if message in fault)
    if line:
        assert found.startswith(f"one.md:{line}: ")


def test_a_missing_key_is_named(write):
    assert 'one.md:1: "trust" is missing' in faults_of(write("one", GOOD, HEAD.replace("trust: low\n", "")))


def test_all_faults_of_all_files_come_at_once_in_order(write):
    write("b", GOOD.replace("comfortable", "pleasant") + "- Short.\n")
    write("a", "- Tiny.\n" + GOOD + "- A claim with an attribute nobody knows, long enough. {colour=red}\n")
    directory = write("c", GOOD.replace("from=nice", "gate=REFER").replace("Keep", "Stay"))
    assert [fault.split(": ")[0] for fault in faults_of(directory)] == [
        "a.md:16",
        "a.md:18",
        "b.md:17",
        "c.md:1",
    ]


def test_the_same_claim_in_two_documents_is_a_fault(write):
    write("a", GOOD)
    assert faults_of(write("b", GOOD)) == ["b.md:16: the same claim stands in a.md:16"]


def test_a_claim_outside_any_section_and_a_document_without_claims_are_faults(write):
    outside = HEAD.replace("## Heading\n", "")
    assert any("must stand under a heading" in fault for fault in faults_of(write("one", GOOD, outside)))
    assert any("holds no claims" in fault for fault in faults_of(write("one", "")))


def test_a_file_that_is_no_text_is_a_fault_and_not_a_crash(tmp_path):
    (tmp_path / "one.md").write_bytes(b"\xff\xfe\xff")
    assert faults_of(tmp_path)[0].startswith("one.md:1: cannot be read as UTF-8 text")


def test_a_directory_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="no directory of documents"):
        load(tmp_path / "nowhere")
