"""Where replies go in Discord: the answer to an interaction, or a message in a channel. Both are sinks of `bot.ui.deliver`."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import discord

from bot.ui.answer import reply_cards
from bot.ui.card import notice
from bot.ui.retrying import persist
from bot.ui.snowflakes import Attached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.types import Attachment, Reply


class Place(Protocol):
    """A sink that can also carry a notice of ours."""

    async def send(self, reply: Reply) -> str | None:
        """Show a reply."""

    async def say(self, text: str) -> None:
        """Show a fixed line of ours."""


class InteractionPlace:
    """The answer to a deferred interaction. The first card replaces the "thinking": an edit, so that trying again doubles nothing."""

    def __init__(self, interaction: discord.Interaction[Any], *, public: bool) -> None:
        """`public` as it was deferred: others can read it."""
        self._interaction = interaction
        self._public = public

    async def send(self, reply: Reply) -> str | None:
        """Show a reply; further cards follow as messages of their own."""
        if reply.attachment is not None and not self._interaction.app_permissions.attach_files:
            reply = replace(reply, attachment=None)  # the words alone; /setup names the missing permission
        first, *more = reply_cards(reply, public=self._public)
        message = await persist(
            lambda: self._interaction.edit_original_response(
                view=first, attachments=files(reply.attachment, first)
            )
        )
        for view in more:
            await self._interaction.followup.send(view=view, ephemeral=not self._public, wait=True)
        return str(message.id)

    async def say(self, text: str) -> None:
        """Show a fixed line of ours."""
        await self.show(notice(text))

    async def show(self, view: ui.LayoutView, attachments: Sequence[discord.File] = ()) -> None:
        """Show a card of ours."""
        await persist(
            lambda: self._interaction.edit_original_response(view=view, attachments=list(attachments))
        )


class MessagePlace:
    """A reply to somebody's message. The nonce comes from that message: Discord itself drops a second copy."""

    def __init__(
        self,
        channel: discord.abc.Messageable,
        message: int,
        *,
        public: bool,
        reference: discord.MessageReference | None,
        threads: bool = False,
    ) -> None:
        """Answer `message`, an id, in `channel`.

        `reference` is None where the bot may not read the history; `threads` says whether a thread may be opened on the answer.
        """
        self._channel = channel
        self._message = message
        self._public = public
        self._reference = reference
        self._threads = threads

    async def send(self, reply: Reply) -> str | None:
        """Show a reply."""
        sent: str | None = None
        for number, view in enumerate(reply_cards(reply, public=self._public, threads=self._threads)):
            sent = await self._post(view, number, reply.attachment if number == 0 else None)
        return sent

    async def say(self, text: str) -> None:
        """Show a fixed line of ours."""
        await self._post(notice(text), 9)

    async def _post(self, view: ui.LayoutView, number: int, attachment: Attachment | None = None) -> str:
        """Send one card."""
        channel: Any = self._channel
        options: dict[str, Any] = {"view": view, "nonce": f"{self._message}.{number}"}
        if self._reference is not None and number in (0, 9):
            options["reference"] = self._reference

        async def call() -> Any:
            attached = files(attachment, view)
            if attached:
                return await channel.send(**options, files=attached)
            return await channel.send(**options)

        return str((await persist(call)).id)


def files(attachment: Attachment | None, view: ui.LayoutView) -> list[discord.File]:
    """The picture that `view` shows, as a fresh file: one that was sent before cannot be sent again."""
    if attachment is None or not any(
        isinstance(item, discord.ui.MediaGallery) for item in view.walk_children()
    ):
        return []
    return [Attached(io.BytesIO(attachment.data), attachment.name)]
