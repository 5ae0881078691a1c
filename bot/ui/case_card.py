"""The card of a review case, and its transcript: what a moderator sees. Words of people stand under a spoiler, without markup of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.review import Status
from bot.ui import colours
from bot.ui.actions import button
from bot.ui.card import card, rows, small
from bot.ui.fit import clip, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.review import Case
    from bot.store.casefile import Item
    from bot.store.codec import Place, Written
    from bot.ui.card import Shown
    from bot.ui.words import Words

EXCERPT = 280
RULES = 8


def severity(case: Case, said: Words) -> str:
    """The tier in words."""
    return said("tier.crisis" if case.crisis else f"tier.{case.tier.name.casefold()}")


def case_card(
    case: Case,
    items: Sequence[Item],
    place: Place | None,
    said: Words,
    *,
    console: str = "",
    called: str | None = None,
    now: datetime | None = None,
) -> ui.LayoutView:
    """The card: how urgent, what was written and why it was flagged, what was answered, where it stands, what can be done.

    `called` is the moderator on duty, where the card pings one.
    """
    moment = now or datetime.now(UTC)
    written = next((item.shown.written for item in reversed(items) if item.shown.written), None)
    opened = discord.utils.format_dt(case.opened_at, "R")
    shown: list[Shown] = [
        ui.TextDisplay(f"### {severity(case, said)}\n{said('case.title', id=case.id[-6:], opened=opened)}")
    ]
    if written is not None:
        shown.append(ui.TextDisplay(_evidence(written, said)))
    reports = [item for item in items if item.kind == "report"]
    if reports:
        shown.append(ui.TextDisplay(_reports(reports, said)))
    why = ", ".join(case.rules[:RULES]) or "-"
    shown.append(small(said("case.why", reason=case.reason, rules=why, number=case.exchanges)))
    shown.append(ui.TextDisplay(f"**{state(case, said, moment)}**"))
    if called is not None:
        shown.append(ui.TextDisplay(said("case.called", who=who(called))))
    shown += rows(_buttons(case, said, moment))
    links = _links(case, place, said, console)
    if links or case.status is not Status.RESOLVED:
        skip = [] if case.status is Status.RESOLVED else [button(said("case.skip"), "case-skip", case.id)]
        shown += rows([*links, *skip])
    return card(*shown, accent=colours.of_case(case.tier, crisis=case.crisis))


def state(case: Case, said: Words, now: datetime) -> str:
    """Where a case stands, in words."""
    standing = case.standing(now)
    if standing is Status.RESOLVED:
        outcome = said(f"outcome.{case.outcome.value}") if case.outcome else said("case.closed")
        at = discord.utils.format_dt(case.resolved_at, "R") if case.resolved_at else ""
        return said("case.resolved", by=who(case.resolved_by), outcome=outcome, at=at)
    if standing is Status.CLAIMED and case.lease_until:
        return said("case.claimed", by=who(case.holder), until=discord.utils.format_dt(case.lease_until, "R"))
    line = said("case.escalated" if standing is Status.ESCALATED else "case.open")
    due = discord.utils.format_dt(case.due_at, "R")
    return f"{line} {said('case.overdue' if case.overdue(now) else 'case.due', due=due)}"


def who(moderator: str | None) -> str:
    """A moderator as a mention (which pings nobody: see allowed mentions)."""
    return f"<@{moderator}>" if moderator and moderator.isdigit() else (moderator or "-")


def transcript(items: Sequence[Item], said: Words) -> str:
    """The turns as they are kept, the flagged words bold; reports and notes between them."""
    lines: list[str] = []
    for item in items:
        at = discord.utils.format_dt(item.at, "f")
        lines += [f"-# {said(f'turn.{turn.speaker}')}\n{plain(turn.text)}" for turn in item.shown.turns]
        if item.shown.written is not None:
            lines.append(f"-# {said('turn.person')} {at}\n{marked(item.shown.written)}")
            lines.append(f"-# {said('turn.bot')}\n{plain(item.shown.written.reply)}")
        if item.kind == "report":
            lines.append(
                f"-# {said('turn.report')} {at}: {plain(item.shown.reason)}\n{plain(item.shown.text)}"
            )
        if item.kind == "note":
            lines.append(f"-# {said('turn.note')} {who(item.author)} {at}\n{plain(item.shown.text)}")
    return "\n".join(dict.fromkeys(lines))


def marked(written: Written) -> str:
    """The flagged message with the words bold that the findings name."""
    text = written.question
    found = [
        (one.start, one.end)
        for one in written.assessment.asserted
        if _bare(text[one.start : one.end]) == _bare(one.words)
    ]
    pieces, done = [], 0
    for start, end in sorted(found):
        if start >= done:
            pieces += [plain(text[done:start]), f"**{plain(text[start:end])}**"]
            done = end
    return "".join([*pieces, plain(text[done:])])


def _bare(words: str) -> str:
    """Words as the matcher compares them: small letters and digits. Elsewhere than here a finding belongs to an earlier turn."""
    return "".join(letter for letter in words.casefold() if letter.isalnum())


def _evidence(written: Written, said: Words) -> str:
    """What was written and what the bot said, covered."""
    names = ", ".join(dict.fromkeys(finding.name for finding in written.assessment.asserted))
    lines = [f"**{said('case.wrote')}** ||{plain(clip(written.question, EXCERPT))}||"]
    lines += [f"**{said('case.found')}** ||{plain(clip(names, 200))}||"] if names else []
    lines.append(f"**{said('case.answered')}** ||{plain(clip(written.reply, EXCERPT))}||")
    return "\n".join(lines)


def _reports(reports: Sequence[Item], said: Words) -> str:
    """The last reports on the answer."""
    return "\n".join(
        f"**{said('case.report')}** {plain(item.shown.reason)}"
        + (f" ||{plain(clip(item.shown.text, 200))}||" if item.shown.text else "")
        for item in reports[-3:]
    )


def _buttons(case: Case, said: Words, now: datetime) -> list[Shown]:
    """What a moderator can do with a case."""
    if case.status is Status.RESOLVED:
        return [
            button(said("case.reopen"), "case-reopen", case.id),
            button(said("case.transcript"), "case-transcript", case.id),
        ]
    claimed = case.standing(now) is Status.CLAIMED
    first = (
        button(said("case.release"), "case-release", case.id)
        if claimed
        else button(said("case.claim"), "case-claim", case.id, style=discord.ButtonStyle.primary)
    )
    return [
        first,
        button(said("case.resolve"), "case-resolve", case.id, style=discord.ButtonStyle.success),
        button(
            said("case.escalate"), "case-escalate", case.id, disabled=case.standing(now) is Status.ESCALATED
        ),
        button(said("case.note"), "case-note", case.id),
        button(said("case.transcript"), "case-transcript", case.id),
    ]


def _links(case: Case, place: Place | None, said: Words, console: str) -> list[Shown]:
    """Where it happened, and the case in the console."""
    links: list[Shown] = []
    if place is not None and place.channel:
        url = f"https://discord.com/channels/{case.guild}/{place.channel}"
        url += f"/{place.message}" if place.message.isdigit() else ""
        links.append(ui.Button(label=said("case.jump"), url=url))
    if console:
        links.append(
            ui.Button(label=said("case.console"), url=f"{console}/case/{case.id}?guild={case.guild}")
        )
    return links
