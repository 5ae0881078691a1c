"""Sign-in with Discord: OAuth2 authorization code with state and PKCE, through Authlib. The token is used once and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2 as httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth

from bot.web.authority import Unreachable
from bot.web.refusals import Refusal
from bot.web.sessions import Membership, SignedIn

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.config import Settings
    from bot.store.console import Console
    from bot.web.members import DiscordAuthority

ASKED = 10
"""Servers asked about at the sign-in; others are looked up when their address is opened."""


class SignIn:
    """The two steps: off to Discord, and back."""

    def __init__(self, settings: Settings, authority: DiscordAuthority, reads: Console) -> None:
        """Sign in at the Discord of `settings`."""
        api = settings.discord_api_url
        page = (
            "https://discord.com/oauth2/authorize"
            if urlsplit(api).hostname == "discord.com"
            else f"{api}/oauth2/authorize"
        )
        self._redirect = f"{settings.web_public_url}/login/callback"
        self._authority = authority
        self._reads = reads
        self._client: Any = OAuth().register(
            "discord",
            client_id=settings.web_client_id,
            client_secret=settings.web_client_secret.get_secret_value(),
            authorize_url=page,
            access_token_url=f"{api}/oauth2/token",
            api_base_url=f"{api}/",
            client_kwargs={
                "scope": "identify guilds.members.read",
                "code_challenge_method": "S256",
                "timeout": 10.0,
            },
        )

    async def leave(self, request: Request) -> Response:
        """Off to Discord, with a fresh state bound to a short-lived cookie of this browser."""
        response: Response = await self._client.authorize_redirect(request, self._redirect, prompt="none")
        return response

    async def arrive(self, request: Request, wanted: str) -> SignedIn:
        """Back from Discord: who it is, and which servers they moderate; `wanted` is looked at first.

        Raises `Refusal`: 403 for a state that is not this browser's and for somebody who moderates nothing here, 503 without an answer.
        """
        try:
            token = await self._client.authorize_access_token(request)
            user = await self._get("users/@me", token)
            guilds = await self._guilds(user, token, wanted) if user else {}
        except OAuthError as error:
            raise Refusal(
                403, "Discord's answer does not belong to a sign-in begun in this browser. Start again."
            ) from error
        except (httpx.HTTPError, Unreachable) as error:
            raise Refusal(503, "Discord does not answer just now. Try again in a minute.") from error
        if user is None or not guilds:
            raise Refusal(
                403,
                "This account moderates no server that Spotter works in. Ask for the moderators' role, then sign in again.",
            )
        name = str(user.get("global_name") or user.get("username") or "moderator")
        guild = wanted if wanted in guilds else next(iter(guilds))
        return SignedIn(str(user["id"]), name, guild, guilds)

    async def _guilds(self, user: dict[str, Any], token: Any, wanted: str) -> dict[str, Membership]:
        """The servers that `user` moderates."""
        known = await self._reads.guilds()
        first = [guild for guild in known if guild == wanted]
        found: dict[str, Membership] = {}
        for guild in [*first, *(guild for guild in known if guild != wanted)][:ASKED]:
            member = await self._get(f"users/@me/guilds/{guild}/member", token)
            grant = (
                await self._authority.weighed(
                    {
                        "user": user,
                        **member,
                    },
                    guild,
                )
                if member
                else None
            )
            if grant is not None:
                found[guild] = Membership(grant.admin, datetime.now(UTC))
        return found

    async def _get(self, path: str, token: Any) -> dict[str, Any] | None:
        """What Discord tells the signed-in person; None where it says no. Raises `Unreachable`."""
        answer = await self._client.get(path, token=token)
        if answer.status_code in (401, 403, 404):
            return None
        if answer.status_code != 200:
            raise Unreachable(f"status {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found
