"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.times import TZDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "audit",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("at", TZDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("guild", "number", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_case", ["guild", "case_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("crisis", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("actions", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("lease_until", TZDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("corrected", sa.SmallInteger(), nullable=True),
        sa.Column("opened_at", TZDateTime(), nullable=False),
        sa.Column("due_at", TZDateTime(), nullable=False),
        sa.Column("updated_at", TZDateTime(), nullable=False),
        sa.Column("claimed_at", TZDateTime(), nullable=True),
        sa.Column("resolved_at", TZDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.Column("expires_at", TZDateTime(), nullable=True),
        sa.Column("exchanges", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("active", sa.String(length=160), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("card_channel", sa.String(length=64), nullable=True),
        sa.Column("card_message", sa.String(length=64), nullable=True),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_cases_lease", ["status", "lease_until"], unique=False)
        batch_op.create_index("ix_cases_opened", ["guild", "opened_at"], unique=False)
        batch_op.create_index("ix_cases_person", ["person"], unique=False)
        batch_op.create_index(
            "ix_cases_queue", ["guild", "status", "severity", "opened_at", "due_at"], unique=False
        )
        batch_op.create_index("ix_cases_resolved", ["guild", "resolved_at"], unique=False)
        batch_op.create_index("uq_cases_guild_active", ["guild", "active"], unique=True)

    op.create_table(
        "chains",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("guild", name=op.f("pk_chains")),
    )
    op.create_table(
        "deliveries",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", TZDateTime(), nullable=False),
        sa.Column("lease_until", TZDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("guild", "question", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_at", ["at"], unique=False)
        batch_op.create_index("ix_deliveries_waiting", ["status", "lease_until"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("exchange", sa.String(length=64), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", TZDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_case", ["guild", "case_id", "at"], unique=False)

    op.create_table(
        "exchanges",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("surface", sa.String(length=16), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("crisis", sa.Boolean(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("disagreement", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.String(length=16), nullable=True),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("prompt_version", sa.String(length=64), nullable=False),
        sa.Column("ms", sa.Float(), nullable=False),
        sa.Column("at", TZDateTime(), nullable=False),
        sa.Column("expires_at", TZDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    with op.batch_alter_table("exchanges", schema=None) as batch_op:
        batch_op.create_index("ix_exchanges_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_exchanges_guild_at", ["guild", "at"], unique=False)
        batch_op.create_index("ix_exchanges_person", ["person"], unique=False)
        batch_op.create_index("ix_exchanges_talk", ["guild", "conversation", "person", "at"], unique=False)
        batch_op.create_index("uq_exchanges_guild_question", ["guild", "question"], unique=True)

    op.create_table(
        "guilds",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", TZDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild", name=op.f("pk_guilds")),
    )
    op.create_table(
        "keystore",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_keystore")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("moderator", sa.String(length=64), nullable=False),
        sa.Column("expires_at", TZDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "skips",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("moderator", sa.String(length=64), nullable=False),
        sa.Column("at", TZDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild", "case_id", "moderator", name=op.f("pk_skips")),
    )
    op.create_table(
        "states",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("after", sa.SmallInteger(), nullable=False),
        sa.Column("released_at", TZDateTime(), nullable=True),
        sa.Column("until", TZDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild", "person", "conversation", name=op.f("pk_states")),
    )
    with op.batch_alter_table("states", schema=None) as batch_op:
        batch_op.create_index("ix_states_person", ["person"], unique=False)
        batch_op.create_index("ix_states_until", ["until"], unique=False)

    op.create_table(
        "votes",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("exchange", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("at", TZDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild", "exchange", "person", name=op.f("pk_votes")),
    )
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.create_index("ix_votes_at", ["at"], unique=False)
        batch_op.create_index("ix_votes_person", ["person"], unique=False)


def downgrade() -> None:
    """Drop every table, and what is in them."""
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.drop_index("ix_votes_person")
        batch_op.drop_index("ix_votes_at")

    op.drop_table("votes")
    with op.batch_alter_table("states", schema=None) as batch_op:
        batch_op.drop_index("ix_states_until")
        batch_op.drop_index("ix_states_person")

    op.drop_table("states")
    op.drop_table("skips")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_sessions_expires_at")

    op.drop_table("sessions")
    op.drop_table("keystore")
    op.drop_table("guilds")
    with op.batch_alter_table("exchanges", schema=None) as batch_op:
        batch_op.drop_index("uq_exchanges_guild_question")
        batch_op.drop_index("ix_exchanges_talk")
        batch_op.drop_index("ix_exchanges_person")
        batch_op.drop_index("ix_exchanges_guild_at")
        batch_op.drop_index("ix_exchanges_expires_at")

    op.drop_table("exchanges")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_case")

    op.drop_table("evidence")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_waiting")
        batch_op.drop_index("ix_deliveries_at")

    op.drop_table("deliveries")
    op.drop_table("chains")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("uq_cases_guild_active")
        batch_op.drop_index("ix_cases_resolved")
        batch_op.drop_index("ix_cases_queue")
        batch_op.drop_index("ix_cases_person")
        batch_op.drop_index("ix_cases_opened")
        batch_op.drop_index("ix_cases_lease")
        batch_op.drop_index("ix_cases_expires_at")

    op.drop_table("cases")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_case")
        batch_op.drop_index("ix_audit_at")

    op.drop_table("audit")
