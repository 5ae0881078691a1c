"""Sign-in with Discord, against a double of it on loopback that checks what it is sent."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import socket
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.config import ConfigError, Settings
from bot.guild import GuildSettings
from bot.store.store import Store
from bot.web.build import build
from bot.web.serve import check, desk_of

GUILD, OTHER, USER = "100000000000000001", "100000000000000002", "200000000000000001"
ORIGIN = "http://127.0.0.1:8300"


class Discord:
    """Just enough of Discord: the token exchange, who somebody is, members and servers."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.roles: dict[str, list[str]] = {GUILD: ["6"]}
        self.broken = False
        self.seen: list[str] = []

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/oauth2/token", self.token, methods=["POST"]),
                Route("/users/@me", self.me),
                Route("/users/@me/guilds/{guild}/member", self.own),
                Route("/guilds/{guild}", self.server),
                Route("/guilds/{guild}/members/{user}", self.member),
            ]
        )

    async def token(self, request):
        form = await request.form()
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = (
            self.codes.pop(str(form.get("code")), None) == challenge
            and form["redirect_uri"] == f"{ORIGIN}/login/callback"
        )
        if not fits or self.broken:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {
                "access_token": "user-token",
                "token_type": "Bearer",
                "expires_in": 600,
                "scope": "identify guilds.members.read",
            }
        )

    async def me(self, request):
        assert request.headers["authorization"] == "Bearer user-token"
        return JSONResponse({"id": USER, "username": "sam", "global_name": "Sam"})

    async def own(self, request):
        self.seen.append(request.path_params["guild"])
        return self._member(request.path_params["guild"])

    async def member(self, request):
        assert request.headers["authorization"] == "Bot bot-token"
        return self._member(request.path_params["guild"])

    def _member(self, guild: str):
        if guild not in self.roles:
            return JSONResponse({"message": "Unknown Guild"}, status_code=404)
        return JSONResponse(
            {"user": {"id": USER, "username": "sam"}, "roles": self.roles[guild], "nick": "Sam the spotter"}
        )

    async def server(self, request):
        assert request.headers["authorization"] == "Bot bot-token"
        guild = request.path_params["guild"]
        roles = [
            {"id": guild, "permissions": "0"},
            {"id": "6", "permissions": "0"},
            {"id": "7", "permissions": "32"},
        ]
        return JSONResponse({"id": guild, "name": "Iron Yard", "owner_id": "1", "roles": roles})


