"""What is done before the first question."""

from __future__ import annotations

from bot.warming import lint_claims
from safety import lint


def test_the_lint_need_not_read_our_own_claims_again():
    lint_claims()
    before = lint._broken.cache_info().misses + lint._dangerous.cache_info().misses
    lint_claims()
    assert lint._broken.cache_info().misses + lint._dangerous.cache_info().misses == before > 0
