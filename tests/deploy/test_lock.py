"""`deploy/constraints.txt` pins what the project asks for, and tells of no place it came from."""

from __future__ import annotations

import importlib.util
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from where import DEPLOY, ROOT

spec = importlib.util.spec_from_file_location("lock", DEPLOY / "lock.py")
lock = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lock)

PINS = (DEPLOY / "constraints.txt").read_text("utf-8")
PINNED = dict(re.findall(r"^(?:# )?([a-z0-9-]+)==(\S+)(?= \\|  # no hash)", PINS, flags=re.MULTILINE))
WANTED = [Requirement(line) for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]]  # fmt: skip


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.name)
def test_every_dependency_is_pinned_within_its_range(wanted):
    assert wanted.specifier.contains(PINNED[canonicalize_name(wanted.name)])


def test_everything_but_torch_has_its_hash():
    lines = [line for line in PINS.splitlines() if line and not line.startswith("#")]
    names, hashes = lines[::2], lines[1::2]
    assert len(names) == len(hashes) == len(PINNED) - 1
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+ \\", line) for line in names)
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line) for line in hashes)
    assert "# torch==2.13.0  # no hash" in PINS


def test_it_tells_of_no_place():
    assert re.findall(r"://|\.org|\.com|/opt|index-url", PINS) == []


def _package(name, version="1.0", **info):
    return {"metadata": {"name": name, "version": version}, "download_info": info}


def _report(*packages):
    told = {"python_version": "3.11", "sys_platform": "linux", "platform_machine": "x86_64"}
    return {"install": list(packages), "environment": told}


def test_a_package_without_a_hash_is_refused_by_its_name():
    with pytest.raises(lock.LockError, match=r"zope-x==1\.0"):
        lock.pins(_report(_package("zope.X", archive_info={})))


def test_the_project_itself_and_local_builds_are_left_out():
    hashed = {"archive_info": {"hashes": {"sha256": "a" * 64}}}
    made = lock.pins(
        _report(_package("spotter"), _package("torch", "2.13.0+cpu", **hashed), _package("b_c", **hashed))
    )
    assert made.splitlines()[-3:] == [
        "b-c==1.0 \\",
        f"    --hash=sha256:{'a' * 64}",
        "# torch==2.13.0  # no hash: differs from platform to platform (CPU, CUDA); install it first",
    ]
