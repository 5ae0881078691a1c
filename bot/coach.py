"""THE path of a question: assess, retrieve, draft, guard, record. Read `Coach.respond` and you have read Spotter.

The broad `except`s here are the ones of the failure table in deploy/decisions: the safety layer (closed), retriever and answerer (fall
back), the store (the reply still goes out).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import metrics
from bot.condense import condense
from bot.flags import reason_to_flag
from bot.ids import new_id
from bot.logs import logger
from bot.outbox import Outbox
from bot.showing import demo_words, gated
from bot.stages import Stages
from bot.types import Draft, Duplicate, Exchange, Opening, Question, Reply
from safety.assess import assess
from safety.guard import Guarded, closed, guard, refer
from safety.types import Assessment, State, Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.types import Answerer, Attachment, ExchangeStore, Retriever
    from corpus.exercises import Exercise
    from retrieval.search import Results

log = logger("coach")

NOTHING = "I have nothing reliable on that in my documents right now. Please try again in a moment."
"""What is drafted when retrieval and answering both fail."""

REMEMBERED = 4096
"""Question ids remembered in this process, so that a duplicate is noticed even while the store fails."""


class Coach:
    """Answers questions and shows demos. Built once, by `bot.app`."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        answerer: Answerer,
        fallback: Answerer,
        store: ExchangeStore,
        scope: Callable[[str | None], str | None] = lambda _guild: None,
        answer_seconds: float = 12.0,
        store_seconds: float = 3.0,
    ) -> None:
        """`fallback` answers when `answerer` fails or takes longer than `answer_seconds`; `scope` names a guild's own documents."""
        self._retriever = retriever
        self._answerer = answerer
        self._fallback = fallback
        self._store = store
        self._scope = scope
        self._answer_seconds = answer_seconds
        self._store_seconds = store_seconds
        # one thread: the embedding runs on one core, and two at once were measured 5 to 30 times slower than one after the other
        self._worker = ThreadPoolExecutor(1, "spotter-retrieval")
        self._seen: dict[tuple[str | None, str], None] = {}
        self.outbox = Outbox(store)

    async def respond(self, question: Question) -> Reply:
        """Answer a question. Raises `Duplicate` for one that was taken up before; never fails otherwise."""
        stages = Stages()
        opening, vector = await asyncio.gather(
            self._begin(question, stages), self._embed(question.text, stages)
        )
        question = _with_history(question, opening)
        with stages.stage("assess"):
            assessment, state = self._assess(question, opening.state, vector)
        if assessment.coaching:
            draft = await self._draft(question, assessment, vector, stages)
        else:
            draft = None
        with stages.stage("guard"):
            guarded = self._guard(question, draft, assessment)
        return await self._keep(question, assessment, state, opening, draft, guarded, stages)

    async def show(
        self, exercise: Exercise, question: Question, render: Callable[[Exercise], Attachment]
    ) -> Reply:
        """Show a demo. What was typed is assessed like any question, and the person's sticky tier gates the exercise (rule F9).
        `render` draws it, in a thread. Raises `Duplicate`."""
        stages = Stages()
        opening, vector = await asyncio.gather(
            self._begin(question, stages), self._embed(question.text, stages)
        )
        question = _with_history(question, opening)
        with stages.stage("assess"):
            assessment, state = self._assess(question, opening.state, vector)
        draft = (
            Draft(demo_words(exercise, assessment.tier), exercises=(exercise.id,))
            if assessment.coaching
            else None
        )
        with stages.stage("guard"):
            guarded = self._guard(question, draft, assessment, kind="demo")
        attachment = None
        if draft is not None and guarded.action != "replace" and not gated(exercise, assessment.tier):
            with stages.stage("render"):
                attachment = await asyncio.to_thread(render, exercise)
        reply = await self._keep(question, assessment, state, opening, draft, guarded, stages)
        return replace(reply, attachment=attachment)

    async def recall(self, exchange: str, guild: str | None, person: str) -> Reply | None:
        """The reply of an earlier exchange of this person, guarded again; None when it has expired or is not theirs."""
        kept = await asyncio.wait_for(self._store.recall(exchange, guild, person), self._store_seconds)
        if kept is None:
            return None
        question = Question(
            kept.question,
            person,
            "",
            kept.id,
            guild=guild,
            channel=kept.channel,
            locale=kept.locale,
            at=kept.at,
        )
        draft = Draft(
            kept.draft or kept.reply, kept.citations, kept.answered, kept.disagreement, kept.exercises
        )
        guarded = self._guard(question, draft if kept.assessment.coaching else None, kept.assessment)
        return _reply(guarded, question, kept.assessment, draft, kept.id, kept.case, Stages())

    async def close(self) -> None:
        """Finish: one last try for what was not recorded, then let the thread go."""
        await self.outbox.flush()
        self._worker.shutdown(wait=False, cancel_futures=True)

    # -- stages ----------------------------------------------------------------------------------------------------------------------

    async def _begin(self, question: Question, stages: Stages) -> Opening:
        """Claim the question's id and read what is known of its conversation."""
        key = (question.guild, question.id)
        if key in self._seen:
            metrics.DUPLICATES.inc()
            raise Duplicate(question.id)
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        with stages.stage("begin"):
            try:
                opening = await asyncio.wait_for(self._store.begin(question), self._store_seconds)
            except Exception as error:  # edge: the store
                _fault("store", question, error)
                return Opening()
        if opening.duplicate:
            metrics.DUPLICATES.inc()
            raise Duplicate(question.id)
        return opening

    async def _embed(self, text: str, stages: Stages) -> Any:
        """The one embedding of the question, for the safety layer and the search; None when it fails (rules alone then stand)."""
        with stages.stage("embed"):
            try:
                return await self._in_worker(self._retriever.vector, text)
            except Exception as error:  # edge: the retriever
                _fault("embed", None, error)
                return None

    def _assess(self, question: Question, state: State | None, vector: Any) -> tuple[Assessment, State]:
        """What the safety layer makes of it. If the layer itself fails, nothing is coached and a referral goes out."""
        turns = (*question.turns, Turn(question.text, "person", question.at))
        try:
            return assess(turns, state=state, vector=vector, now=question.at)
        except Exception as error:  # edge: assess fails closed
            _fault("assess", question, error)
            return Assessment(failed=True, language=question.locale[:2]), state or State(since=question.at)

    async def _draft(self, question: Question, assessment: Assessment, vector: Any, stages: Stages) -> Draft:
        """Retrieve and answer; the extractive answer from the same hits if that fails, an honest line if nothing works."""
        try:
            with stages.stage("retrieve"):
                results = await self._search(question, assessment, vector)
        except Exception as error:  # edge: the retriever
            _fault("retrieve", question, error)
            return Draft(NOTHING, answered=False, model="none")
        with stages.stage("draft"):
            try:
                return await asyncio.wait_for(
                    self._answerer.draft(question, results, assessment), self._answer_seconds
                )
            except Exception as error:  # edge: the answerer, its time limit or its refusal
                _fault("draft", question, error)
            try:
                return await self._fallback.draft(question, results, assessment)
            except Exception as error:  # edge: the fallback
                _fault("fallback", question, error)
                return Draft(NOTHING, answered=False, model="none")

    async def _search(self, question: Question, assessment: Assessment, vector: Any) -> Results:
        """Hits for the question, made to stand alone where it leans on earlier turns (then with a vector of its own)."""
        asked = condense(question.text, question.turns)
        return await asyncio.wait_for(
            self._in_worker(
                lambda: self._retriever.search(
                    asked,
                    vector=vector if asked == question.text else None,
                    k=HITS,
                    tier=int(assessment.tier),
                    scope=self._scope(question.guild),
                )
            ),
            self._answer_seconds,
        )

    def _guard(
        self, question: Question, draft: Draft | None, assessment: Assessment, *, kind: Any = "answer"
    ) -> Guarded:
        """Pass, amend or replace. Without a draft: the referral. If the guard itself fails, its closed text."""
        try:
            if assessment.failed:
                return closed(assessment.language)
            return guard(question.text, draft.text, assessment, kind=kind) if draft else refer(assessment)
        except Exception as error:  # edge: the guard fails closed
            _fault("guard", question, error)
            return closed(assessment.language)

    async def _keep(
        self,
        question: Question,
        assessment: Assessment,
        state: State,
        opening: Opening,
        draft: Draft | None,
        guarded: Guarded,
        stages: Stages,
    ) -> Reply:
        """Record, and flag for review; before anything is shown, so that what was seen can be reviewed."""
        shown = draft if draft is not None and guarded.action != "replace" else None
        exchange = Exchange(
            id=new_id(), question=question, assessment=assessment, draft=draft, guarded=guarded,
            citations=shown.citations if shown else (), answered=shown.answered if shown else False,
            disagreement=shown.disagreement if shown else False, flagged=reason_to_flag(assessment, guarded, opening),
            timings=tuple(stages.timings), at=question.at,
        )  # fmt: skip
        recorded, case = exchange.id, None
        with stages.stage("record"):
            try:
                case = await asyncio.wait_for(
                    self._store.record(exchange, state, opening), self._store_seconds
                )
            except Exception as error:  # edge: the store; the reply still goes out
                _fault("store", question, error)
                metrics.UNRECORDED.inc()
                self.outbox.add(exchange, state, opening)
                recorded = ""
        _count(exchange, stages)
        return _reply(guarded, question, assessment, shown, recorded, case, stages)

    async def _in_worker(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run blocking work in the one thread for it."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, *arguments)


HITS = 48
"""Passages handed to the answerer: six or seven fill an answer, the others show whether the sources disagree."""


def _with_history(question: Question, opening: Opening) -> Question:
    """The question with its earlier turns: those it brought, else those on record; none from before a moderator lifted the tier."""
    turns = question.turns or opening.turns
    if opening.released_at is not None:
        turns = tuple(turn for turn in turns if turn.at is not None and turn.at > opening.released_at)
    return question if turns == question.turns else replace(question, turns=turns)


def _reply(
    guarded: Guarded,
    question: Question,
    assessment: Assessment,
    shown: Draft | None,
    exchange: str,
    case: str | None,
    stages: Stages,
) -> Reply:
    """Put the reply together; `shown` is the draft where the guard let it stand."""
    return Reply(
        guarded=guarded, question=question, assessment=assessment, exchange=exchange, case=case,
        citations=shown.citations if shown else (), answered=shown.answered if shown else False,
        disagreement=shown.disagreement if shown else False, exercises=shown.exercises if shown else (),
        ms=round(stages.ms, 3), timings=tuple(stages.timings),
    )  # fmt: skip


def _count(exchange: Exchange, stages: Stages) -> None:
    """Tell the metrics and the log: ids, tiers and timings."""
    metrics.QUESTIONS.labels(exchange.question.surface, exchange.guarded.action.value).inc()
    metrics.TIERS.labels(
        "CRISIS" if exchange.assessment.crisis else Tier(exchange.assessment.tier).name
    ).inc()
    metrics.ANSWER_SECONDS.observe(stages.ms / 1000)
    log.info(
        "answered", exchange=exchange.id, guild=exchange.question.guild, surface=exchange.question.surface,
        tier=exchange.assessment.tier.name, action=exchange.guarded.action.value, flagged=exchange.flagged, ms=round(stages.ms, 1),
    )  # fmt: skip


def _fault(stage: str, question: Question | None, error: BaseException) -> None:
    """Count and log a stage that failed."""
    metrics.FAULTS.labels(stage).inc()
    log.error("stage failed", stage=stage, asked=question.id if question else None, exc_info=error)
