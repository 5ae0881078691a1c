"""What a process knows of the time in which nobody listened."""

from __future__ import annotations

from bot.heard import LONGEST, OVERLAP, Heard


def test_the_next_process_looks_from_where_the_last_one_stopped(tmp_path):
    Heard(tmp_path, clock=lambda: 1000.0).note([0, 1])
    after = Heard(tmp_path, clock=lambda: 1100.0)
    assert after.since(0) == after.since(1) == 1000.0 - OVERLAP
    assert after.since(2) is None


def test_nobody_looks_back_further_than_anybody_waits(tmp_path):
    Heard(tmp_path, clock=lambda: 1000.0).note([0])
    assert Heard(tmp_path, clock=lambda: 100_000.0).since(0) == 100_000.0 - LONGEST


def test_a_shard_that_hears_nothing_keeps_its_time(tmp_path):
    now = 1000.0
    heard = Heard(tmp_path, clock=lambda: now)
    heard.note([0, 1])
    now = 1200.0
    heard.note([1])
    assert (heard.since(0), heard.since(1)) == (1000.0 - OVERLAP, 1200.0 - OVERLAP)


def test_a_damaged_file_is_a_first_start(tmp_path):
    for rubbish in ("{", "[1]", '{"a": 1}', '{"0": null}'):
        (tmp_path / "heard.json").write_text(rubbish)
        assert Heard(tmp_path).since(0) is None
