import gzip
import json

import pytest

from retrieval.collection import CollectionError, read


@pytest.fixture
def folder(tmp_path):
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        for name, text in (("d1", "Ankles limit depth.\n\nKnees may travel."), ("d2", "")):
            file.write(json.dumps({"_id": name, "title": f"About {name}", "text": text}) + "\n")
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "depth"}\n{"_id": "q2", "text": "unjudged"}\n'
    )
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n")
    return tmp_path


def test_documents_are_cut_and_only_judged_questions_kept(folder):
    found = read(folder)
    passages = list(found.passages())
    assert found.queries == {"q1": "depth"}
    assert found.judgments == {"q1": {"d1": 2}}
    assert {p.document for p in passages} == {"d1", "d2"}
    assert passages[0].title == "About d1"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("queries.jsonl", '{"_id": "q2", "text": "x"}\n', "judged question q1"),
        ("queries.jsonl", "{nonsense\n", "queries.jsonl, line 1"),
        ("queries.jsonl", "[1]\n", "an object with an _id"),
        ("qrels.tsv", "a\tb\tc\nq1\td1\tgood\n", "qrels.tsv, line 2"),
    ],
)
def test_a_faulty_file_is_named_with_its_line(folder, name, text, message):
    (folder / name).write_text(text)
    with pytest.raises(CollectionError, match=message):
        read(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(CollectionError, match=name.removesuffix(".gz")):
        read(folder)
