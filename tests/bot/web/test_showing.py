"""Pure parts of the pages: spans of time, marks, excerpts, differences, charts, choices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.review import Case
from bot.store.statistics import Figures
from bot.web import ages, charts, looks
from bot.web.comparing import compare
from bot.web.excerpt import masked
from bot.web.limits import Limit
from bot.web.marking import Span, harmless, pieces, same_words
from safety.types import Tier

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "under 1 min"),
        (12, "12 min"),
        (60, "1 h"),
        (65, "1 h 5 min"),
        (900, "15 h"),
        (1440, "1 d"),
        (1500, "1 d 1 h"),
        (12000, "8 d"),
    ],
)
def test_spans_of_time_in_words(minutes, words):
    assert words == ages.span(timedelta(minutes=minutes))


def test_a_case_is_overdue_soon_or_fine():
    def case(minutes: float) -> Case:
        opened = NOW - timedelta(minutes=minutes)
        return Case("c", "A", "tier", Tier.EMERGENCY, opened, opened + timedelta(minutes=15))

    assert [(due.words, due.state) for due in (ages.due(case(m), NOW) for m in (27, 12, 1))] == [
        ("overdue 12 min", "overdue"),
        ("due in 3 min", "soon"),
        ("due in 14 min", "fine"),
    ]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_marks_never_lose_or_add_a_character(text, spans):
    cut = pieces(text, [Span(start, end, n, True) for n, (start, end) in enumerate(spans)])
    assert harmless(text) == "".join(piece.text for piece in cut)


def test_overlapping_marks_carry_both_numbers():
    cut = pieces("numb foot drop", [Span(0, 9, 1, True), Span(5, 14, 2, False)])
    assert [(piece.text, piece.numbers) for piece in cut] == [
        ("numb ", (1,)),
        ("foot", (1, 2)),
        (" drop", (2,)),
    ]


def test_words_match_across_normalisation():
    assert same_words("haven't been able to pee", "havent been able to pee")
    assert not same_words("I squat on mondays", "saddle numbness")
    assert not same_words("", "numb")


def test_characters_that_reorder_text_are_shown_for_what_they_are():
    assert harmless("\u202eabc\u2066\n\t") == "\N{REPLACEMENT CHARACTER}abc\N{REPLACEMENT CHARACTER}\n\t"


def test_masks():
    assert (
        masked("see https://a.b/c <@123> x.y@z.org +44 7700 900123, 3x5")
        == "see [link] [name] [address] [number], 3x5"
    )


def test_differences_word_by_word_and_whole():
    parts = compare("push on and add weight", "stop and add no weight").parts
    assert "".join(part.text for part in parts if part.kind != "new") == "push on and add weight"
    assert "".join(part.text for part in parts if part.kind != "gone") == "stop and add no weight"
    assert compare("push on", "Go to an emergency department now.").parts == ()


def test_a_draft_with_words_put_in_front_of_it_counts_as_kept():
    sent = "This could involve a nerve, and I can't judge that from text. " * 5 + "Widen your grip."
    parts = compare("Widen your grip.", sent).parts
    assert [part.kind for part in parts] == ["new", "same"]


def test_the_chart_of_days_adds_up():
    figures = Figures(
        NOW,
        {"2026-03-01": {"URGENT": 2, "CRISIS": 1}, "2026-02-27": {"REFER": 4}},
        None,
        None,
        None,
        None,
        0,
        {},
        {},
        {},
        0,
        0,
        0,
        0,
    )
    chart = charts.days(figures, date(2026, 3, 1), 7)
    assert (len(chart.days), chart.total, [one.word for one in chart.scale]) == (
        7,
        7,
        ["Crisis", "Urgent", "Refer"],
    )
    for day in chart.days:
        for block in day.blocks:
            assert 0 <= block.x < block.x + block.width <= 100
            assert 0 <= block.y < block.y + block.height <= charts.HEIGHT


@given(
    st.dictionaries(
        st.text(max_size=10),
        st.recursive(st.none() | st.booleans() | st.text(max_size=5), st.lists, max_leaves=4),
    )
)
def test_choices_out_of_anything_make_sense(found):
    chosen = looks.checked(found)
    assert chosen.theme in looks.THEMES
    assert chosen.cover in looks.COVERS
    assert len(set(chosen.bindings.values())) == len(chosen.bindings)


def test_a_limit_forgets_after_its_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("bot.web.limits.time.monotonic", lambda: now[0])
    limit = Limit(2, 10)
    assert [limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")] == [True, True, False, True]
    now[0] = 10.0
    assert limit.take("a")
