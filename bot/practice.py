"""The practice queue: a temporary store with made-up cases, so that a moderator can try everything without Discord.

Every message goes through the real safety layer and the real store; only the people are made up. Nothing outlives the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import tempfile
import tomllib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.config import Settings
from bot.flags import reason_to_flag
from bot.ids import new_id
from bot.review import DECISIONS, Case, Outcome, Status, Targets
from bot.store.console_history import write_history
from bot.types import Citation, Draft, Exchange, Opening, Question
from safety.assess import assess
from safety.guard import guard, refer
from safety.types import Tier, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.store import Store

GUILD = "practice"
MODERATORS = {"alex": ("Alex", True), "sam": ("Sam", False), "rita": ("Rita", False)}
"""Id -> (name, manages the server)."""
ARRIVE = (20.0, 60.0, 120.0)
"""Seconds after the start at which new cases come in."""
PAST_DAYS = 21


@dataclass(frozen=True, slots=True)
class Practice:
    """An open practice queue."""

    store: Store
    settings: Settings
    guild: str = GUILD

    @property
    def moderators(self) -> dict[str, tuple[str, bool]]:
        """Who may be played."""
        return MODERATORS


@asynccontextmanager
async def opened(*, arrivals: bool = True, now: datetime | None = None) -> AsyncIterator[Practice]:
    """A seeded queue in a folder that is deleted at the end; `arrivals`: new cases come in during the first minutes."""
    from bot.app import open_store

    with tempfile.TemporaryDirectory(prefix="spotter-practice-") as folder:
        settings = Settings(
            _env_file=None,
            data_dir=Path(folder),
            database_url="",
            secret_key=SecretStr(""),
            web_host="127.0.0.1",
            metrics_port=0,
        )  # type: ignore[call-arg]
        store = await open_store(settings)
        try:
            await seed(store, now or datetime.now(UTC))
            coming = asyncio.create_task(_arrive(store)) if arrivals else None
            try:
                yield Practice(store, settings)
            finally:
                if coming is not None:
                    coming.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await coming
        finally:
            await store.close()


def script() -> dict[str, list[dict[str, Any]]]:
    """The made-up cases and arrivals."""
    return tomllib.loads(Path(__file__).with_name("practice.toml").read_text("utf-8"))


async def seed(store: Store, now: datetime) -> list[str]:
    """Put every made-up case and a history for the statistics into an empty store. Returns the ids of the cases, in the script's order."""
    await write_history(store.database, history(now), keep=timedelta(days=30), channel="form-check")
    return [await put(store, told, number, now) for number, told in enumerate(script()["case"])]


async def put(store: Store, told: dict[str, Any], number: int, now: datetime) -> str:
    """Let one made-up person write, and bring the case to the state that the script tells. Returns its id."""
    exchange, state = happened(told, number, now - timedelta(minutes=told.get("ago", 0)))
    case = await store.exchanges.record(exchange, state, Opening())
    if case is None or told.get("status") == "report":
        opened_case = await store.flags.report(
            exchange.id,
            GUILD,
            f"practice-reader-{number}",
            told.get("reason", "other"),
            told.get("report", ""),
        )
        assert opened_case is not None, "the exchange was recorded a moment ago"
        case = opened_case.id
    await _settle(store, case, told)
    return case


def happened(told: dict[str, Any], number: int, at: datetime) -> tuple[Exchange, Any]:
    """The exchange of a made-up case and the state after it: assessed and guarded as a real one would be."""
    before = tuple(
        Turn(words, speaker, at - timedelta(minutes=len(told["before"]) - n))
        for n, (speaker, words) in enumerate(told.get("before", ()))
    )
    question = Question(
        told["text"], f"practice-person-{number}", f"practice-{number}", f"practice-{new_id()}", guild=GUILD, channel=told["channel"],
        turns=before, surface="mention", public=True, at=at,
    )  # fmt: skip
    assessment, state = assess((*before, Turn(question.text, "person", at)), now=at)
    cited = tuple(
        Citation(n, document, title, "document", f"{document}-practice", text)
        for n, (document, title, text) in enumerate(told.get("passages", ()), 1)
    )
    draft = Draft(told["draft"], cited) if "draft" in told and assessment.coaching else None
    guarded = guard(question.text, draft.text, assessment) if draft else refer(assessment)
    exchange = Exchange(
        new_id(), question, assessment, draft, guarded, cited if draft and guarded.action != "replace" else (), draft is not None, False,
        reason_to_flag(assessment, guarded, Opening()), at=at,
    )  # fmt: skip
    return exchange, state


