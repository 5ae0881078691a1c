"""Known weaknesses: in our own code (bandit) and in what we depend on (pip-audit)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from where import DEPLOY, ROOT

SCANNED = ("bot", "retrieval", "corpus", "safety", "deploy")
LOOKED_AT = {
    ("retrieval/peers.py", "B301"): "a pickle that the same process wrote a moment ago, in a benchmark",
    ("deploy/load/machines.py", "B310"): "an address on loopback that stands in the code",
    ("deploy/load/soak.py", "B310"): "an address on loopback that stands in the code",
}
"""Findings that were looked at, and why they stand."""
pytestmark = pytest.mark.slow


def test_bandit_finds_nothing_that_was_not_looked_at():
    command = [sys.executable, "-m", "bandit", "-q", "-ll", "-f", "json", "-r", *SCANNED]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=200)
    report = json.loads(ran.stdout)
    assert report["errors"] == []
    found = {(one["filename"].removeprefix("./"), one["test_id"]): f"{one['line_number']}: {one['issue_text']}" for one in report["results"]}  # fmt: skip
    assert {place: told for place, told in found.items() if place not in LOOKED_AT} == {}


@pytest.mark.skipif(
    not os.environ.get("AUDIT"), reason="asks over the network for every pinned package: make audit"
)
def test_no_pinned_package_has_a_known_fault():
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--require-hashes",
        "--disable-pip",
        "-r",
        DEPLOY / "constraints.txt",
    ]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=280)
    if "ConnectionError" in ran.stderr or "Max retries exceeded" in ran.stderr:
        pytest.skip("no network")
    assert ran.returncode == 0, ran.stdout
