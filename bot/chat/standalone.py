"""Have the model make a follow-up stand alone before anything is searched for. What it adds or drops is noticed; the rule-made one is used then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.chat import metrics
from bot.chat.faults import Kind, ModelFault
from bot.chat.figures import invented
from bot.chat.planted import planted
from bot.chat.polarity import NEGATOR
from bot.chat.prompting import rewriting
from bot.chat.sendable import check
from bot.chat.settings import REWRITING
from bot.condense import TALK, condense, leans
from bot.logs import logger
from retrieval.words import terms
from safety.assess import assess
from safety.types import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.booked import BookedModel
    from bot.chat.settings import ChatSettings
    from bot.types import Question
    from safety.types import Assessment

log = logger("chat")

TURNS = 6
"""Earlier messages that are sent at most."""
LONGEST = 300
"""Characters of a question that stands alone."""
_TALK = frozenset(terms(" ".join(TALK)))


class Condenser:
    """Makes follow-ups stand alone (`bot.types.Condenser`)."""

    def __init__(self, model: BookedModel, settings: ChatSettings) -> None:
        """Ask `model` within its share of the time limit."""
        self._model = model
        self._settings = settings

    def leans(self, question: Question) -> bool:
        """Whether the question needs the turns before it."""
        return leans(question.text) and any(turn.speaker == "person" for turn in question.turns)

    async def standalone(self, question: Question, assessment: Assessment) -> str:
        """The question as the model wrote it where it is the same question, else as the rules of `bot.condense` make it."""
        try:
            text = await self._rewritten(question, assessment)
        except ModelFault as fault:
            metrics.CONDENSED.labels(fault.kind.value).inc()
            log.info("chat_condensed_without", kind=fault.kind.value, id=question.id)
            return condense(question.text, question.turns)
        metrics.CONDENSED.labels("rewritten").inc()
        return text

    async def _rewritten(self, question: Question, assessment: Assessment) -> str:
        """What the model made of the question. Raises `ModelFault`."""
        turns = question.turns[-TURNS:]
        told = [turn.text for turn in turns if turn.speaker == "person"]
        check([*told, question.text], assessment, self._settings)
        prompt = rewriting(question.text, turns)
        written = await self._model.ask(question.guild, prompt, self._settings.seconds * REWRITING)
        lines = [line.strip().strip('"“”') for line in written.text.strip().splitlines()]
        if len(lines) != 1 or written.cut:
            raise ModelFault(Kind.FORMAT)
        if not same(lines[0], question.text, [turn.text for turn in turns]):
            raise ModelFault(Kind.UNSUPPORTED)
        if not _calm(lines[0], assessment):
            raise ModelFault(Kind.URGENT)
        return lines[0]


def same(rewritten: str, text: str, earlier: Sequence[str]) -> bool:
    """Whether `rewritten` asks what `text` asks after `earlier`: no word or figure from elsewhere, none of the question's own lost, the same negations."""
    if (
        not rewritten
        or len(rewritten) > LONGEST
        or planted(rewritten)
        or re.search(r"https?:|www\.|[<>@`]", rewritten)
    ):
        return False
    said, own = frozenset(terms(rewritten)) - _TALK, frozenset(terms(text)) - _TALK
    known = frozenset(stem for one in (text, *earlier) for stem in terms(one))
    if not own <= said or not said <= known or not said:
        return False
    if invented(rewritten, [text, *earlier]):
        return False
    return len(NEGATOR.findall(rewritten)) == len(NEGATOR.findall(text))


def _calm(rewritten: str, assessment: Assessment) -> bool:
    """Whether the new words tell of nothing that the conversation did not: they must not make a question worse, or better, than it was."""
    now, _ = assess([Turn(rewritten)])
    return now.coaching and now.tier <= assessment.tier
