"""`ChatModelAnswerer`: the model phrases, the documents decide. Whatever goes wrong ends in the answer that needs no model."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot import sides
from bot.chat import metrics
from bot.chat.faults import Kind, ModelFault
from bot.chat.grounding import Verdict
from bot.chat.parsing import parse
from bot.chat.prompting import build
from bot.chat.sendable import check
from bot.chat.settings import REWRITING
from bot.chat.writing import Sentence, both, write
from bot.condense import condense
from bot.coverage import covers
from bot.logs import logger
from bot.statements import choose, topical
from bot.types import Draft
from corpus.names import mentioned
from safety.lint import lint
from safety.types import Tier

if TYPE_CHECKING:
    from bot.chat.booked import BookedModel
    from bot.chat.grounding import Grounding
    from bot.chat.model import Written
    from bot.chat.parsing import Said
    from bot.chat.prompting import Prompt
    from bot.chat.settings import ChatSettings
    from bot.chat.writing import Answer
    from bot.sides import Sides
    from bot.types import Answerer, Question
    from corpus.passages import Passage
    from retrieval.search import Results
    from safety.types import Assessment

log = logger("chat")

MOST = 10
"""Passages in a prompt at most."""
LEAST = 2
"""Sentences that must hold where others did not: of less, the answer without a model is the better one."""
LEAST_SECONDS = 0.5
"""Time that has to be left for asking in another form."""
NAMED_IN = 400
"""Characters of an answer in which exercises are looked for."""


class ChatModelAnswerer:
    """An answerer (`bot.types.Answerer`) whose sentences a chat model writes and `Grounding` judges."""

    def __init__(
        self, model: BookedModel, grounding: Grounding, fallback: Answerer, settings: ChatSettings
    ) -> None:
        """`fallback` answers without a model: it also decides what the documents do not cover."""
        self._model = model
        self._grounding = grounding
        self._fallback = fallback
        self._settings = settings

    async def draft(self, question: Question, results: Results, assessment: Assessment) -> Draft:
        """The model's answer as far as it holds, else the answer without a model. Raises ValueError above REFER: nothing there is coached."""
        if not assessment.coaching or assessment.tier >= Tier.URGENT:
            raise ValueError("nothing at URGENT or above, in a crisis or unclear reaches a chat model")
        asked = condense(question.text, question.turns)
        plain = await self._fallback.draft(question, results, assessment)
        if not plain.answered or not covers(asked, results):
            metrics.OUTCOMES.labels("declined").inc()
            return plain
        began = time.monotonic()
        try:
            written = await self._written(question, asked, results, assessment)
        except ModelFault as fault:
            metrics.OUTCOMES.labels(fault.kind.value).inc()
            log.info("chat_fallback", kind=fault.kind.value, id=question.id)
            return plain
        metrics.OUTCOMES.labels("written").inc()
        log.info("chat_written", id=question.id, ms=round((time.monotonic() - began) * 1000))
        return written

    async def _written(
        self, question: Question, asked: str, results: Results, assessment: Assessment
    ) -> Draft:
        """The model's answer. Raises `ModelFault` where it was not asked or too little of what it wrote holds."""
        check([asked], assessment, self._settings)
        found, passages = gather(asked, results)
        prompt, written = await self._asked(question.guild, asked, passages)
        said = parse(written.text)
        if not said:
            raise ModelFault(Kind.UNSUPPORTED)
        kept = await self._kept(said, passages, assessment.tier)
        if not kept or (len(kept) < LEAST and len(kept) < len(said)):
            raise ModelFault(Kind.CUT if written.cut else Kind.UNSUPPORTED)
        answer = _clean(kept, found, assessment.tier)
        names = mentioned(f"{asked}\n{answer.text[:NAMED_IN]}")
        return Draft(
            answer.text,
            tuple(answer.citations),
            disagreement=answer.disagreement,
            exercises=tuple(exercise.id for exercise in names),
            model=self._model.name,
            prompt_version=prompt.version,
        )

    async def _asked(self, guild: str | None, asked: str, passages: list[Passage]) -> tuple[Prompt, Written]:
        """The prompt and what the model made of it; where the provider takes it in a plainer form only, in that. Raises `ModelFault`."""
        deadline = time.monotonic() + self._settings.seconds * (1 - REWRITING)
        while True:
            prompt = build(asked, passages, self._model.form)
            try:
                return prompt, await self._model.ask(guild, prompt, deadline - time.monotonic())
            except ModelFault as fault:
                if not fault.again or time.monotonic() > deadline - LEAST_SECONDS:
                    raise

    async def _kept(self, said: list[Said], passages: list[Passage], tier: Tier) -> list[Sentence]:
        """The sentences that hold, once each, in the model's order."""
        cited = [
            (one.text, [passages[number - 1] for number in one.numbers if 0 < number <= len(passages)])
            for one in said
        ]
        verdicts = await asyncio.to_thread(self._grounding.judge, cited, tier)
        for verdict in verdicts:
            metrics.SENTENCES.labels(verdict.value).inc()
        holding = {
            text: Sentence(text, tuple(sources))
            for (text, sources), verdict in zip(cited, verdicts, strict=True)
            if verdict is Verdict.HOLDS
        }
        return list(holding.values())


def gather(asked: str, results: Results) -> tuple[Sides | None, list[Passage]]:
    """The disagreement that a question touches, if any, and the passages to show: both sides first, then the best."""
    statements = choose(results.hits)
    found = sides.find(asked, statements[: sides.LEADING] + topical(results.hits))
    chosen = [statement.passage for side in (found.sides if found else ()) for statement in side[:2]]
    if found and found.honest:
        chosen.insert(0, found.honest.passage)
    chosen += [statement.passage for statement in statements]
    return found, list({passage.id: passage for passage in chosen}.values())[:MOST]


def _clean(kept: list[Sentence], found: Sides | None, tier: Tier) -> Answer:
    """The answer, without sentences that break a rule of the output lint only beside their neighbours. Raises `ModelFault`."""
    left = both(kept, found) if found else kept
    while left:
        answer = write(left, disagreement=found is not None)
        faults = lint(answer.text, tier)
        if not faults:
            return answer
        bad = [one for one in left if any(one.text in f.sentence or f.sentence in one.text for f in faults)]
        left = [one for one in left if one not in (bad or left[-1:])]
    raise ModelFault(Kind.UNSUPPORTED)
