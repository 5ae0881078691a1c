"""Write `deploy/constraints.txt` from pip's own report: every package at its version, with the hash of the file that pip chose.

`deploy/lock.sh` makes the report and calls this; `python deploy/lock.py REPORT OUTPUT` does it for a report at hand. Nothing but names,
versions and hashes is taken over: where a file came from is the business of whoever installs.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

OWN = "spotter"
UNHASHED = {"torch": "differs from platform to platform (CPU, CUDA); install it first"}
"""Packages pinned without a hash, and why. They stand in comments: one line without a hash would make pip refuse the whole file."""
HEAD = """\
# Every package that Spotter needs, at the version and with the hash that the tests ran with. Made by deploy/lock.sh; do not edit.
# Python {python}, {platform}. The hashes are of the files for that platform; for another one run deploy/lock.sh there.
#
#   pip install {unhashed}
#   pip install --require-hashes --no-deps -r deploy/constraints.txt
#   pip install --no-deps .
"""


class LockError(ValueError):
    """The report cannot be made into a file of pins. The message says which package is at fault."""


def pins(report: dict[str, Any]) -> str:
    """The file's content for pip's report (format version 1). Raises `LockError` for a package without a sha256."""
    packages = sorted(report["install"], key=_name)
    unhashed = [f"{_name(one)}=={_version(one)}" for one in packages if _name(one) in UNHASHED]
    told = report["environment"]
    platform = f"{told['sys_platform']} {told['platform_machine']}"
    head = HEAD.format(python=told["python_version"], platform=platform, unhashed=" ".join(unhashed))
    return head + "".join(_line(one) for one in packages if _name(one) != OWN)


def _line(package: dict[str, Any]) -> str:
    """One package."""
    pinned = f"{_name(package)}=={_version(package)}"
    if _name(package) in UNHASHED:
        return f"# {pinned}  # no hash: {UNHASHED[_name(package)]}\n"
    found = package["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256", "")
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise LockError(f"{pinned}: the report has no sha256 for it")
    return f"{pinned} \\\n    --hash=sha256:{found}\n"


def _name(package: dict[str, Any]) -> str:
    """The normalised name."""
    return re.sub(r"[-_.]+", "-", str(package["metadata"]["name"])).lower()


def _version(package: dict[str, Any]) -> str:
    """The version without its local part ("+cpu"), which only one platform's builds have."""
    return str(package["metadata"]["version"]).partition("+")[0]


def main() -> None:
    """`lock.py REPORT OUTPUT`; exit status 1 for a report that cannot be used, 2 for bad usage."""
    if len(sys.argv) != 3:
        sys.stderr.write("usage: python deploy/lock.py REPORT OUTPUT\n")
        raise SystemExit(2)
    source, target = map(Path, sys.argv[1:])
    try:
        written = pins(json.loads(source.read_text("utf-8")))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"lock: {error}\n")
        raise SystemExit(1) from None
    target.write_text(written, "utf-8")
    sys.stdout.write(f"{target}: {written.count('--hash=')} packages with their hashes\n")


if __name__ == "__main__":
    main()
