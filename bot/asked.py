"""A question as the path takes it up: storable, with its history, under its key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.types import Opening, Question


def encodable(question: Question) -> Question:
    """The question with halves of surrogate pairs replaced: they can be neither stored nor sent."""
    try:
        question.text.encode()
    except UnicodeEncodeError:
        return replace(question, text=question.text.encode("utf-8", "replace").decode())
    return question


def with_history(question: Question, opening: Opening) -> Question:
    """The question with its earlier turns: those it brought, else those on record; none from before a moderator lifted the tier."""
    turns = question.turns or opening.turns
    if opening.released_at is not None:
        turns = tuple(turn for turn in turns if turn.at is not None and turn.at > opening.released_at)
    return question if turns == question.turns else replace(question, turns=turns)


def conversation_key(question: Question) -> tuple[str | None, str, str]:
    """Under which a conversation's state is remembered in this process."""
    return (question.guild, question.person, question.conversation)
