"""What must hold after a load, read from what people saw and from the database, not from what the processes say of themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.models import Case, Evidence, Exchange
from deploy.load.crowd import HURT
from safety.types import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from bot.store.store import Store
    from deploy.load.crowd import Asked, Crowd


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must hold."""

    what: str
    holds: bool
    found: str


async def verdict(crowd: Crowd, store: Store) -> list[Finding]:
    """Everything."""
    rows = await store.database.read(_rows)
    chains = await store.verify()
    broken = [f"{chain.guild}: {chain.fault}" for chain in chains if chain.fault]
    return [
        *_answered(crowd.asked),
        *_recorded(crowd.asked, rows),
        *_apart(crowd, rows),
        Finding(
            "audit chains whole",
            not broken,
            f"{len(chains)} chains, {sum(one.links for one in chains)} links; broken: {broken[:3]}",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database holds."""

    exchanges: dict[str, Any]
    """By the question's id."""
    cases: dict[str, Any]
    evidence: Sequence[Any]


def _rows(connection: Connection) -> Rows:
    """Read it."""
    columns = (
        Exchange.id,
        Exchange.guild,
        Exchange.question,
        Exchange.person,
        Exchange.tier,
        Exchange.flagged,
        Exchange.case_id,
    )
    exchanges = {row.question: row for row in connection.execute(select(*columns)).all()}
    cases = {
        row.id: row for row in connection.execute(select(Case.id, Case.guild, Case.person, Case.status)).all()
    }
    evidence = connection.execute(
        select(Evidence.guild, Evidence.case_id, Evidence.exchange, Evidence.author, Evidence.kind)
    ).all()
    return Rows(exchanges, cases, evidence)


def _answered(asked: Sequence[Asked]) -> list[Finding]:
    """Once, or apologised for."""
    kinds = Counter(one.kind for one in asked)
    twice = [one for one in asked if len(one.answers) > 1]
    told = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    shown = "; ".join(f"{one.way} {one.event}: {[text[:40] for text in one.answers]}" for one in twice[:3])
    return [
        Finding(
            "every question answered or apologised for", not kinds["silence"] and not kinds["held back"], told
        ),
        Finding("no question answered twice", not twice, f"{len(twice)} twice {shown}"),
    ]


def _recorded(asked: Sequence[Asked], rows: Rows) -> list[Finding]:
    """Red flags are in the queue; answers are on record."""
    evidenced = {(row.guild, row.exchange) for row in rows.evidence}
    missing, unrecorded = [], []
    for one in asked:
        exchange = next(
            (rows.exchanges[str(event)] for event in one.events if str(event) in rows.exchanges), None
        )
        if exchange is None:
            unrecorded.append(one)
        if one.serious and (
            exchange is None
            or not exchange.flagged
            or exchange.case_id not in rows.cases
            or (exchange.guild, exchange.id) not in evidenced
        ):
            missing.append(one)
    serious = sum(one.serious for one in asked)
    shown = "; ".join(f"{one.way} {one.event} ({one.kind})" for one in missing[:5])
    answered = [one for one in unrecorded if one.kind == "answer"]
    return [
        Finding("every red flag in the queue", not missing, f"{serious - len(missing)} of {serious} {shown}"),
        Finding(
            "every answer on record",
            not answered,
            f"{len(answered)} missing {[(one.way, one.event) for one in answered[:5]]}",
        ),
    ]


def _apart(crowd: Crowd, rows: Rows) -> list[Finding]:
    """Nothing crosses from one server to another."""
    wrong: list[str] = []
    owner = {str(event): one for one in crowd.asked for event in one.events}
    for question, row in rows.exchanges.items():
        asked = owner.get(question)
        if asked is None or row.guild != str(asked.guild):
            wrong.append(f"exchange of {question} in {row.guild}")
        elif crowd.hurt(asked.person) and not asked.serious and row.tier >= Tier.REFER:
            wrong.append(f"{question} held in one server for what was said in another")
        if row.case_id and (row.case_id not in rows.cases or rows.cases[row.case_id].guild != row.guild):
            wrong.append(f"case of {question} in another server")
    by_id = {row.id: row for row in rows.exchanges.values()}
    for row in rows.evidence:
        case, exchange = rows.cases.get(row.case_id), by_id.get(row.exchange)
        if (
            case is None
            or case.guild != row.guild
            or (exchange is not None and (exchange.guild, exchange.person) != (case.guild, case.person))
        ):
            wrong.append(f"evidence of case {row.case_id}")
    wrong += [f"answer to {one.event} shown elsewhere" for one in crowd.asked if one.strayed]
    for card in crowd.cards:
        guild = crowd.world.rooms[int(card["channel_id"])].guild
        named = re.findall(r"spotter:case-[a-z]+:([\w-]+)", str(card["components"]))
        wrong += [
            f"card of case {case} in {guild}"
            for case in set(named)
            if case in rows.cases and rows.cases[case].guild != str(guild)
        ]
    return [Finding("nothing crossed between servers", not wrong, f"{len(rows.exchanges)} exchanges, {len(rows.cases)} cases, {len(crowd.cards)} cards, every {HURT}th person in two states; wrong: {wrong[:3]}")]  # fmt: skip
