"""What is done before the first question."""

from __future__ import annotations

import gc

from bot.warming import ROUNDS, lint_claims, spare_collector
from safety import lint


def test_the_lint_need_not_read_our_own_claims_again():
    lint_claims()
    before = lint._broken.cache_info().misses + lint._dangerous.cache_info().misses
    lint_claims()
    assert lint._broken.cache_info().misses + lint._dangerous.cache_info().misses == before > 0


def test_what_is_loaded_for_good_is_left_out_of_the_collectors_rounds():
    before = gc.get_threshold()
    try:
        spare_collector()
        assert gc.get_threshold() == ROUNDS
        assert gc.get_freeze_count() > 0
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
