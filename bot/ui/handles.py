"""What it takes to answer a question after a crash: where the reply goes, and what was asked. Kept sealed, and only until the reply is out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from bot.types import Question


@dataclass(frozen=True, slots=True)
class Handle:
    """One question under way."""

    kind: Literal["message", "interaction"]
    person: str
    public: bool
    channel: int = 0
    message: int = 0
    """The message that asked; 0 for an interaction."""
    token: str = ""
    """The interaction's."""
    text: str = ""
    """What was asked; empty where asking again cannot bring back what was wanted (a demo's picture)."""
    conversation: str = ""
    locale: str = "en"
    surface: Any = "slash"
    about: str = ""

    @classmethod
    def read(cls, written: str) -> Handle:
        """The handle as `with_handle` wrote it. Raises `ValueError`, `TypeError` for anything else."""
        return cls(**json.loads(written))

    def question(self, ident: str, guild: str | None) -> Question:
        """The question as it was asked; without a handle, because it is claimed already."""
        return Question(
            text=self.text,
            person=self.person,
            conversation=self.conversation,
            id=ident,
            guild=guild,
            channel=str(self.channel) if self.channel else None,
            locale=self.locale,
            surface=self.surface,
            public=self.public,
            message=self.about,
        )


def with_handle(question: Question, *, token: str = "", again: bool = True) -> Question:
    """`question`, to be answered by the interaction of `token`, else in reply to the message that it is.

    Without `again` its words are not kept: after a crash there is an apology instead of an answer.
    """
    handle = Handle(
        kind="interaction" if token else "message",
        person=question.person,
        public=question.public,
        channel=int(question.channel or 0),
        message=0 if token else int(question.id),
        token=token,
        text=question.text if again else "",
        conversation=question.conversation,
        locale=question.locale,
        surface=question.surface,
        about=question.message,
    )
    return replace(question, handle=json.dumps(asdict(handle)))
