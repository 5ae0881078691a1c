"""`console`: an open console over a fresh SQLite store."""

from __future__ import annotations

import pytest

from tests.bot.web.rig import opened


@pytest.fixture
async def console(tmp_path):
    async with opened(f"sqlite+aiosqlite:///{tmp_path / 'web.db'}") as made:
        yield made
