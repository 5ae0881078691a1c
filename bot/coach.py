"""THE path of a question: assess, retrieve, draft, guard, record. Read `Coach.respond` and you have read Spotter.

The broad `except`s here are the ones of the failure table in deploy/decisions: the safety layer (closed), retriever and answerer (fall
back), the store (the reply still goes out).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import metrics
from bot.asked import conversation_key, encodable, with_history
from bot.condense import condense
from bot.flags import reason_to_flag
from bot.ids import new_id
from bot.outbox import Outbox
from bot.showing import demo_words, gated
from bot.stages import Stages
from bot.telling import count, fault
from bot.types import Draft, Duplicate, Exchange, Opening, Question, Reply
from safety.assess import assess, embeddable
from safety.guard import closed, guard, refer
from safety.types import Assessment, State, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.types import Answerer, Attachment, Condenser, ExchangeStore, Retriever
    from corpus.exercises import Exercise
    from retrieval.search import Results
    from safety.guard import Guarded, Kind
    from safety.lint import Embed

NOTHING = "I have nothing reliable on that in my documents right now. Please try again in a moment."
"""What is drafted when retrieval and answering both fail."""

REMEMBERED = 4096
"""Question ids and sticky states remembered in this process, so that duplicates and tiers are known even while the store fails."""


@dataclass(slots=True)
class Read:
    """What reading a question gave; begins as failed and is filled step by step."""

    assessment: Assessment
    state: State
    """What the safety layer wants remembered."""
    results: Results | None = None
    """None where nothing was searched for, or the search failed."""


class Coach:
    """Answers questions and shows demos. Built once, by `bot.app`."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        answerer: Answerer,
        fallback: Answerer,
        store: ExchangeStore,
        condenser: Condenser | None = None,
        scope: Callable[[str | None], str | None] = lambda _guild: None,
        answer_seconds: float = 12.0,
        store_seconds: float = 3.0,
    ) -> None:
        """`fallback` answers when `answerer` fails or takes longer than `answer_seconds`; `scope` names a guild's own documents.

        `condenser` makes follow-ups stand alone; without one it is done by rules, in the worker thread.
        """
        self._retriever = retriever
        self._answerer = answerer
        self._fallback = fallback
        self._condenser = condenser
        self._store = store
        self._scope = scope
        self._answer_seconds = answer_seconds
        self._store_seconds = store_seconds
        # one thread: the embedding runs on one core, and two at once were measured 5 to 30 times slower than one after the other
        self._worker = ThreadPoolExecutor(1, "spotter-retrieval")
        self._seen: dict[tuple[str | None, str], None] = {}
        self._known: dict[tuple[str | None, str, str], State] = {}
        self.outbox = Outbox(store)

    async def respond(self, question: Question) -> Reply:
        """Answer a question. Raises `Duplicate` for one that was taken up before; never fails otherwise."""
        stages = Stages()
        question = encodable(question)
        opening = await self._begin(question, stages)
        question = with_history(question, opening)
        follows = self._condenser is not None and self._condenser.leans(question)
        read = await self._read(question, opening.state, stages, search=not follows)
        asked = (
            await self._alone(question, read, stages) if follows and read.assessment.coaching else question
        )
        draft = await self._draft(asked, read, stages) if read.assessment.coaching else None
        guarded = await self._checked(question, draft, read.assessment, stages)
        return await self._keep(question, read, opening, draft, guarded, stages)

    async def show(
        self,
        exercise: Exercise,
        question: Question,
        render: Callable[[Exercise], Attachment],
        *,
        fault: bool = False,
    ) -> Reply:
        """Show a demo, or with `fault` the exercise's common fault. Raises `Duplicate`.

        What was typed is assessed like any question, and the person's sticky tier gates the exercise (rule F9). `render` draws, in a thread;
        an exercise without a motion (an imported one) is told in words.
        """
        stages = Stages()
        question = encodable(question)
        opening = await self._begin(question, stages)
        question = with_history(question, opening)
        read = await self._read(question, opening.state, stages, search=False)
        tier, drawn = read.assessment.tier, exercise.motion is not None
        draft = (
            Draft(demo_words(exercise, tier, fault=fault), exercises=(exercise.id,) if drawn else ())
            if read.assessment.coaching
            else None
        )
        guarded = self._guard(question, draft, read.assessment, stages, kind="demo")
        attachment = None
        if drawn and draft is not None and guarded.action != "replace" and not gated(exercise, tier):
            with stages.stage("render"):
                attachment = await asyncio.to_thread(render, exercise)
        reply = await self._keep(question, read, opening, draft, guarded, stages)
        return replace(reply, attachment=attachment)

    async def recall(self, exchange: str, guild: str | None, person: str) -> Reply | None:
        """The reply of an earlier exchange of this person, guarded again; None when it has expired or is not theirs."""
        async with asyncio.timeout(self._store_seconds):
            kept = await self._store.recall(exchange, guild, person)
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
        text = kept.reply if kept.draft is None else kept.draft
        draft = Draft(text, kept.citations, kept.answered, kept.disagreement, kept.exercises)
        stages = Stages()
        guarded = self._guard(question, draft if kept.assessment.coaching else None, kept.assessment, stages)
        return _reply(guarded, question, kept.assessment, draft, recorded=(kept.id, kept.case), stages=stages)

    async def warm(self) -> None:
        """Load everything that the first question would wait for (lexicon, model, index); for processes that stay."""
        question = Question("How deep should I squat?", "", "", "")
        await self._read(question, None, Stages())
        self._known.clear()

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
        remember(self._seen, key, None)
        if question.stranger:
            return Opening()
        with stages.stage("begin"):
            try:
                async with asyncio.timeout(self._store_seconds):
                    opening = await self._store.begin(question)
            except Exception as error:  # noqa: BLE001 - edge: the store; what this process knows of the person still stands
                fault("store", question, error)
                return Opening(state=self._known.get(conversation_key(question)))
        if opening.duplicate:
            metrics.DUPLICATES.inc()
            raise Duplicate(question.id)
        return opening

    async def _read(
        self, question: Question, state: State | None, stages: Stages, *, search: bool = True
    ) -> Read:
        """Embed, assess and (where coaching is allowed) search, in one go in the worker thread.

        What does not come back in time has failed: the assessment closed, the search with nothing found.
        """
        read = Read(_closed(question), state or State(since=question.at))
        try:
            async with asyncio.timeout(self._answer_seconds):
                await asyncio.get_running_loop().run_in_executor(
                    self._worker, self._work, question, state, read, stages, search
                )
        except TimeoutError as error:
            fault("assess" if read.assessment.failed else "retrieve", question, error)
        remember(self._known, conversation_key(question), read.state)
        return read

    async def _alone(self, question: Question, read: Read, stages: Stages) -> Question:
        """The follow-up made to stand alone by the chat model, and searched for; as it was asked where that fails."""
        assert self._condenser is not None
        asked = question
        with stages.stage("condense"):
            try:
                async with asyncio.timeout(self._answer_seconds):
                    text = await self._condenser.standalone(question, read.assessment)
                asked = replace(question, text=text, turns=())
            except Exception as error:  # noqa: BLE001 - edge: the condenser
                fault("condense", question, error)
        with stages.stage("retrieve"):
            try:
                async with asyncio.timeout(self._answer_seconds):
                    read.results = await asyncio.get_running_loop().run_in_executor(
                        self._worker, self._search, asked, read.assessment, None
                    )
            except Exception as error:  # noqa: BLE001 - edge: the retriever
                fault("retrieve", question, error)
        return asked

    def _work(
        self, question: Question, state: State | None, read: Read, stages: Stages, search: bool
    ) -> None:
        """The blocking part of the path; fills `read` step by step, so that what is done counts even if the rest hangs."""
        vector = states = None
        with stages.stage("embed"):
            try:
                seen = self._retriever.read(embeddable(question.text))
                vector, states = seen.vector, seen.states
            except Exception as error:  # noqa: BLE001 - edge: the retriever; rules alone then stand
                fault("embed", question, error)
        with stages.stage("assess"):
            turns = (*question.turns, Turn(question.text, "person", question.at))
            try:
                read.assessment, read.state = assess(turns, state=state, states=states, now=question.at)
            except Exception as error:  # noqa: BLE001 - edge: assess fails closed: nothing is coached, a referral goes out
                fault("assess", question, error)
        if not search or not read.assessment.coaching:
            return
        with stages.stage("retrieve"):
            try:
                read.results = self._search(question, read.assessment, vector)
            except Exception as error:  # noqa: BLE001 - edge: the retriever
                fault("retrieve", question, error)

    def _search(self, question: Question, assessment: Assessment, vector: Any) -> Results:
        """Hits for the question, made to stand alone where it leans on earlier turns (then with a vector of its own)."""
        asked = condense(question.text, question.turns)
        return self._retriever.search(
            asked,
            vector=vector if asked == question.text else None,
            k=HITS,
            tier=int(assessment.tier),
            scope=self._scope(question.guild),
        )

    async def _draft(self, question: Question, read: Read, stages: Stages) -> Draft:
        """Answer from the hits; the extractive answer if that fails, an honest line if nothing works."""
        if read.results is None:
            return Draft(NOTHING, answered=False, model="none")
        with stages.stage("draft"):
            try:
                async with asyncio.timeout(self._answer_seconds):
                    return await self._answerer.draft(question, read.results, read.assessment)
            except Exception as error:  # noqa: BLE001 - edge: the answerer, its time limit or its refusal
                fault("draft", question, error)
            try:
                return await self._fallback.draft(question, read.results, read.assessment)
            except Exception as error:  # noqa: BLE001 - edge: the fallback
                fault("fallback", question, error)
                return Draft(NOTHING, answered=False, model="none")

    async def _checked(
        self, question: Question, draft: Draft | None, assessment: Assessment, stages: Stages
    ) -> Guarded:
        """`_guard`; what a chat model wrote is read for its meaning too, in the worker thread, since each sentence costs an embedding."""
        if draft is None or draft.model in OWN or not assessment.coaching:
            return self._guard(question, draft, assessment, stages)
        work = partial(self._guard, question, draft, assessment, stages, embed=self._states)
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except TimeoutError as error:
            fault("guard", question, error)
            return self._guard(question, draft, assessment, stages)

    def _states(self, sentence: str) -> Any:
        """What the guard reads of a sentence beyond its words."""
        return self._retriever.read(sentence).states

    def _guard(
        self,
        question: Question,
        draft: Draft | None,
        assessment: Assessment,
        stages: Stages,
        *,
        kind: Kind = "answer",
        embed: Embed | None = None,
    ) -> Guarded:
        """Pass, amend or replace. Without a draft: the referral. If the guard itself fails, its closed text."""
        with stages.stage("guard"):
            try:
                if assessment.failed:
                    return closed(assessment.language)
                if draft is None:
                    return refer(assessment)
                return guard(question.text, draft.text, assessment, kind=kind, embed=embed)
            except Exception as error:  # noqa: BLE001 - edge: the guard fails closed
                fault("guard", question, error)
                return closed(assessment.language)

    async def _keep(
        self,
        question: Question,
        read: Read,
        opening: Opening,
        draft: Draft | None,
        guarded: Guarded,
        stages: Stages,
    ) -> Reply:
        """Record, and flag for review; before anything is shown, so that what was seen can be reviewed."""
        shown = draft if draft is not None and guarded.action != "replace" else None
        exchange = Exchange(
            id=new_id(), question=question, assessment=read.assessment, draft=draft, guarded=guarded,
            citations=shown.citations if shown else (), answered=shown.answered if shown else False,
            disagreement=shown.disagreement if shown else False, flagged=reason_to_flag(read.assessment, guarded, opening),
            timings=tuple(stages.timings), at=question.at,
        )  # fmt: skip
        recorded: tuple[str, str | None] = ("", None)
        with stages.stage("record"):
            try:
                async with asyncio.timeout(self._store_seconds):
                    recorded = (exchange.id, await self._store.record(exchange, read.state, opening))
            except Exception as error:  # noqa: BLE001 - edge: the store; the reply still goes out
                fault("store", question, error)
                metrics.UNRECORDED.inc()
                self.outbox.add(exchange, read.state, opening)
        count(exchange, recorded[1], stages)
        return _reply(guarded, question, read.assessment, shown, recorded=recorded, stages=stages)


