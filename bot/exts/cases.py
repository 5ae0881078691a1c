"""The buttons of a review card: claim, resolve, escalate, note, transcript, skip. Each asks again whether the one who pressed may."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.guild import quiet
from bot.review import DECISIONS, REASONS, Outcome, Refused, Stale
from bot.ui.actions import action
from bot.ui.card import card, notice
from bot.ui.case_card import transcript
from bot.ui.cog import Cog
from bot.ui.modals import choice, entered, modal, text
from bot.ui.moderation import moderator
from bot.ui.places import InteractionPlace
from bot.ui.retrying import ask_back, persist
from bot.ui.snowflakes import Attached, pinging
from bot.ui.words import words
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.client import Spotter

OPEN_TEXT = 3600
"""Characters of a transcript on a card; longer ones come as a file."""


class Cases(Cog):
    """Works on cases."""

    @action("case-claim", "private")
    async def claim(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Take a case, for ten minutes from the last activity."""
        guild, mine = str(interaction.guild_id), str(interaction.user.id)
        await self._change(interaction, self.client.app.store.cases.claim(case, guild, mine), "mod.claimed")

    @action("case-release", "private")
    async def release(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Give a case back."""
        guild, mine = str(interaction.guild_id), str(interaction.user.id)
        await self._change(
            interaction, self.client.app.store.cases.release(case, guild, mine), "mod.released"
        )

    @action("case-reopen", "private")
    async def reopen(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Open a resolved case again."""
        guild, mine = str(interaction.guild_id), str(interaction.user.id)
        await self._change(interaction, self.client.app.store.cases.reopen(case, guild, mine), "mod.reopened")

    @action("case-skip", "private")
    async def skip(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Leave a case to the others."""
        guild, mine = str(interaction.guild_id), str(interaction.user.id)
        await self._change(interaction, self.client.app.store.cases.skip(case, guild, mine), "mod.skipped")

    @action("case-escalate", "private")
    async def escalate(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Hand a case up, and ping the one role for it."""
        guild, mine = str(interaction.guild_id), str(interaction.user.id)
        work = self.client.app.store.cases.escalate(case, guild, mine)
        if await self._change(interaction, work, "mod.escalated"):
            await self._ping(interaction, case)

    @action("case-resolve", "own")
    async def resolve(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Ask for the decision."""
        if not await moderator(interaction):
            return
        said = words(interaction.locale)
        outcomes = {one.value: said(f"outcome.{one.value}") for one in DECISIONS}
        tiers = {"": said("mod.tier-stays")} | {
            tier.name: said(f"tier.{tier.name.casefold()}") for tier in Tier
        }
        tiers["SAME"] = tiers.pop("")
        fields = [
            choice("outcome", said("mod.outcome"), outcomes),
            choice("tier", said("mod.tier"), tiers, hint=said("mod.tier-hint"), required=False),
            choice(
                "reason",
                said("mod.reason"),
                {one: said(f"reason.{one}") for one in REASONS},
                hint=said("mod.reason-hint"),
                required=False,
            ),
            text("note", said("mod.note"), required=False, longest=500),
        ]
        await ask_back(interaction, modal(said("mod.resolve-title"), "case-resolved", case, fields=fields))

    @action("case-resolved", "private")
    async def resolved(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Decide the case."""
        given = entered(interaction)
        tier = given.get("tier", "")
        work = self.client.app.store.cases.resolve(
            case,
            str(interaction.guild_id),
            str(interaction.user.id),
            Outcome(given.get("outcome", "")),
            note=given.get("note", ""),
            corrected=Tier[tier] if tier in Tier.__members__ else None,
            reason=given.get("reason", ""),
        )
        await self._change(interaction, work, "mod.resolved")

    @action("case-note", "own")
    async def note(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Ask for a note."""
        if await moderator(interaction):
            said = words(interaction.locale)
            await ask_back(
                interaction,
                modal(
                    said("mod.note"), "case-noted", case, fields=[text("note", said("mod.note"), longest=500)]
                ),
            )

    @action("case-noted", "private")
    async def noted(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Keep the note."""
        guild, mine, note = (
            str(interaction.guild_id),
            str(interaction.user.id),
            entered(interaction).get("note", ""),
        )
        await self._change(
            interaction, self.client.app.store.cases.note(case, guild, mine, note), "mod.noted"
        )

    @action("case-transcript", "private")
    async def transcript(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Show the conversation as it is kept, to this moderator alone; the audit says so."""
        if not await moderator(interaction):
            return
        said, cases, guild = words(interaction.locale), self.client.app.store.cases, str(interaction.guild_id)
        place = InteractionPlace(interaction, public=False)
        if await cases.case(case, guild) is None:
            await place.say(said("mod.no-case"))
            return
        await cases.seen(case, guild, str(interaction.user.id), revealed=True)
        shown = transcript(await cases.evidence(case, guild), said)
        if len(shown) <= OPEN_TEXT:
            await place.show(notice(f"### {said('mod.transcript', id=case[-6:])}\n{shown}"))
            return

        async def call() -> object:
            view = card(
                ui.TextDisplay(said("mod.transcript", id=case[-6:])), ui.File("attachment://transcript.md")
            )
            attached = Attached(io.BytesIO(shown.encode()), "transcript.md")
            return await interaction.edit_original_response(view=view, attachments=[attached])

        await persist(call)

    async def _change(
        self, interaction: discord.Interaction[Spotter], work: Awaitable[object], done: str
    ) -> bool:
        """Do something to a case, if this person may, and say what became of it."""
        said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
        if not await moderator(interaction):
            getattr(work, "close", lambda: None)()
            return False
        try:
            await work
        except Stale:
            await place.say(said("mod.stale"))
        except Refused as refused:
            await place.say(said("mod.refused", why=str(refused)))
        except (KeyError, ValueError):
            await place.say(said("mod.no-case"))
        else:
            await place.say(said(done))
            self.client.wake()
            return True
        self.client.wake()
        return False

    async def _ping(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Call the one role that escalations are for; in quiet hours without a ping."""
        settings = await self.client.book.read(interaction.guild_id)
        room = self.client.get_channel(int(settings.review_channel or 0))
        if settings.senior_role is None or not isinstance(room, discord.TextChannel | discord.Thread):
            return
        pinged = [] if quiet(settings.quiet_hours, datetime.now(UTC).hour) else [settings.senior_role]
        said = words(
            settings.language or (interaction.guild_locale.value if interaction.guild_locale else "en")
        )
        line = said(
            "mod.escalation", role=f"<@&{settings.senior_role}>", id=case[-6:], by=interaction.user.mention
        )
        mentions = pinging(roles=pinged)
        await persist(
            lambda: room.send(view=notice(line), allowed_mentions=mentions, nonce=f"up{interaction.id}")
        )


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Cases(client))
