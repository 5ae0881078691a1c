"""Logs carry ids and figures, never what people wrote."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from bot import logs


@pytest.fixture
def lines():
    """Configure logging into a list of parsed lines; put everything back afterwards."""
    out, root, level = io.StringIO(), logging.getLogger().handlers[:], logging.getLogger().level
    logs.configure("info", "json", out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = root
    logging.getLogger().setLevel(level)


@pytest.mark.parametrize("key", ["text", "question", "reply", "content", "token", "person"])
def test_forbidden_keys_are_emptied_and_named(lines, key):
    logs.logger("t").info("asked", **{key: "my foot is numb", "exchange": "x1"})
    (line,) = lines()
    assert (line[key], line["withheld"], line["exchange"]) == ("[withheld]", [key], "x1")


def test_values_too_long_to_be_an_id_are_emptied(lines):
    logs.logger("t").info("asked", place="a" * 300)
    assert lines()[0]["place"] == "[withheld]"


def test_an_exception_is_its_type_and_its_places_without_its_words(lines):
    try:
        int("my foot is numb")
    except ValueError as error:
        logs.logger("t").error("failed", exc_info=error)
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["stack"]
    assert "numb" not in json.dumps(line)