@contextmanager
def listening(app):
    """The double on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@asynccontextmanager
async def signing_in(tmp_path, discord):
    """(client, store) of a console whose Discord is the double."""
    with listening(discord.app()) as api:
        settings = Settings(
            _env_file=None,
            discord_api_url=api,
            discord_token="bot-token",
            web_public_url=ORIGIN,
            web_client_id="42",
            web_client_secret="secret",
            data_dir=tmp_path,
            secret_key="a key for tests that is long enough",
        )
        store = await Store.open(f"sqlite:///{tmp_path / 's.db'}", settings.keys(), migrate=True)
        try:
            await store.guilds.save(GUILD, GuildSettings(moderator_roles=("6",)), "setup")
            async with (
                desk_of(settings, store) as desk,
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app=build(desk, "k" * 32)), base_url=ORIGIN
                ) as client,
            ):
                yield client, store
        finally:
            await store.close()


async def leave(client, discord, path="/login/discord") -> dict[str, str]:
    """Go to Discord and agree there; what the browser would bring back."""
    answer = await client.get(path)
    assert answer.status_code == 302
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    discord.codes["the-code"] = asked["code_challenge"]
    return asked


async def test_sign_in_with_state_and_pkce(tmp_path):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, _store):
        asked = await leave(client, discord, "/login/discord?next=/stats")
        assert tuple(
            asked[name] for name in ("scope", "code_challenge_method", "client_id", "response_type")
        ) == ("identify guilds.members.read", "S256", "42", "code")
        assert f"{ORIGIN}/login/callback" == asked["redirect_uri"]
        back = await client.get("/login/callback", params={"code": "the-code", "state": asked["state"]})
        assert (back.status_code, back.headers["location"]) == (303, "/stats")
        cookie = next(value for value in back.headers.get_list("set-cookie") if value.startswith("spotter="))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        page = await client.get("/queue")
        assert page.status_code == 200
        assert "Iron Yard" in page.text
        assert discord.seen == [GUILD]


@pytest.mark.parametrize("state", ["forged", "", None])
async def test_a_forged_state_is_refused(tmp_path, state):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, _store):
        await leave(client, discord)
        query = {"code": "the-code"} | ({} if state is None else {"state": state})
        back = await client.get("/login/callback", params=query)
        assert back.status_code == 403
        assert (await client.get("/queue")).status_code == 401


async def test_a_state_of_another_browser_is_refused(tmp_path):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, _store):
        asked = await leave(client, discord)
        client.cookies.clear()
        assert (
            await client.get("/login/callback", params={"code": "the-code", "state": asked["state"]})
        ).status_code == 403


async def test_a_state_is_used_once(tmp_path):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, _store):
        asked = await leave(client, discord)
        query = {"code": "the-code", "state": asked["state"]}
        assert (await client.get("/login/callback", params=query)).status_code == 303
        assert (await client.get("/login/callback", params=query)).status_code == 403


@pytest.mark.parametrize(
    ("roles", "status"), [({}, 403), ({GUILD: []}, 403), ({GUILD: ["7"]}, 303), ({OTHER: ["7"]}, 403)]
)
async def test_only_moderators_come_in(tmp_path, roles, status):
    discord = Discord()
    discord.roles = roles
    async with signing_in(tmp_path, discord) as (client, _store):
        asked = await leave(client, discord)
        back = await client.get("/login/callback", params={"code": "the-code", "state": asked["state"]})
        assert status == back.status_code
        assert (200 if status == 303 else 401) == (await client.get("/queue")).status_code


async def test_refused_at_discord_or_code_not_taken(tmp_path):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, _store):
        asked = await leave(client, discord)
        assert (
            await client.get("/login/callback", params={"error": "access_denied", "state": asked["state"]})
        ).status_code == 403
        asked = await leave(client, discord)
        discord.broken = True
        assert (
            await client.get("/login/callback", params={"code": "the-code", "state": asked["state"]})
        ).status_code == 403


async def test_no_token_is_kept(tmp_path):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, store):
        asked = await leave(client, discord)
        await client.get("/login/callback", params={"code": "the-code", "state": asked["state"]})
        data = await store.sessions.read(client.cookies["spotter"])
        assert data is not None
        assert "user-token" not in data
    await asyncio.sleep(0)


async def test_sign_ins_are_limited_by_address(tmp_path):
    discord = Discord()
    async with signing_in(tmp_path, discord) as (client, _store):
        statuses = [(await client.get("/login/discord")).status_code for _ in range(21)]
        assert statuses == [302] * 20 + [429]


def test_the_public_address_must_be_safe(tmp_path):
    given = {"discord_token": "t", "web_client_id": "1", "web_client_secret": "s", "data_dir": tmp_path}
    with pytest.raises(
        ConfigError, match="SPOTTER_WEB_CLIENT_ID, SPOTTER_WEB_CLIENT_SECRET, SPOTTER_DISCORD_TOKEN"
    ):
        check(Settings(_env_file=None, web_public_url="https://a.example"))
    with pytest.raises(ConfigError, match="https"):
        check(Settings(_env_file=None, web_public_url="http://a.example", **given))
    with pytest.raises(ConfigError, match="scheme and host"):
        check(Settings(_env_file=None, web_public_url="https://a.example/console", **given))
    assert (
        check(Settings(_env_file=None, web_public_url="https://a.example/", **given)) == "https://a.example"
    )


async def test_over_https_the_cookie_is_bound_to_the_host(tmp_path):
    settings = Settings(
        _env_file=None,
        discord_token="t",
        web_client_id="1",
        web_client_secret="s",
        web_public_url="https://spotter.example",
        data_dir=tmp_path,
    )
    store = await Store.open(f"sqlite:///{tmp_path / 's.db'}", ["a key for tests, long enough"], migrate=True)
    try:
        async with desk_of(settings, store) as desk:
            assert (desk.cookies.secure, desk.cookies.name) == (True, "__Host-spotter")
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=build(desk, "k" * 32)), base_url="https://spotter.example"
            ) as client:
                answer = await client.get("/login/discord")
                assert answer.headers["location"].startswith("https://discord.com/oauth2/authorize?")
                assert answer.headers["set-cookie"].startswith("__Host-spotter-signin=")
                assert "; secure" in answer.headers["set-cookie"].lower()
                assert "max-age" in answer.headers["strict-transport-security"]
    finally:
        await store.close()
