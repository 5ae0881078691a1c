"""`/mod`: the queue, one case, figures, settings. Shown to those who may time members out; each command asks again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands, ui

from bot.exts.setup import show_setup
from bot.store.queue import Filter
from bot.ui import colours
from bot.ui.actions import action, button
from bot.ui.answer import fit_card
from bot.ui.authority import may_moderate
from bot.ui.card import card, notice, rows, small
from bot.ui.case_card import case_card, severity, state
from bot.ui.cog import Cog
from bot.ui.moderation import manager, moderator
from bot.ui.places import InteractionPlace
from bot.ui.retrying import defer
from bot.ui.words import words

if TYPE_CHECKING:
    from bot.chat.budget import Spent
    from bot.client import Spotter
    from bot.config import Settings
    from bot.review import Case
    from bot.store.statistics import Figures
    from bot.ui.words import Words

LISTED = 8


class Mod(Cog):
    """The moderators' commands."""

    mod = app_commands.Group(
        name="mod",
        description="Review flagged conversations",
        guild_only=True,
        default_permissions=discord.Permissions(moderate_members=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    @mod.command(name="queue", description="The cases that wait, most pressing first")
    @app_commands.describe(show="Which cases")
    async def queue(
        self,
        interaction: discord.Interaction[Spotter],
        show: Literal["open", "mine", "claimed", "escalated", "resolved", "reports"] = "open",
    ) -> None:
        """List cases."""
        await defer(interaction, private=True)
        if await moderator(interaction):
            await self._list(interaction, show)

    @mod.command(name="case", description="One case, with everything that can be done")
    @app_commands.describe(id="The case, or its last six characters")
    @app_commands.rename(id="case")
    async def case(
        self,
        interaction: discord.Interaction[Spotter],
        id: app_commands.Range[str, 4, 40],  # noqa: A002 - the option's name
    ) -> None:
        """Show one."""
        await defer(interaction, private=True)
        if await moderator(interaction):
            await self._show(interaction, await self._find(interaction, id))

    @case.autocomplete("id")
    async def complete(
        self, interaction: discord.Interaction[Spotter], current: str
    ) -> list[app_commands.Choice[str]]:
        """Cases that wait, for those who may see them."""
        settings = await self.client.book.read(interaction.guild_id)
        if not may_moderate(interaction, settings):
            return []
        said = words(interaction.locale)
        cases = await self.client.app.store.queue.cases(
            str(interaction.guild_id), Filter(tab="all"), limit=100
        )
        wanted = [one for one in cases if current.casefold().strip() in one.id]
        return [
            app_commands.Choice(
                name=f"{one.id[-6:]} {severity(one, said)} ({one.status.value})"[:100], value=one.id
            )
            for one in wanted[:25]
        ]

    @mod.command(name="stats", description="How the review is going")
    @app_commands.describe(days="Over how many days")
    async def stats(
        self, interaction: discord.Interaction[Spotter], days: app_commands.Range[int, 1, 365] = 30
    ) -> None:
        """Show figures."""
        await defer(interaction, private=True)
        if not await moderator(interaction):
            return
        guild, store = str(interaction.guild_id), self.client.app.store
        figures, counts, spent = await asyncio.gather(
            store.statistics.figures(guild, days=days),
            store.queue.counts(guild),
            store.spending.spent(guild, datetime.now(UTC).date()),
        )
        said = words(interaction.locale)
        waiting = said("stats.waiting", open=counts.open, escalated=counts.escalated, overdue=counts.overdue)
        text = f"### {said('stats.title', days=days)}\n{waiting}\n{told(figures, said)}"
        chat = self.client.app.settings
        if chat.chat_model:
            text += f"\n{told_of_chat(chat, spent, said)}"
        await InteractionPlace(interaction, public=False).show(fit_card(card(ui.TextDisplay(text[:3900]))))

    @mod.command(name="config", description="Review channel, moderators, target times")
    async def config(self, interaction: discord.Interaction[Spotter]) -> None:
        """Show the settings."""
        await defer(interaction, private=True)
        if await manager(interaction):
            await show_setup(interaction)

    @action("digest-queue", "private")
    async def listed(self, interaction: discord.Interaction[Spotter], _day: str) -> None:
        """List the open cases from a digest."""
        if await moderator(interaction):
            await self._list(interaction, "open")

    @action("case-show", "private")
    async def shown(self, interaction: discord.Interaction[Spotter], case: str) -> None:
        """Show a case from the list."""
        if await moderator(interaction):
            await self._show(interaction, await self._find(interaction, case))

    @action("case-next", "private")
    async def next(self, interaction: discord.Interaction[Spotter]) -> None:
        """Show the case that this moderator should look at next."""
        if await moderator(interaction):
            store, mine = self.client.app.store, str(interaction.user.id)
            await self._show(
                interaction, await store.queue.next(str(interaction.guild_id), mine), "mod.queue-empty"
            )

    async def _find(self, interaction: discord.Interaction[Spotter], wanted: str) -> Case | None:
        """A case by its id or the end of it."""
        guild, store = str(interaction.guild_id), self.client.app.store
        found = await store.cases.case(wanted.strip(), guild)
        if found is not None:
            return found
        listed = await store.queue.cases(guild, Filter(tab="all"), limit=500)
        matching = [one for one in listed if one.id.endswith(wanted.strip().casefold())]
        return matching[0] if len(matching) == 1 else None

    async def _show(
        self, interaction: discord.Interaction[Spotter], case: Case | None, none: str = "mod.no-case"
    ) -> None:
        """Show a case to this moderator; the audit says so."""
        said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
        if case is None:
            await place.say(said(none))
            return
        cases = self.client.app.store.cases
        await cases.seen(case.id, case.guild, str(interaction.user.id))
        items, where = await asyncio.gather(
            cases.evidence(case.id, case.guild), cases.place(case.id, case.guild)
        )
        console = self.client.app.settings.web_public_url
        await place.show(fit_card(case_card(case, items, where, said, console=console)))

    async def _list(
        self,
        interaction: discord.Interaction[Spotter],
        tab: Literal["open", "mine", "claimed", "escalated", "resolved", "reports"],
    ) -> None:
        """Show the head of a tab."""
        store, mine, guild = self.client.app.store, str(interaction.user.id), str(interaction.guild_id)
        cases = await store.queue.cases(
            guild,
            Filter(tab=tab, without_skipped_by=mine if tab == "open" else ""),
            moderator=mine,
            limit=LISTED,
        )
        said, place = words(interaction.locale), InteractionPlace(interaction, public=False)
        if not cases:
            await place.show(notice(said("mod.queue-empty")))
            return
        now = datetime.now(UTC)
        lines = [f"`{one.id[-6:]}` **{severity(one, said)}** {state(one, said, now)}" for one in cases]
        buttons = [button(one.id[-6:], "case-show", one.id) for one in cases[:4]]
        buttons.append(button(said("mod.next"), "case-next", style=discord.ButtonStyle.primary))
        counts = await store.queue.counts(guild, moderator=mine)
        foot = said("stats.waiting", open=counts.open, escalated=counts.escalated, overdue=counts.overdue)
        accent = colours.of_case(cases[0].tier, crisis=cases[0].crisis)
        await place.show(
            fit_card(card(ui.TextDisplay("\n".join(lines)), *rows(buttons), small(foot), accent=accent))
        )


def told(figures: Figures, said: Words) -> str:
    """Figures in lines."""
    lines = [
        said("stats.questions", number=figures.questions, declined=figures.declined),
        said("stats.votes", helpful=figures.helpful, unhelpful=figures.not_helpful),
        said("stats.times", claim=_minutes(figures.median_claim_minutes), resolve=_minutes(figures.median_resolve_minutes),
             late=f"{figures.overdue_share:.0%}"),
    ]  # fmt: skip
    if figures.outcomes:
        lines.append(
            ", ".join(f"{said(f'outcome.{name}')}: {number}" for name, number in figures.outcomes.items())
        )
    if figures.written:
        lines.append(said("stats.written", number=figures.written))
    wolves = [(rule, wrong, of) for rule, (wrong, of) in figures.false_alarms_by_rule.items() if wrong]
    if wolves:
        worst = ", ".join(
            f"{rule} {wrong}/{of}" for rule, wrong, of in sorted(wolves, key=lambda one: -one[1])[:8]
        )
        lines.append(said("stats.wolves", rules=worst))
    if figures.load:
        lines.append(
            said(
                "stats.load",
                load=", ".join(f"<@{who}> {number}" for who, number in list(figures.load.items())[:15]),
            )
        )
    return "\n".join(lines)


def told_of_chat(settings: Settings, spent: Spent, said: Words) -> str:
    """What this server has used of the chat model today, and how much it may."""
    tokens, cost = f"{spent.tokens:,}".replace(",", "\u202f"), f"{spent.cost:.2f}"
    if settings.chat_daily_tokens:
        most = f"{settings.chat_daily_tokens:,}".replace(",", "\u202f")
        tokens = said("stats.chat-of", spent=tokens, most=most)
    if settings.chat_daily_cost:
        cost = said("stats.chat-of", spent=cost, most=f"{settings.chat_daily_cost:.2f}")
    return said("stats.chat", model=settings.chat_model, requests=spent.requests, tokens=tokens, cost=cost)


def _minutes(value: float | None) -> str:
    """Minutes, or a dash where nothing was measured."""
    return "-" if value is None else f"{value:.0f} min"


async def setup(client: Spotter) -> None:
    """Add the cog."""
    await client.add_cog(Mod(client))
