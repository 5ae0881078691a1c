"""The cards of a reply: answer first, then its sources with their kind, the buttons, the small print.

A referral or emergency text stands first, plain and whole; where others read along, the short line of `safety.guard` stands for it (F17).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.ui import colours
from bot.ui.actions import button
from bot.ui.card import card, rows, small
from bot.ui.demos import catalogue, demo_buttons
from bot.ui.fit import CARD, COMPONENTS, clip, pages, plain
from bot.ui.words import words
from safety.types import Tier

if TYPE_CHECKING:
    from bot.types import Citation, Reply
    from bot.ui.card import Shown
    from bot.ui.words import Words

SOURCES = 6
"""Sources named on a card; the others are behind the numbers in the text and in /sources."""
PICTURE = "attachment://"
_BEGINNINGS = re.compile(r"(?m)^((?:Dose|Stop if|Leave it out with|Source(?: \d)?|The right way):)")


def reply_cards(reply: Reply, *, public: bool, threads: bool = False) -> list[ui.LayoutView]:
    """The cards of a reply, in order; more than one only where the text is too long for one.

    The last has the buttons; `threads` whether one of them may open a thread.
    """
    said = words(reply.question.locale)
    if public and reply.guarded.short:
        return [_short(reply, said)]
    texts = pages(_dressed(reply.text, reply.exercises[0]) if reply.attachment is not None else reply.text)
    accent = colours.of(reply.guarded, answered=reply.answered)
    cards: list[ui.LayoutView] = [card(ui.TextDisplay(text), accent=accent) for text in texts[:-1]]
    tail = [*_picture(reply), ui.TextDisplay(texts[-1]), *_sources(reply, said)]
    tail += rows(_buttons(reply, said, threads=threads))
    tail += _small_print(reply, said)
    return [fit_card(made) for made in (*cards, card(*tail, accent=accent))]


def fit_card(view: ui.LayoutView) -> ui.LayoutView:
    """Check a finished card against Discord's limits.

    Sources are dropped from the end, one by one, if it is too long; answers and referrals never are. Raises `ValueError` where that does not help, before Discord would refuse it.
    """
    container = next(item for item in view.children if isinstance(item, ui.Container))
    spare = [
        item
        for item in container.children
        if isinstance(item, ui.TextDisplay) and item.content.startswith("-# [")
    ]
    while view.content_length() > CARD and spare:
        lines = spare[-1].content.splitlines()
        if len(lines) > 1:
            spare[-1].content = "\n".join(lines[:-1])
        else:
            container.remove_item(spare.pop())
    if view.content_length() > CARD or view.total_children_count > COMPONENTS:
        raise ValueError(
            f"a card of {view.content_length()} characters and {view.total_children_count} components"
        )
    return view


def _short(reply: Reply, said: Words) -> ui.LayoutView:
    """What may stand in public of a reply that speaks of symptoms."""
    items: list[Shown] = [ui.TextDisplay(reply.guarded.short)]
    if reply.exchange:
        items += rows(
            [button(said("button.details"), "details", reply.exchange, style=discord.ButtonStyle.primary)]
        )
    else:
        items.append(small(said("answer.ask-privately")))
    return fit_card(card(*items, accent=colours.of(reply.guarded)))


def _dressed(text: str, exercise: str) -> str:
    """A demo's words with the exercise's name and the beginnings of lines in bold; not a word more or less."""
    known = catalogue().get(exercise)
    if known is not None:
        text = re.sub(rf"(?m)^({re.escape(known.name)})(?=[.,])", r"**\1**", text, count=1)
    return _BEGINNINGS.sub(r"**\1**", text)


def _picture(reply: Reply) -> list[Shown]:
    """The demo's picture."""
    if reply.attachment is None:
        return []
    gallery: ui.MediaGallery[Any] = ui.MediaGallery()
    gallery.add_item(media=PICTURE + reply.attachment.name, description=clip(reply.attachment.alt, 1024))
    return [gallery]


def _sources(reply: Reply, said: Words) -> list[Shown]:
    """The sources, one line a document, with its kind."""
    if not reply.citations:
        return []
    ordered = sorted(reply.citations, key=lambda one: (one.document, one.number))
    merged = [list(same) for _, same in groupby(ordered, key=lambda one: one.document)]
    merged.sort(key=lambda same: same[0].number)
    lines = [_source(same, said) for same in merged[:SOURCES]]
    return [ui.TextDisplay("\n".join(lines))]


def _source(same: list[Citation], said: Words) -> str:
    """One document with the numbers that cite it."""
    numbers = "".join(f"[{one.number}]" for one in same)
    title, kind = plain(clip(same[0].title, 120)), kind_of(same[0].kind, said)
    link = next((one.source for one in same if one.source and one.source.startswith("https://")), None)
    shown = f"[{title}](<{link}>)" if link and len(link) < 300 and not set(link) & set(" <>)") else title
    return f"-# {numbers} {shown} ({kind})"


def kind_of(kind: str, said: Words) -> str:
    """A document's kind in words."""
    return said.look_up(f"kind.{kind}") or plain(clip(kind.replace("-", " "), 40))


def _buttons(reply: Reply, said: Words, *, threads: bool) -> list[Shown]:
    """What can be done with this reply; nothing where it was not recorded."""
    if not reply.exchange:
        return []
    held = _held(reply)
    made: list[Shown] = []
    if not held:
        made += [button(said("button.helpful"), "helpful", reply.exchange, style=discord.ButtonStyle.success),
                 button(said("button.not-helpful"), "unhelpful", reply.exchange)]  # fmt: skip
    made.append(
        button(said("button.follow-up"), "follow-up", reply.exchange, style=discord.ButtonStyle.primary)
    )
    if not held and reply.attachment is not None:
        made += demo_buttons(reply.exercises[0], said, fault=reply.attachment.name.startswith("fault-"))
    elif not held and reply.exercises:
        made.append(button(said("button.demo"), "demo", reply.exercises[0]))
    if threads and not held:
        made.append(button(said("button.thread"), "thread"))
    if held and reply.case and reply.question.guild:
        made.append(button(said("button.status"), "status", reply.exchange))
        if not reply.assessment.crisis and Tier.REFER <= reply.guarded.tier < Tier.EMERGENCY:
            made.append(button(said("button.appeal"), "appeal", reply.exchange))
    made.append(button(said("button.report"), "report", reply.exchange))
    return made


def _small_print(reply: Reply, said: Words) -> list[Shown]:
    """The last lines: what this is not, and who may read it. A referral speaks for itself."""
    lines = [] if _held(reply) else [said("answer.small-print")]
    if reply.citations:
        lines.append(said("answer.numbers"))
    if reply.case and reply.question.guild:
        lines.append(said("answer.reviewed"))
    if not reply.exchange:
        lines.append(said("answer.unrecorded"))
    return [small("\n".join(lines))] if lines else []


def _held(reply: Reply) -> bool:
    """Whether coaching is on hold: the reply is a referral or a question back, in full or in front."""
    return (
        not reply.assessment.coaching or reply.guarded.action == "replace" or reply.guarded.tier >= Tier.REFER
    )
