"""`spotter assess` and `spotter guard`: the safety layer alone. Imports neither the index nor a model library beyond ONNX Runtime."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.commands.lines import answer_lines, text_of, turns_of
from bot.commands.settings import settings
from safety.assess import assess, embeddable
from safety.guard import check_pair, closed
from safety.types import Assessment, Tier, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from safety.types import Finding


def assess_lines() -> None:
    """Assess lines of messages."""
    states = embedding()

    async def answer(record: dict[str, Any]) -> dict[str, Any]:
        return _assessed(turns_of(record, "text"), states)

    asyncio.run(answer_lines(answer))


def guard_lines() -> None:
    """Pass lines of replies through the guard; the question decides the tier."""
    states = embedding()
    embed = sentence_embedding()

    async def answer(record: dict[str, Any]) -> dict[str, Any]:
        question, reply = text_of(record, "question"), text_of(record, "reply")
        return _guarded(question, reply, states, embed)

    asyncio.run(answer_lines(answer))


def assess_text(text: str, *, explain: bool) -> None:
    """Assess one message, for a person to read."""
    from bot.commands.explain import print_assessment

    assessment, _ = assess((Turn(text),), states=embedding()(text))
    print_assessment(text, assessment, explain=explain)


def _assessed(turns: Sequence[Turn], states: Callable[[str], Any]) -> dict[str, Any]:
    """One line's answer. A failing layer says so as a tier that refers, as the path does."""
    began = time.perf_counter()
    assessment, state = Assessment(), None
    try:
        for number, turn in enumerate(turns):
            if turn.speaker == "person":
                assessment, state = assess(turns[: number + 1], state=state, states=states(turn.text))
    except Exception:  # noqa: BLE001 - edge: assess fails closed
        assessment = Assessment(tier=Tier.REFER, failed=True)
    return {
        "tier": assessment.tier.name,
        "nerve": assessment.nerve,
        "crisis": assessment.crisis,
        "clarify": list(assessment.clarify),
        "findings": [_finding(finding) for finding in assessment.findings],
        "ms": round((time.perf_counter() - began) * 1000, 3),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """One finding as its line says it."""
    return {
        "concept": finding.concept,
        "start": finding.start,
        "end": finding.end,
        "assertion": finding.assertion.value,
    }


def _guarded(
    question: str, reply: str, states: Callable[[str], Any], embed: Callable[[str], Any] | None
) -> dict[str, Any]:
    """One line's answer."""
    try:
        guarded = check_pair(question, reply, states(question), embed=embed)
    except Exception:  # noqa: BLE001 - edge: assess and guard fail closed
        guarded = closed()
    return {"action": guarded.action.value, "reasons": list(guarded.reasons), "text": guarded.text}


def embedding() -> Callable[[str], Any]:
    """What gives the states of a message, if the packaged model has been exported; rules alone otherwise."""
    from retrieval.words import plain

    embedder = _exported()
    if embedder is None:
        return lambda _text: None
    return lambda text: embedder.read(plain(embeddable(text))).states


def sentence_embedding() -> Callable[[str], Any] | None:
    """What gives the states of a reply's sentence for the lint, or None where the packaged model has not been exported."""
    from retrieval.words import plain

    embedder = _exported()
    return None if embedder is None else lambda words: embedder.read(plain(words)).states


@cache
def _exported() -> Any:
    """The packaged model, or None where it has not been exported or is not the one of these settings."""
    from retrieval.embeddings import load
    from retrieval.onnx import MODEL_FORMAT, MODEL_NAME, read_manifest

    chosen = settings(quiet=True)
    folder = chosen.data_dir / "models" / MODEL_NAME
    if (
        chosen.embeddings not in ("", "minilm", "minilm-fp32")
        or read_manifest(folder).get("format") != MODEL_FORMAT
    ):
        return None
    return load(chosen.embeddings, chosen.data_dir)
