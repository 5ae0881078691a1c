"""Every table. What a person or a bot wrote stands in `sealed` columns only; who somebody is, in keyed hashes."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - the mapping reads it at run time

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.times import TZDateTime

HEAD = "0003"
"""The newest migration; a test compares it with `migrations/versions`."""

Id = String(64)
Digest = String(64)


class Base(DeclarativeBase):
    """The schema, with names for constraints so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Keystore(Base):
    """Keys that belong to the data (the pepper), sealed under the secret key."""

    __tablename__ = "keystore"
    name: Mapped[str] = mapped_column(Id, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Guild(Base):
    """A server's settings. `guild` is "" for the terminal and for direct messages, here and in every other table."""

    __tablename__ = "guilds"
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    settings: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(TZDateTime)


class Exchange(Base):
    """One question and its reply."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index("uq_exchanges_guild_question", "guild", "question", unique=True),
        Index("ix_exchanges_talk", "guild", "conversation", "person", "at"),
        Index("ix_exchanges_person", "person"),
        Index("ix_exchanges_expires_at", "expires_at"),
        Index("ix_exchanges_guild_at", "guild", "at"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    guild: Mapped[str] = mapped_column(Id)
    question: Mapped[str] = mapped_column(String(128))
    person: Mapped[str] = mapped_column(Digest)
    conversation: Mapped[str] = mapped_column(Digest)
    surface: Mapped[str] = mapped_column(String(16))
    tier: Mapped[int] = mapped_column(SmallInteger)
    crisis: Mapped[bool] = mapped_column(Boolean)
    action: Mapped[str] = mapped_column(String(16))
    answered: Mapped[bool] = mapped_column(Boolean)
    disagreement: Mapped[bool] = mapped_column(Boolean)
    flagged: Mapped[str | None] = mapped_column(String(16))
    case_id: Mapped[str | None] = mapped_column(Id)
    model: Mapped[str] = mapped_column(String(128))
    prompt_version: Mapped[str] = mapped_column(String(64))
    ms: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(TZDateTime)
    expires_at: Mapped[datetime] = mapped_column(TZDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Sticky(Base):
    """What the safety layer remembers of a conversation (rule X17), and which case is open on it."""

    __tablename__ = "states"
    __table_args__ = (Index("ix_states_until", "until"), Index("ix_states_person", "person"))
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Digest, primary_key=True)
    conversation: Mapped[str] = mapped_column(Digest, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    case_id: Mapped[str | None] = mapped_column(Id)
    after: Mapped[int] = mapped_column(SmallInteger)
    """Exchanges kept with the case since it was last flagged (three are)."""
    released_at: Mapped[datetime | None] = mapped_column(TZDateTime)
    """When a moderator lifted the tier: messages before that count no more."""
    until: Mapped[datetime] = mapped_column(TZDateTime)


class Case(Base):
    """A review case. `active` is the conversation while the case is not resolved, NULL afterwards: at most one a conversation."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("uq_cases_guild_active", "guild", "active", unique=True),
        Index("ix_cases_queue", "guild", "status", "severity", "opened_at", "due_at"),
        Index("ix_cases_resolved", "guild", "resolved_at"),
        Index("ix_cases_opened", "guild", "opened_at"),
        Index("ix_cases_lease", "status", "lease_until"),
        Index("ix_cases_expires_at", "expires_at"),
        Index("ix_cases_person", "person"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    guild: Mapped[str] = mapped_column(Id)
    status: Mapped[str] = mapped_column(String(16))
    severity: Mapped[int] = mapped_column(SmallInteger)
    tier: Mapped[int] = mapped_column(SmallInteger)
    crisis: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(16))
    rules: Mapped[str] = mapped_column(Text)
    """Ids between bars: "|U3|T4|"."""
    actions: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    escalated: Mapped[bool] = mapped_column(Boolean)
    holder: Mapped[str | None] = mapped_column(Id)
    lease_until: Mapped[datetime | None] = mapped_column(TZDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    corrected: Mapped[int | None] = mapped_column(SmallInteger)
    opened_at: Mapped[datetime] = mapped_column(TZDateTime)
    due_at: Mapped[datetime] = mapped_column(TZDateTime)
    updated_at: Mapped[datetime] = mapped_column(TZDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(TZDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(TZDateTime)
    resolved_by: Mapped[str | None] = mapped_column(Id)
    expires_at: Mapped[datetime | None] = mapped_column(TZDateTime)
    exchanges: Mapped[int] = mapped_column(Integer)
    reopened: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(8))
    person: Mapped[str] = mapped_column(Digest)
    conversation: Mapped[str] = mapped_column(Digest)
    active: Mapped[str | None] = mapped_column(String(160))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Where it happened: the person's, channel's and message's ids."""
    card_channel: Mapped[str | None] = mapped_column(Id)
    card_message: Mapped[str | None] = mapped_column(Id)
    card_version: Mapped[int] = mapped_column(Integer)
    """The version that the card in the review channel shows; 0: no card yet."""


class Evidence(Base):
    """What a moderator needs to decide a case: flagged exchanges, their context, reports, notes. Expires with the case."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_case", "guild", "case_id", "at"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    guild: Mapped[str] = mapped_column(Id)
    case_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(16))
    exchange: Mapped[str | None] = mapped_column(Id)
    author: Mapped[str] = mapped_column(Digest)
    at: Mapped[datetime] = mapped_column(TZDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Audit(Base):
    """One link of a guild's audit chain. Holds ids and words from fixed lists, never message text."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_case", "guild", "case_id"), Index("ix_audit_at", "at"))
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    case_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(TZDateTime)
    actor: Mapped[str] = mapped_column(Id)
    action: Mapped[str] = mapped_column(String(32))
    version: Mapped[int | None] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(Digest)


class Chain(Base):
    """Both ends of a guild's audit chain: a shortened chain is noticed, a purged beginning is not a break."""

    __tablename__ = "chains"
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    first: Mapped[int] = mapped_column(Integer)
    """Number of the oldest link kept."""
    anchor: Mapped[str] = mapped_column(Digest)
    """Digest of the link before it."""
    last: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(Digest)
    """Digest of the newest link."""
    seal: Mapped[str] = mapped_column(Digest)
    """Keyed digest over the four above."""


class Delivery(Base):
    """A question taken up: answered once, and its reply delivered or apologised for, even over a crash."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_waiting", "status", "lease_until"),
        Index("ix_deliveries_at", "at"),
    )
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    question: Mapped[str] = mapped_column(String(128), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(Digest)
    at: Mapped[datetime] = mapped_column(TZDateTime)
    lease_until: Mapped[datetime] = mapped_column(TZDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Where the reply goes (channel, message, interaction token)."""
    message: Mapped[str | None] = mapped_column(Id)
    """The message that carried the reply."""


class Vote(Base):
    """Helpful or not, one a person and exchange."""

    __tablename__ = "votes"
    __table_args__ = (Index("ix_votes_person", "person"), Index("ix_votes_at", "at"))
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    exchange: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Digest, primary_key=True)
    helpful: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(32))
    """From a fixed list; free text goes into a report."""
    at: Mapped[datetime] = mapped_column(TZDateTime)


class Session(Base):
    """A moderator's signed-in session in the console. `id` is the hash of the cookie."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_expires_at", "expires_at"),)
    id: Mapped[str] = mapped_column(Digest, primary_key=True)
    moderator: Mapped[str] = mapped_column(Id)
    expires_at: Mapped[datetime] = mapped_column(TZDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Skip(Base):
    """A case that one moderator does not want to see."""

    __tablename__ = "skips"
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(Id, primary_key=True)
    moderator: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(TZDateTime)


class Spending(Base):
    """What a guild has spent on the chat model on one day (UTC): tokens, money and requests, booked or settled."""

    __tablename__ = "spending"
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    tokens: Mapped[int] = mapped_column(BigInteger)
    cost: Mapped[float] = mapped_column(Float)
    requests: Mapped[int] = mapped_column(Integer)


class DailyDigest(Base):
    """When a guild's daily digest is due; one row a guild, whether it wants digests or not."""

    __tablename__ = "digests"
    __table_args__ = (Index("ix_digests_due_at", "due_at"),)
    guild: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    """The newest day (UTC) that is dealt with: sent, or nothing to tell."""
    due_at: Mapped[datetime] = mapped_column(TZDateTime)
    """When somebody has to look again; while a digest is being sent, when that claim runs out."""
    tried: Mapped[date | None] = mapped_column(Date)
    """The day whose digest may have gone out without a note of it."""
