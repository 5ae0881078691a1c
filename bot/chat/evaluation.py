"""Measure the answers of a chat model on the committed questions: `spotter eval answers --chat-model provider:model`."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.table import Table

from bot import app
from bot.chat.build import build, ready
from bot.chat.cached import CachedModel
from bot.chat.grounding import Grounding, Verdict
from bot.chat.writing import DISAGREE
from bot.commands.failure import Failed
from bot.commands.opening import ready_index
from bot.commands.settings import settings as load_settings
from bot.ids import new_id
from bot.terminal import console
from bot.types import Question
from bot.wording import source_of
from corpus.questions import load, missing_facts
from corpus.sentences import split
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from bot.app import App
    from bot.chat.settings import ChatSettings
    from bot.types import Answerer, Draft, Reply
    from corpus.passages import Passage
    from corpus.questions import Question as Asked
    from corpus.questions import Split
    from retrieval.search import Results
    from safety.types import Assessment

_CITED = re.compile(r"([^\n]+?)((?:\s*\[\d{1,3}\])+)")
"""Words, and the markers behind them."""
_LEAD = re.compile(r"^(?:On one side|On the other|And a third view|Besides): ")
"""What `bot.answering` puts in front of a side."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured, fit for JSON. Shares in percent, times in milliseconds."""

    model: str
    prompt_version: str
    questions: int
    facts_percent: float
    """Expected facts that stand in the reply, over answerable questions and follow-ups."""
    sentences: int
    unsupported: int
    """Sentences of replies that do not hold against the passages they cite."""
    citation_precision_percent: float
    """Share of cited documents that are expected ones."""
    citation_recall_percent: float
    """Share of questions with an expected document among those cited (disagreements: share of the expected ones)."""
    unanswerable: int
    unanswerable_declined: int
    answerable_declined: int
    disagreements: int
    both_sides: int
    injections: int
    injections_held: int
    written: int
    """Drafts that the model wrote; the others fell back to the answer without a model or were declined."""
    drafts: int
    draft_p50_ms: float
    draft_p95_ms: float
    tokens: int
    asked: int
    """Prompts that were not in the cache."""


@dataclass
class Recorded:
    """An answerer that notes what it drafted from what, and how long it took."""

    inner: Answerer
    drafts: list[Draft] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    passages: dict[str, Passage] = field(default_factory=dict)

    async def draft(self, question: Question, results: Results, assessment: Assessment) -> Draft:
        """As the answerer inside."""
        began = time.perf_counter()
        drafted = await self.inner.draft(question, results, assessment)
        self.ms.append((time.perf_counter() - began) * 1000)
        self.drafts.append(drafted)
        self.passages |= {hit.passage.id: hit.passage for hit in results.hits}
        return drafted


def run(chat: ChatSettings, half: str = "all", *, as_json: bool = False, misses: bool = False) -> None:
    """Ask every question of one half ("tune", "test" or "all") and print; see `Figures`."""
    figures, missed = asyncio.run(_run(chat, half))
    if as_json:
        sys.stdout.write(json.dumps(asdict(figures)) + "\n")
        return
    table = Table(title="Answers by a chat model", title_justify="left", box=None, show_header=False)
    for name, value in asdict(figures).items():
        table.add_row(name.replace("_percent", " %").replace("_", " "), str(value))
    console().print(table)
    for line in missed if misses else ():
        console().print(line, markup=False)


async def _run(chat: ChatSettings, which: str) -> tuple[Figures, list[str]]:
    """Build the path with the model in it, on a store that is thrown away, and ask."""
    chosen = load_settings(quiet=True)
    half: Split | None = None if which == "all" else "tune" if which == "tune" else "test"
    index = ready_index(chosen)
    ready_model, told = await ready(chat)
    if told is not None:
        raise Failed(told)
    model = CachedModel(ready_model, chosen.data_dir / "chat-cache")
    free = replace(chat, daily_tokens=0, daily_cost=0.0)
    made = build(free, index.embedder.embed, model=model)
    recorded = Recorded(made.answerer)
    with tempfile.TemporaryDirectory(prefix="spotter-eval-") as folder:
        apart = chosen.model_copy(
            update={
                "database_url": f"sqlite+aiosqlite:///{Path(folder) / 'eval.db'}",
                "answer_seconds": chat.seconds + 5,
            }
        )
        async with app.running(apart, index=index, chat=replace(made, answerer=recorded)) as running:
            figures, missed = await measure(running, recorded, load(split=half))
            tokens = (await made.budget.spent(None)).tokens
    return replace(figures, model=chat.model, tokens=tokens, asked=model.asked), missed


