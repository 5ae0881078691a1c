"""What a moderator sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.review import Case, Outcome, claim, resolve
from bot.store.casefile import Item
from bot.store.codec import Place, Shown, Written
from bot.ui.case_card import case_card, marked, transcript
from bot.ui.words import words
from safety.assess import assess
from safety.types import Tier, Turn

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEXT = "I can't feel my saddle area @everyone ||spoiler|| and both legs are weak"


def written(text=TEXT):
    assessment, _ = assess((Turn(text),))
    return Written(text, "Go now.", assessment)


def case(**more):
    return Case(
        "c" * 20, "9", "tier", Tier.EMERGENCY, NOW, NOW + timedelta(minutes=15), rules=("E1",), **more
    )


def items():
    return [Item("i", "exchange", NOW, "p", "x", Shown(written=written()))]


def texts(view):
    return "\n".join(item.content for item in view.walk_children() if hasattr(item, "content"))


def labels(view):
    return [
        getattr(item, "label", None) or getattr(getattr(item, "item", None), "label", "")
        for item in view.walk_children()
    ]


def test_the_words_are_covered_and_cannot_uncover_themselves():
    text = texts(case_card(case(), items(), None, words("en"), now=NOW))
    assert "||I can't feel my saddle area" in text
    assert "\\|\\|spoiler\\|\\|" in text
    assert "@everyone" not in text
    assert text.startswith("### Emergency")


def test_the_flagged_words_are_bold():
    assert "**can't feel my saddle**" in marked(written())
    both = marked(written("I can't feel my saddle area and both legs are weak"))
    assert "**can't feel my saddle**" in both
    assert "**legs are weak**" in both


def test_a_claimed_case_can_be_given_back_and_a_resolved_one_reopened():
    held = claim(case(), "77", NOW)
    assert "Give back" in labels(case_card(held, items(), None, words("en"), now=NOW))
    done = resolve(held, "77", Outcome.FALSE_ALARM, NOW, reason="joke")
    view = case_card(done, items(), None, words("en"), now=NOW)
    assert {"Reopen", "Transcript"} <= set(labels(view))
    assert "Claim" not in labels(view)
    assert "False alarm" in texts(view)


def test_overdue_is_said():
    assert "Overdue" in texts(case_card(case(), items(), None, words("en"), now=NOW + timedelta(hours=1)))


def test_links_lead_to_the_message_and_the_console():
    view = case_card(
        case(), items(), Place("1", "5", "6"), words("en"), console="https://c.example.org", now=NOW
    )
    urls = [item.url for item in view.walk_children() if getattr(item, "url", None)]
    assert urls == ["https://discord.com/channels/9/5/6", f"https://c.example.org/case/{'c' * 20}?guild=9"]


def test_the_transcript_holds_turns_reports_and_notes_once():
    report = Item("r", "report", NOW, "p", "x", Shown(text="too heavy", reason="unsafe"))
    note = Item("n", "note", NOW, "77", None, Shown(text="called them"))
    shown = transcript([*items(), *items(), report, note], words("en"))
    assert shown.count("Go now.") == 1
    assert "unsafe" in shown
    assert "called them" in shown