OWN = ("extractive", "none")
"""Who drafts in words of the documents and of this project, which were linted before; any other model's sentences are new."""
HITS = 32
"""Passages handed to the answerer: six or seven fill an answer, the others show whether the sources disagree."""


def remember(known: dict[Any, Any], key: Any, value: Any) -> None:
    """Keep the latest `REMEMBERED` values."""
    known.pop(key, None)
    known[key] = value
    if len(known) > REMEMBERED:
        del known[next(iter(known))]


def _reply(
    guarded: Guarded,
    question: Question,
    assessment: Assessment,
    shown: Draft | None,
    *,
    recorded: tuple[str, str | None],
    stages: Stages,
) -> Reply:
    """Put the reply together; `shown` is the draft where the guard let it stand, `recorded` the exchange's and the case's id."""
    return Reply(
        guarded=guarded, question=question, assessment=assessment, exchange=recorded[0], case=recorded[1],
        citations=shown.citations if shown else (), answered=shown.answered if shown else False,
        disagreement=shown.disagreement if shown else False, exercises=shown.exercises if shown else (),
        ms=round(stages.ms, 3), timings=tuple(stages.timings),
    )  # fmt: skip


def _closed(question: Question) -> Assessment:
    """The assessment of a layer that failed: nothing is coached."""
    return Assessment(failed=True, language=question.locale[:2])
