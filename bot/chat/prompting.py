"""Prompts are files in bot/prompts; strangers' words go in between marks that they cannot guess."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.grounding import sentences_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.passages import Passage
    from safety.types import Turn

HERE = Path(__file__).resolve().parent.parent / "prompts"
MOST = 7
"""Sentences asked for."""
LONGEST_QUESTION = 1000
"""Characters of the question that are sent."""
LONGEST_PASSAGE = 700
"""Characters of a passage that are sent."""
LONGEST_TURN = 400
"""Characters of an earlier message that are sent."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent, and the version of the files it was made from."""

    system: str
    question: str
    version: str
    form: str = "lines"
    """How the answer is wanted: "structured" (JSON by a schema), "lines" or "plain"."""

    @property
    def tokens(self) -> int:
        """A careful guess, for reserving: a token is rarely shorter than three characters of English."""
        return (len(self.system) + len(self.question)) // 3 + 16


@cache
def template(name: str) -> str:
    """The text of one prompt file, without its line on the version."""
    return (HERE / f"{name}.txt").read_text("utf-8").split("\n", 1)[1].strip()


@cache
def version(form: str) -> str:
    """Name and version of the files behind an answer, and a hash of them all: "answer/1+lines/1+question/1+standalone/1:2f6c01aa"."""
    names = ("answer", form, "question", "standalone")
    texts = [(HERE / f"{name}.txt").read_text("utf-8") for name in (*names, "conversation")]
    numbers = [text.split("\n", 1)[0].removeprefix("version:").strip() for text in texts]
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
    listed = "+".join(f"{name}/{number}" for name, number in zip(names, numbers, strict=False))
    return f"{listed}:{digest}"


def build(asked: str, passages: Sequence[Passage], form: str) -> Prompt:
    """The prompt for a question that stands alone and passages numbered from 1; `form` is "structured" or "lines"."""
    fence = _fence(asked, *(passage.text for passage in passages))
    told = "\n\n".join(
        f"<<{fence} passage {number}: {_flat(passage.title, 120)} ({_flat(passage.kind, 40)})>>\n{shown(passage)}"
        for number, passage in enumerate(passages, 1)
    )
    system = f"{template('answer').format(fence=fence, most=MOST)}\n\n{template(form).format()}"
    question = template("question").format(
        fence=fence, passages=told, question=_flat(asked, LONGEST_QUESTION)
    )
    return Prompt(system, question, version(form), form)


def rewriting(text: str, turns: Sequence[Turn]) -> Prompt:
    """The prompt that has a follow-up made to stand alone."""
    fence = _fence(text, *(turn.text for turn in turns))
    told = "\n\n".join(f"<<{fence} {turn.speaker}>>\n{_flat(turn.text, LONGEST_TURN)}" for turn in turns)
    question = template("conversation").format(
        fence=fence, turns=told, question=_flat(text, LONGEST_QUESTION)
    )
    return Prompt(template("standalone").format(fence=fence), question, version("lines"), "plain")


def shown(passage: Passage) -> str:
    """What of a passage is sent: no sentence that speaks to a model."""
    return _flat(" ".join(sentences_of([passage])), LONGEST_PASSAGE)


def _fence(*texts: str) -> str:
    """Eight letters that stand in none of the texts: whoever wrote a passage does not know the question it will be shown with."""
    seed = "\0".join(texts)
    while True:
        fence = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:8]
        if fence not in seed:
            return fence
        seed += fence


def _flat(text: str, longest: int) -> str:
    """One line without control characters and without the signs that marks are made of."""
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    return re.sub(r"\s+", " ", visible.replace("<<", "‹").replace(">>", "›")).strip()[:longest]