async def _settle(store: Store, case: str, told: dict[str, Any]) -> None:
    """Claim, escalate or decide as the script tells."""
    status, by = told.get("status", "open"), told.get("by", "")
    if status == "claimed":
        await store.cases.claim(case, GUILD, by)
    elif status == "escalated":
        await store.cases.claim(case, GUILD, by)
        await store.cases.escalate(case, GUILD, by, note="Not sure whether the fall matters here. Could somebody with a clinical background look?")  # fmt: skip
    elif status == "resolved":
        corrected = Tier(told["corrected"]) if "corrected" in told else None
        await store.cases.claim(case, GUILD, by)
        await store.cases.resolve(
            case, GUILD, by, Outcome(told["outcome"]), note=told.get("note", ""), corrected=corrected
        )


async def _arrive(store: Store) -> None:
    """Let new cases come in while somebody practises."""
    waited = 0.0
    for number, (after, told) in enumerate(zip(ARRIVE, script()["arrival"], strict=True), 1000):
        await asyncio.sleep(after - waited)
        waited = after
        await put(store, told, number, datetime.now(UTC))


def history(now: datetime) -> list[Case]:
    """Decided cases of the last three weeks, without any text: something for the statistics to show."""
    chance = random.Random(7)  # noqa: S311 - the same picture every time
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    targets, cases = Targets(), []
    for back in range(1, PAST_DAYS):
        for _ in range(chance.choice((2, 3, 4, 5, 5, 6, 8))):
            opened_at = midnight - timedelta(days=back) + timedelta(minutes=chance.randrange(360, 1435))
            cases.append(_past(chance, opened_at, targets))
    return cases


def _past(chance: random.Random, opened_at: datetime, targets: Targets) -> Case:
    """One decided case."""
    tier = chance.choices((Tier.CAUTION, Tier.REFER, Tier.URGENT, Tier.EMERGENCY), (2, 9, 5, 2))[0]
    crisis = chance.random() < 0.04
    target = targets.of(tier, crisis=crisis)
    claimed_at = opened_at + min(target * chance.uniform(0.05, 0.9), timedelta(minutes=chance.uniform(2, 55)))
    resolved_at = claimed_at + min(
        target * chance.uniform(0.05, 0.7), timedelta(minutes=chance.uniform(3, 60))
    )
    rules = {
        Tier.CAUTION: ("C1",),
        Tier.REFER: ("R1", "R3"),
        Tier.URGENT: ("U1", "U3"),
        Tier.EMERGENCY: ("E1", "E2"),
    }[tier]
    outcome = chance.choices(DECISIONS, (11, 2, 4, 1, 1))[0]
    return Case(
        id=new_id(), guild=GUILD, reason="crisis" if crisis else "tier", tier=tier, crisis=crisis, opened_at=opened_at,
        due_at=opened_at + target, status=Status.RESOLVED, version=3, outcome=outcome,
        corrected=chance.choice((Tier.REFER, Tier.URGENT)) if outcome is Outcome.WRONG_TIER else None, claimed_at=claimed_at,
        resolved_at=resolved_at, resolved_by=chance.choice(("alex", "sam", "sam", "rita")), updated_at=resolved_at,
        rules=tuple(chance.sample(rules, chance.randint(1, len(rules)))), person=f"{chance.getrandbits(128):032x}",
        conversation=f"{chance.getrandbits(128):032x}",
    )  # fmt: skip