async def measure(running: App, recorded: Recorded, questions: list[Asked]) -> tuple[Figures, list[str]]:
    """Ask the questions, each as a person of its own; the figures, and a line for each miss."""
    counts: Counter[str] = Counter()
    missed: list[str] = []
    grounding = Grounding(running.index.embedder.embed)
    for asked in questions:
        turns = tuple(Turn(text) for text in asked.turns[:-1])
        person = new_id()
        reply = await running.coach.respond(
            Question(asked.text, person, person, new_id(), turns=turns, stranger=True)
        )
        missed += [f"{asked.kind} {asked.id}: {miss}" for miss in _count(counts, asked, reply)]
        wrong = unsupported(grounding, reply, recorded.passages, counts)
        missed += [f"{asked.kind} {asked.id}: unsupported ({verdict}): {text}" for text, verdict in wrong]
    return _figures(counts, recorded), missed


def _count(counts: Counter[str], asked: Asked, reply: Reply) -> list[str]:
    """Count what one reply got right; what it did not."""
    cited = {citation.document for citation in reply.citations}
    expected = set(asked.documents)
    counts[asked.kind] += 1
    if asked.kind in ("answerable", "follow-up"):
        missing = missing_facts(asked, reply.text)
        counts["facts"] += len(asked.facts)
        counts["facts found"] += len(asked.facts) - len(missing)
        counts["answerable declined"] += not reply.answered
        _cited(counts, cited, expected, whole=False)
        return [f"lacks {' / '.join(fact)}" for fact in missing]
    if asked.kind == "unanswerable":
        counts["declined"] += not reply.answered
        return ["answered"] if reply.answered else []
    if asked.kind == "disagreement":
        both = reply.disagreement and len(cited) > 1
        counts["both sides"] += both
        _cited(counts, cited, expected, whole=True)
        return [] if both else ["one side only"]
    said = reply.text.casefold()
    wrong = [f'says "{phrase}"' for phrase in asked.forbidden if phrase.casefold() in said]
    counts[f"{asked.kind} held"] += not wrong
    return wrong


def _cited(counts: Counter[str], cited: set[str], expected: set[str], *, whole: bool) -> None:
    """Count documents cited and expected; where not the `whole` is asked for, one of them is all."""
    counts["cited"] += len(cited)
    counts["cited rightly"] += len(cited & expected)
    counts["expected"] += len(expected) if whole else 1
    counts["expected found"] += len(cited & expected) if whole else bool(cited & expected)


def unsupported(
    grounding: Grounding, reply: Reply, passages: dict[str, Passage], counts: Counter[str]
) -> list[tuple[str, str]]:
    """Sentences of a reply that do not hold against the passages they cite, with the reason."""
    numbered = {f"[{citation.number}]": passages.get(citation.passage) for citation in reply.citations}
    said: list[tuple[str, list[Passage]]] = []
    for text, marks in _CITED.findall(reply.text):
        cited = [
            passage for mark in re.findall(r"\[\d+\]", marks) if (passage := numbered.get(mark)) is not None
        ]
        said += [(one, cited) for one in split(_bare(text, cited)) if cited]
    verdicts = grounding.judge(said, Tier.NONE)
    counts["sentences"] += len(said)
    wrong = [
        (text, verdict.value)
        for (text, _), verdict in zip(said, verdicts, strict=True)
        if verdict is not Verdict.HOLDS
    ]
    counts["unsupported"] += len(wrong)
    return wrong


def _bare(text: str, cited: list[Passage]) -> str:
    """What is said, without the words of ours in front: which side it is of and where it is from."""
    bare = _LEAD.sub("", text.removeprefix(DISAGREE).strip())
    for passage in cited:
        bare = bare.removeprefix(f"{source_of(passage)}: ")
    return bare


def _figures(counts: Counter[str], recorded: Recorded) -> Figures:
    """The figures of the counts; model, tokens and cache are known to the caller."""
    times = sorted(recorded.ms) or [0.0]
    by_model = [draft for draft in recorded.drafts if draft.prompt_version]
    kinds = ("answerable", "follow-up", "unanswerable", "disagreement", "injection", "symptom")
    return Figures(
        model="",
        prompt_version=by_model[0].prompt_version if by_model else "",
        questions=sum(counts[kind] for kind in kinds),
        facts_percent=_percent(counts["facts found"], counts["facts"]),
        sentences=counts["sentences"],
        unsupported=counts["unsupported"],
        citation_precision_percent=_percent(counts["cited rightly"], counts["cited"]),
        citation_recall_percent=_percent(counts["expected found"], counts["expected"]),
        unanswerable=counts["unanswerable"],
        unanswerable_declined=counts["declined"],
        answerable_declined=counts["answerable declined"],
        disagreements=counts["disagreement"],
        both_sides=counts["both sides"],
        injections=counts["injection"],
        injections_held=counts["injection held"],
        written=len(by_model),
        drafts=len(recorded.drafts),
        draft_p50_ms=round(median(times), 1),
        draft_p95_ms=round(times[int(0.95 * (len(times) - 1))], 1),
        tokens=0,
        asked=0,
    )


def _percent(part: int, whole: int) -> float:
    """A share in percent, one digit; 0 of nothing is 0."""
    return round(100 * part / whole, 1) if whole else 0.0
