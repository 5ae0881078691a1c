"""Shards identify in turn."""

from __future__ import annotations

from bot.shards import Turnstile


async def test_one_bucket_waits_and_others_do_not(tmp_path):
    turnstile = Turnstile(tmp_path, every=0.3)
    turnstile.concurrency = 2
    assert await turnstile.wait(0) == 0
    assert await turnstile.wait(1) == 0
    assert 0 < await turnstile.wait(2) <= 0.3


async def test_two_processes_share_the_turns(tmp_path):
    first, second = Turnstile(tmp_path, every=0.2), Turnstile(tmp_path, every=0.2)
    assert await first.wait(0) == 0
    assert await second.wait(0) > 0


async def test_a_damaged_or_ancient_turn_is_no_reason_to_wait(tmp_path):
    (tmp_path / "identify-0").write_text("rubbish")
    assert await Turnstile(tmp_path).wait(0) == 0
