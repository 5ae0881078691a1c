"""Every language has every line, with the same places to fill in, short enough for where it stands."""

from __future__ import annotations

import string
import tomllib

import pytest

from bot.ui.words import FOLDER, LANGUAGES, language_of, words

OTHERS = [name for name in LANGUAGES if name != "en"]


def lines(language):
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return {
        (section, key): text
        for section, found in table.items()
        if section != "commands"
        for key, text in found.items()
    }


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_no_line_is_missing_and_none_is_left_over(language):
    assert set(lines(language)) == set(lines("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_places_are_filled_in(language):
    english = lines("en")
    wrong = {
        key
        for key, text in lines(language).items()
        if key in english and places(text) != places(english[key])
    }
    assert wrong == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_fit_where_they_stand(language):
    for (section, key), text in lines(language).items():
        if section == "button":
            assert len(text) <= 38, (key, text)
        if key == "label" or (section, key) in {
            ("vote", "reason"),
            ("report", "reason"),
            ("report", "note"),
            ("mod", "tier"),
        }:
            assert len(text) <= 45, (section, key, text)
        if section == "setup" and key.startswith("time-"):
            assert len(text) <= 45, (key, text)
        if key.endswith("hint"):
            assert len(text) <= 100, (key, text)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en-GB", "en"),
        ("es-419", "es-ES"),
        ("pt-BR", "pt-BR"),
        ("de", "de"),
        ("fr", "fr"),
        ("ja", "en"),
        (None, "en"),
    ],
)
def test_a_locale_of_discords_finds_its_language(locale, language):
    assert language_of(locale) == language
    assert words(locale).language == language


def test_a_line_that_nobody_wrote_is_an_error():
    with pytest.raises(KeyError):
        words("de")("no.such-line")
