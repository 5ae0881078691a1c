"""A console over a real SQLite store, with an authority that the test controls."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx2 as httpx

from bot.flags import reason_to_flag
from bot.ids import new_id
from bot.store.store import Store
from bot.types import Citation, Draft, Exchange, Opening, Question
from bot.web.authority import Grant, Unreachable
from bot.web.build import build
from bot.web.bulk import Jobs
from bot.web.desk import Desk
from bot.web.sessions import Cookies, Membership, SignedIn
from safety.assess import assess
from safety.guard import guard, refer
from safety.types import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ORIGIN = "http://testserver"
KEY = "a key for tests only, long enough"
FROM_HERE = {"sec-fetch-site": "same-origin"}
EMERGENCY = "since this morning the skin between my legs is numb and I can't feel it when I wipe"
URGENT = "three weeks of pain shooting from my glute past the knee and this week the calf got weak, no single heel raise on the right"
REFER = "tingling in my foot for a week after deadlifts, comes and goes"
CRISIS = "I don't want to be here anymore, I want to kill myself"


@dataclass
class Roles:
    """An authority whose answers a test sets: (moderator, guild) -> Grant."""

    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    asked: int = 0
    silent: bool = False

    async def grant(self, moderator: str, guild: str) -> Grant | None:
        self.asked += 1
        if self.silent:
            raise Unreachable("test")
        return self.grants.get((moderator, guild))

    async def guild_name(self, guild: str) -> str:
        return f"Gym {guild}"

    def name(self, moderator: str) -> str:
        return next((grant.name for (who, _), grant in self.grants.items() if who == moderator), moderator)


@dataclass
class Console:
    """The application under test."""

    desk: Desk
    store: Store
    roles: Roles
    app: object
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def client(
        self, moderator: str | None = None, guild: str = "A", *, admin: bool = False, **session: object
    ) -> httpx.AsyncClient:
        """A browser, signed in as `moderator` if one is named."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url=ORIGIN, headers=FROM_HERE
        )
        self.clients.append(client)
        if moderator is not None:
            self.roles.grants.setdefault((moderator, guild), Grant(moderator.title(), admin))
            now = datetime.now(UTC)
            signed = SignedIn(moderator, moderator.title(), guild, {guild: Membership(admin, now)}, **session)
            response = _Bag()
            await self.desk.cookies.begin(response, signed)
            client.cookies.set("spotter", response.value)
            client.csrf = signed.csrf
        return client

    async def case(
        self,
        text: str = URGENT,
        *,
        guild: str = "A",
        ago: float = 0,
        person: str = "",
        draft: str | None = None,
    ) -> str:
        """A case opened by `text`, through the real safety layer."""
        at = datetime.now(UTC) - timedelta(minutes=ago)
        who = person or new_id()
        question = Question(text, who, f"talk-{who}", new_id(), guild=guild, channel="form-check", at=at)
        assessment, state = assess((Turn(text, "person", at),), now=at)
        cited = (Citation(1, "doc", "A title", "guidance", "doc-1", "A passage."),)
        made = Draft(draft, cited) if draft is not None else None
        guarded = guard(text, draft, assessment) if made and assessment.coaching else refer(assessment)
        exchange = Exchange(
            new_id(),
            question,
            assessment,
            made,
            guarded,
            cited if made else (),
            made is not None,
            False,
            reason_to_flag(assessment, guarded, Opening()) or "tier",
            at=at,
        )
        case = await self.store.exchanges.record(exchange, state, Opening())
        assert case is not None
        return case


class _Bag:
    """Catches the cookie that a response would carry."""

    value = ""

    def set_cookie(self, _name: str, value: str, **_: object) -> None:
        self.value = value


@asynccontextmanager
async def opened(url: str, *, undo: timedelta = timedelta(seconds=10)) -> AsyncIterator[Console]:
    """An open console over the database at `url`."""
    store = await Store.open(url, ["a key for tests, long enough"], migrate=True)
    roles = Roles()
    desk = Desk(store, roles, Cookies(store.sessions, secure=False), ORIGIN)
    object.__setattr__(desk, "jobs", Jobs(store, undo=undo))
    made = Console(desk, store, roles, build(desk, KEY))
    try:
        yield made
    finally:
        for client in made.clients:
            await client.aclose()
        await desk.jobs.close()
        await store.close()


async def post(client: httpx.AsyncClient, path: str, **fields: object) -> httpx.Response:
    """A form of our own page, with the session's token."""
    return await client.post(path, data={"csrf": client.csrf, **fields})


def version(page: str) -> str:
    """The version that a case's page carries in its form."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found, "the page has no form with a version"
    return found[1]
