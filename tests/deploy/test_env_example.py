"""`deploy/env.example` and the settings say the same, both ways."""

from __future__ import annotations

import re

import pytest
from where import DEPLOY

from bot.config import PREFIX, Settings

EXAMPLE = (DEPLOY / "env.example").read_text("utf-8")
GIVEN = dict(re.findall(r"^(SPOTTER_[A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))
WANTED = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}


def test_every_setting_is_in_the_example_and_nothing_else():
    assert sorted(GIVEN) == sorted(WANTED)


def test_no_setting_stands_there_twice():
    assert EXAMPLE.count("\nSPOTTER_") == len(GIVEN)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_the_value_shown_is_the_default(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for variable in WANTED:
        monkeypatch.delenv(variable, raising=False)
    field = name.removeprefix(PREFIX).lower()
    default = getattr(Settings(), field)
    monkeypatch.setenv(name, GIVEN[name])
    assert getattr(Settings(), field) == default


@pytest.mark.parametrize("name", sorted(WANTED))
def test_each_setting_has_its_line_of_explanation(name):
    lines = EXAMPLE.splitlines()
    above = lines[next(n for n, line in enumerate(lines) if line.startswith(f"{name}=")) - 1]
    assert above.startswith("# ")
    assert len(above) > 15


def test_the_example_holds_no_secret():
    secret = [name for name, field in WANTED.items() if "Secret" in str(field.annotation)]
    assert len(secret) >= 3
    assert [name for name in secret if GIVEN[name]] == []
