from __future__ import annotations

import threading

import pytest

from retrieval.generations import BusyError
from retrieval.index import Index, guild_scope
from retrieval.search import Retriever


def found(index, question, **options):
    return [hit.passage.document for hit in Retriever(index).search(question, **options).hits]


def test_an_update_says_what_it_did(index, passages, passage):
    assert (index.update(passages).added, index.update(passages).kept) == (6, 6)
    report = index.update([*passages[1:], passage("mobility", "Ankles like being moved.")])
    assert (report.added, report.kept, report.removed) == (1, 5, 1)


def test_only_what_changed_is_embedded(index, embedder, passages, passage):
    index.update(passages)
    embedder.seen.clear()
    index.update([*passages, passage("new", "Something fresh.")])
    assert all("Something fresh" in text for text in embedder.seen)
    assert embedder.seen


def test_nothing_is_embedded_or_written_when_nothing_changed(index, embedder, passages):
    index.update(passages)
    folder = index.snapshot().folder
    embedder.seen.clear()
    index.update(list(reversed(passages)))
    assert embedder.seen == []
    assert index.snapshot().folder == folder


def test_a_deleted_document_stops_answering_at_once(index, passages):
    index.update(passages)
    retriever = Retriever(index)
    assert "sciatica" in [hit.passage.document for hit in retriever.search("sciatica").hits]
    index.update([p for p in passages if p.document != "sciatica"])
    assert "sciatica" not in [hit.passage.document for hit in retriever.search("sciatica").hits]
    assert index._collection("shared").count() == 5


def test_another_process_sees_the_update(index, tmp_path, passages, other_embedder):
    other = Index.open(tmp_path, other_embedder())
    assert other.snapshot() is None
    index.update(passages)
    assert other.snapshot().size == 6
    index.update(passages[:2])
    assert other.snapshot().size == 2


def test_a_passage_changed_only_in_its_gate_is_replaced_without_embedding(index, embedder, passage):
    index.update([passage("deadlift", "Tuck the pelvis.")])
    embedder.seen.clear()
    index.update([passage("deadlift", "Tuck the pelvis.", gate="REFER")])
    assert embedder.seen == []
    assert found(index, "pelvis", tier=2) == []


def test_what_is_read_back_is_what_was_given(index, passages):
    index.update(passages)
    assert sorted(index.snapshot().passages(), key=lambda p: p.id) == sorted(passages, key=lambda p: p.id)


def test_a_closed_index_still_answers_and_opens_again_to_write(index, passages):
    index.update(passages)
    index.close()
    assert found(index, "sciatica")[0] == "sciatica"
    assert index.update(passages[:2]).removed == 4
    index.close()
    index.close()


def test_an_empty_corpus_can_be_indexed_and_searched(index, passages):
    index.update(passages)
    index.update([])
    result = Retriever(index).search("squat")
    assert (result.hits, result.covered) == ((), 0.0)


def test_two_passages_with_one_id_are_refused(index, passages):
    with pytest.raises(ValueError, match="two passages have the id"):
        index.update([*passages, passages[0]])


def test_an_unknown_gate_is_refused_before_anything_is_written(index, passage):
    with pytest.raises(ValueError, match="unknown gate 'SEVERE'"):
        index.update([passage("a", "b", gate="SEVERE")])
    assert index.snapshot() is None


def test_vectors_of_another_model_are_never_searched(index, tmp_path, passages, other_embedder):
    index.update(passages)
    other = Index.open(tmp_path, other_embedder("other", dimensions=16))
    assert found(other, "squat") == []
    assert other.update(passages).added == 6
    assert found(other, "squat")[0] == "squat"


def test_files_of_another_version_read_as_nothing_and_are_written_anew(
    index, tmp_path, passages, other_embedder
):
    index.update(passages)
    meta = index.snapshot().folder / "meta.json"
    meta.write_text(meta.read_text().replace('"format": ', '"format": 9'))
    (index.snapshot().folder / "vectors.npy").unlink()
    reopened = Index.open(tmp_path, other_embedder())
    assert reopened.snapshot() is None
    assert reopened.update(passages).added == 6
    assert found(reopened, "sciatica")[0] == "sciatica"


