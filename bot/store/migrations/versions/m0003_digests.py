"""When each server's daily digest is due, and which one went out last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.times import TZDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table. It fills itself: servers are taken in from their next digest on."""
    op.create_table(
        "digests",
        sa.Column("guild", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", TZDateTime(), nullable=False),
        sa.Column("tried", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("guild", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_due_at", "digests", ["due_at"])


def downgrade() -> None:
    """Drop the table: after the next upgrade digests begin with the day after."""
    op.drop_table("digests")
