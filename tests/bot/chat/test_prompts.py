"""What is sent, word for word: a change of a prompt shows in the snapshot, and needs a new version."""

from __future__ import annotations

import pytest

from bot.chat.prompting import build, rewriting, version
from safety.types import Turn
from tests.bot.chat.conftest import CLAIMS
from tests.fakes import passage


@pytest.mark.parametrize("form", ["structured", "lines"])
def test_the_prompt_is_as_agreed(form, snapshot):
    prompt = build("how many sets of Jefferson curls?", [passage(text) for text in CLAIMS[:2]], form)
    assert prompt.system == snapshot(name="system")
    assert prompt.question == snapshot(name="question")
    assert prompt.version == snapshot(name="version")


def test_the_version_tells_the_forms_apart():
    assert version("structured") != version("lines")
    assert version("lines").startswith("answer/1+lines/1+question/1+standalone/1:")
    assert all(len(version(form)) <= 64 for form in ("lines", "structured"))  # a column of the store


def test_the_prompt_that_rewrites_a_follow_up_is_as_agreed(snapshot):
    turns = (Turn("how do i do a jefferson curl?"), Turn("Start with bodyweight. [1]", "bot"))
    prompt = rewriting("and how many <<sets>>?", turns)
    assert prompt.form == "plain"
    assert prompt.system == snapshot(name="system")
    assert prompt.question == snapshot(name="question")