def test_an_interrupted_embedding_goes_on_where_it_was(index, passages, monkeypatch, embedder):
    monkeypatch.setattr("retrieval.embed.BATCH", 2)
    index.update(passages[:1])
    embedder.seen.clear()

    def stop(done, total, rate):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update(passages, progress=stop)
    assert found(index, "sciatica") == ["squat"]
    before = len(embedder.seen)
    index.update(passages)
    assert found(index, "sciatica")[0] == "sciatica"
    # two batches of two were staged: only the fifth of the five missing passages is embedded again
    assert len({text for text in embedder.seen[before:] if ". " in text}) == 1


def test_a_crash_between_chroma_and_the_pointer_leaves_the_old_index(index, passages, monkeypatch):
    index.update(passages[:3])

    def crash(self, generation):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("retrieval.generations.Generations.swap", crash)
        with pytest.raises(OSError, match="disk full"):
            index.update(passages)
    assert index.snapshot().size == 3
    assert index.update(passages).added == 3
    assert {p.name for p in index.snapshot().folder.parent.glob("generation-*")} == {
        index.snapshot().folder.name
    }


def test_a_crash_after_the_pointer_is_cleared_up_by_the_next_update(index, passages, monkeypatch):
    index.update(passages)

    def crash(*args):
        raise OSError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(Index, "_clear", crash)
        with pytest.raises(OSError, match="gone"):
            index.update(passages[:2])
    assert index.snapshot().size == 2
    assert index._collection("shared").count() == 6
    index.update(passages[:2])
    assert index._collection("shared").count() == 2


def test_one_update_of_a_scope_at_a_time(index, tmp_path, passages, other_embedder):
    other = Index.open(tmp_path, other_embedder())
    with index._generations("shared").writing(), pytest.raises(BusyError, match="another process"):
        other.update(passages)
    other.update(passages)


@pytest.mark.parametrize("scope", ["", "..", "../shared", "A", "a/b", "x" * 60, "chroma/../shared"])
def test_a_scope_cannot_reach_outside_its_folder(index, passages, scope):
    with pytest.raises(ValueError, match="a scope is"):
        index.update(passages, scope=scope)


def test_a_guild_sees_the_shared_corpus_and_its_own_but_no_other(index, passages, passage):
    index.update(passages)
    index.update([passage("rules-a", "Chalk stays in the bucket.")], scope=guild_scope(1))
    index.update([passage("rules-b", "Chalk is banned here.")], scope=guild_scope(2))
    retriever = Retriever(index)
    for scope, own, other in ((guild_scope(1), "rules-a", "rules-b"), (guild_scope(2), "rules-b", "rules-a")):
        for question in ("chalk", "chalk banned bucket", "rules-a rules-b"):
            documents = [hit.passage.document for hit in retriever.search(question, k=99, scope=scope).hits]
            assert own in documents
            assert other not in documents
            assert "squat" in documents
    assert {"rules-a", "rules-b"}.isdisjoint(found(index, "chalk", k=99))


def test_a_guilds_words_do_not_change_what_others_score(index, passages, passage):
    index.update(passages)
    before = Retriever(index).search("squat depth").hits
    index.update([passage(f"d{n}", f"squat depth {n}") for n in range(20)], scope=guild_scope(2))
    assert Retriever(index).search("squat depth").hits == before


def test_a_dropped_scope_is_gone(index, passages):
    index.update(passages, scope=guild_scope(1))
    index.drop(guild_scope(1))
    assert index.snapshot(guild_scope(1)) is None
    assert [c.name for c in index._chroma().list_collections()] == []
    index.drop(guild_scope(1))
    assert index.update(passages, scope=guild_scope(1)).added == 6


def test_searches_never_fail_while_the_index_is_replaced(index, passages):
    index.update(passages)
    retriever = Retriever(index)
    failures: list[Exception] = []
    searches = 0
    done = threading.Event()

    def search():
        nonlocal searches
        while not done.is_set():
            try:
                hits = retriever.search("squat depth ankle").hits
                assert hits[0].passage.document == "squat"
                assert len(hits) in (2, 6)
                searches += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(10):
        index.update(passages[:2] if turn % 2 == 0 else passages)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert searches > 10
