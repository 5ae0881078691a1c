"""Settings: `/settings`. Each moderator's own (in this browser), and the server's for those who manage it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.guild import TURNS
from bot.review import Targets
from bot.web import looks
from bot.web.forgery import safe_next
from bot.web.rota import read_rota
from bot.web.visit import back

if TYPE_CHECKING:
    from starlette.responses import Response

    from bot.web.visit import Visit

TARGETS = (
    ("emergency", "Emergency and crisis"), ("urgent", "Urgent"), ("refer", "Refer"), ("other", "All others"),
)  # fmt: skip
LONGEST = 60 * 24 * 30
"""Minutes that a target time may have."""


async def settings(visit: Visit, status: int = 200, faults: dict[str, str] | None = None) -> Response:
    """The page."""
    server = await visit.desk.store.guilds.settings(visit.guild)
    minutes = {name: int(getattr(server.targets, name).total_seconds() // 60) for name, _ in TARGETS}
    typed = {name: visit.field(name) or str(minutes[name]) for name, _ in TARGETS}
    hour = "off" if server.digest_hour is None else str(server.digest_hour)
    typed["digest"] = visit.field("digest") or hour
    typed["rota"] = visit.field("rota") if "rota" in visit.form else "\n".join(server.rota)
    return await visit.page(
        "settings.html", status, server=server, targets=TARGETS, typed=typed, faults=faults or {}, covers=looks.COVERS, themes=looks.THEMES,
        fixed=looks.FIXED, said=visit.query("said"), most_turns=TURNS,
    )  # fmt: skip


async def save_looks(visit: Visit) -> Response:
    """Keep this browser's choices."""
    bindings = {name: visit.field(f"key-{name}") for name in looks.KEYS if visit.field(f"key-{name}")}
    chosen = looks.checked(
        {
            "theme": visit.field("theme"), "cover": visit.field("cover"), "shortcuts": visit.field("shortcuts") == "on", "keys": bindings,
            "views": visit.looks.views,
        }
    )  # fmt: skip
    changed = {name: key for name, key in bindings.items() if key != looks.KEYS[name]}
    response = back("/settings?said=" + ("saved" if chosen.keys == changed else "keys"))
    looks.write(response, chosen, secure=visit.desk.cookies.secure)
    return response


async def save_theme(visit: Visit) -> Response:
    """Light, dark, or as the system has it; then back to where one was."""
    theme = visit.field("theme")
    response = back(safe_next(visit.field("next")))
    looks.write(
        response,
        replace(visit.looks, theme=theme if theme in looks.THEMES else "auto"),
        secure=visit.desk.cookies.secure,
    )
    return response


async def save_view(visit: Visit) -> Response:
    """Keep the queue's filters under a name, or forget a name."""
    name, query = visit.field("name")[:30], visit.field("query")[:200]
    views = {
        key: value for key, value in visit.looks.views.items() if key not in (name, visit.field("forget"))
    }
    if name:
        views[name] = query
    response = back(safe_next("/queue?" + urlsplit("?" + query).query))
    looks.write(response, looks.checked({**_plain(visit), "views": views}), secure=visit.desk.cookies.secure)
    return response


async def save_server(visit: Visit) -> Response:
    """Keep the server's target times, quiet hours, digest, rota and consent; put into the audit."""
    server = await visit.desk.store.guilds.settings(visit.guild)
    faults, targets = {}, {}
    for name, _ in TARGETS:
        text = visit.field(name)
        if text.isdecimal() and 1 <= int(text[:9]) <= LONGEST:
            targets[name] = timedelta(minutes=int(text))
        else:
            faults[name] = f"A number of minutes from 1 to {LONGEST}."
    quiet, wrong = _quiet(visit.field("quiet-from"), visit.field("quiet-to"))
    if wrong:
        faults["quiet"] = wrong
    digest, wrong = _digest(visit.field("digest"), server.digest_hour)
    if wrong:
        faults["digest"] = wrong
    rota = server.rota
    if "rota" in visit.form:  # a page loaded before this field was there does not send it
        rota, wrong = await read_rota(visit.field("rota"), server.rota, visit.desk.authority, visit.guild)
        if wrong:
            faults["rota"] = wrong
    if faults:
        return await settings(visit, 422, faults)
    changed = replace(
        server, targets=Targets(**targets), quiet_hours=quiet, digest_hour=digest, rota=rota,
        export_text=visit.field("export") == "on",
    )  # fmt: skip
    await visit.desk.store.guilds.save(visit.guild, changed, visit.moderator)
    return back("/settings?said=server")


def _quiet(start: str, end: str) -> tuple[tuple[int, int] | None, str]:
    """Quiet hours out of two fields, and what is wrong with them."""
    if not start and not end:
        return None, ""
    if not all(text.isdecimal() and int(text[:4]) < 24 for text in (start, end)) or start == end:
        return None, "Two different hours from 0 to 23, or neither."
    return (int(start), int(end)), ""


def _digest(text: str, standing: int | None) -> tuple[int | None, str]:
    """The digest's hour out of its field, and what is wrong with it; what stands where the page did not ask."""
    if not text or text == "off":
        return (standing if not text else None), ""
    if not text.isdecimal() or len(text) > 2 or int(text) > 23:
        return None, "An hour from 0 to 23, or none."
    return int(text), ""


def _plain(visit: Visit) -> dict[str, object]:
    """The choices as they are."""
    chosen = visit.looks
    return {"theme": chosen.theme, "cover": chosen.cover, "shortcuts": chosen.shortcuts, "keys": chosen.keys}
