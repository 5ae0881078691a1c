"""`spotter doctor`: the checks of `bot.doctor`, for a person to read."""

from __future__ import annotations

import asyncio

from rich.table import Table

from bot.commands.settings import settings
from bot.doctor import examine
from bot.terminal import console

_MARKS = {
    "ok": ("ok", "green"),
    "warn": ("warning", "yellow"),
    "fail": ("FAILS", "bold red"),
    "skip": ("-", "dim"),
}


def run_doctor() -> int:
    """Print every check; returns 1 when one fails."""
    checks = asyncio.run(examine(settings(quiet=True)))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        word, style = _MARKS[check.state]
        mend = f"\n[dim]-> {check.mend}[/dim]" if check.mend else ""
        table.add_row(check.name, f"[{style}]{word}[/{style}]", check.found.replace("[", "\\[") + mend)
    console().print(table)
    return 1 if any(check.state == "fail" for check in checks) else 0
