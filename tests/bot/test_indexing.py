"""What makes the index stale."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bot import indexing

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_edited_way_to_ask_is_noticed_like_an_edited_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ours = tmp_path / "documents"
    shutil.copytree(indexing.HERE, ours)
    monkeypatch.setattr(indexing, "HERE", ours)
    seen = [indexing.signature([])]
    for name in ("clinic-glute-squeeze.md", "asked/clinic-glute-squeeze.md"):
        with (ours / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        seen.append(indexing.signature([]))
    assert len(set(seen)) == 3
