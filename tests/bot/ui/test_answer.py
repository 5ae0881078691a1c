"""The cards of a reply hold to Discord's limits and never cut a referral or a citation."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.types import Attachment, Citation, Question, Reply
from bot.ui.answer import fit_card, reply_cards
from bot.ui.card import card, notice
from safety.assess import assess
from safety.guard import guard, refer
from safety.types import Assessment, Turn


def reply(text="Keep the bar close [1].", citations=1, **more) -> Reply:
    question = Question("How do I hinge?", "1", "c", "q", guild="9", locale="en-US", surface="slash")
    sources = tuple(
        Citation(
            n, f"d{n}", f"Title {n} *bold* @everyone", "clinic blog", f"p{n}", "…", f"https://example.org/{n}"
        )
        for n in range(1, citations + 1)
    )
    assessment = Assessment()
    made = Reply(
        guard(question.text, text, assessment), question, assessment, exchange="x" * 20, citations=sources
    )
    return replace(made, **more)


def texts(view):
    return [item.content for item in view.walk_children() if hasattr(item, "content")]


def labels(view):
    return [item.item.label for item in view.walk_children() if hasattr(item, "item")]


def test_the_answer_comes_first_and_the_small_print_last():
    (view,) = reply_cards(reply(), public=False)
    shown = texts(view)
    assert shown[0].startswith("Keep the bar close")
    assert "not medical advice" in shown[-1]
    assert "numbers name the sources" in shown[-1]
    assert "clinic's blog" in shown[1]
    assert "@everyone" not in "".join(shown)


@pytest.mark.parametrize("sentences", [1, 60, 200, 600])
@pytest.mark.parametrize("citations", [0, 1, 6, 24])
def test_any_length_fits_and_loses_nothing(sentences, citations):
    text = " ".join(f"Sentence {n} about the hinge [{n % 24 + 1}]." for n in range(sentences))
    made = reply(text, citations)
    views = reply_cards(made, public=False)
    for view in views:
        assert view.content_length() <= 4000
        assert view.total_children_count <= 40
    whole = "".join("".join(part for part in texts(view) if not part.startswith("-# ")) for view in views)
    assert re.sub(r"\s", "", made.text) in re.sub(r"\s", "", whole)


def test_a_referral_stands_whole_first_and_without_coaching_buttons():
    assessment, _ = assess((Turn("my groin is numb and I cannot pee"),))
    made = replace(reply(), guarded=refer(assessment), assessment=assessment, citations=(), case="case")
    (view,) = reply_cards(made, public=False)
    assert texts(view)[0] == made.text
    assert not {"Helpful", "Show demo", "A clinician has seen me"} & set(labels(view))
    assert "Report" in labels(view)


def test_in_public_the_short_line_stands_for_it():
    assessment, _ = assess((Turn("my groin is numb and I cannot pee"),))
    made = replace(reply(), guarded=refer(assessment), assessment=assessment, citations=())
    (view,) = reply_cards(made, public=True)
    assert texts(view) == [made.guarded.short]
    assert labels(view) == ["Show me the details privately"]
    (unrecorded,) = reply_cards(replace(made, exchange=""), public=True)
    assert labels(unrecorded) == []


def test_an_unrecorded_answer_has_no_buttons_and_says_so():
    (view,) = reply_cards(reply(exchange=""), public=False)
    assert labels(view) == []
    assert "could not be recorded" in texts(view)[-1]


def test_a_card_that_cannot_fit_is_refused_before_discord_does():
    from discord import ui

    with pytest.raises(ValueError, match="characters"):
        fit_card(card(ui.TextDisplay("a" * 3000), ui.TextDisplay("b" * 3000)))
    assert notice("x" * 5000).content_length() == 4000


def test_a_demo_s_name_and_labels_stand_out_and_no_word_changes():
    words = "Cat-cow. Round and hollow the back.\n1. Slowly.\nDose: 5 to 8 (common practice).\nStop if: pain."
    shown = Attachment("demo-cat-cow.webp", b"x", "alt")
    (view,) = reply_cards(reply(words, 0, attachment=shown, exercises=("cat-cow",)), public=False)
    text = texts(view)[0]
    assert text.startswith("**Cat-cow**. Round")
    assert "\n**Dose:** 5 to 8" in text
    assert text.replace("**", "") == words
