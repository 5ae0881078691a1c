"""`python -m deploy.load`: the soak, from the folder that holds `deploy/`. Exit status 0 where everything holds."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bot.config import default_data_dir
from deploy.load.machines import Missing
from deploy.load.soak import Outcome, Plan, Soak

SECOND, RATE = 2.0, 40.0
"""What is wanted: p95 in seconds, questions a second."""


def main() -> int:
    """Run, tell, judge."""
    plan = Plan()
    parser = argparse.ArgumentParser(prog="python -m deploy.load", description=__doc__)
    parser.add_argument("--questions", type=int, default=plan.questions)
    parser.add_argument("--people", type=int, default=plan.people)
    parser.add_argument("--guilds", type=int, default=plan.guilds)
    parser.add_argument(
        "--rate", type=float, default=plan.rate, help="questions a second; each person may ask 8 a minute"
    )
    parser.add_argument(
        "--faults", default=",".join(plan.faults), help="in turn, during the first half; empty: none"
    )
    parser.add_argument(
        "--hasten",
        action="store_true",
        help="end a dead process's leases at once instead of after two minutes",
    )
    parser.add_argument("--folder", type=Path, help="where logs and data stay (default: a temporary folder)")
    parser.add_argument("--json", action="store_true", help="one JSON object at the end")
    given = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (most, most)
    )  # people and processes are all connected to this one
    faults = tuple(filter(None, given.faults.split(",")))
    plan = Plan(given.questions, given.people, given.guilds, given.rate, faults, hasten=given.hasten)
    filled = default_data_dir()
    with tempfile.TemporaryDirectory(prefix="spotter-load-", ignore_cleanup_errors=True) as temporary:
        folder = given.folder or Path(temporary)
        soak = Soak(plan, folder, filled=filled if (filled / "models").is_dir() else None, tell=_tell)
        try:
            outcome = asyncio.run(soak.run())
        except Missing as missing:
            sys.stderr.write(f"{missing}\n")
            return 1
    report(outcome, as_json=given.json)
    fast = outcome.calm.p95 < SECOND and outcome.calm.a_second >= min(RATE, 0.95 * plan.rate)
    return 0 if fast and all(one.holds for one in outcome.findings) else 1


def report(outcome: Outcome, *, as_json: bool) -> None:
    """Tell what came of it."""
    if as_json:
        _tell(json.dumps(asdict(outcome)))
        return
    for name, times in (("all", outcome.whole), ("calm half", outcome.calm)):
        _tell(f"{name}: {times.questions} answered, {times.a_second:.1f} a second, p50 {times.p50:.3f} s, p95 {times.p95:.3f} s, p99 {times.p99:.3f} s")  # fmt: skip
    _tell(
        f"both bots ready after {outcome.ready:.1f} s; they used {outcome.cores:.2f} cores in the calm half"
    )
    _tell(
        f"commands that Discord itself said nobody answers: {outcome.unheard}; requests refused as too fast: {outcome.refused}"
    )
    for note in outcome.notes:
        _tell(note)
    for one in outcome.findings:
        _tell(f"{'holds' if one.holds else 'FAILS'}  {one.what}: {one.found}")


def _tell(line: str) -> None:
    """One line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
