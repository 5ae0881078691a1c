"""No test of the application sees the settings or the data of whoever runs it."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch, tmp_path):
    """A data folder of its own, and none of the runner's SPOTTER_ variables."""
    for name in list(os.environ):
        if name.startswith("SPOTTER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SPOTTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
