"""Replies that leave at a moment of their author's choice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0007."""
    op.create_table(
        "scheduled_reply",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("scheduled_reply_ticket_id_fkey")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("scheduled_reply_author_id_fkey")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("scheduled_reply_message_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("scheduled_reply_pkey")),
    )
    op.create_index(
        "scheduled_reply_due_idx", "scheduled_reply", ["due_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index("scheduled_reply_ticket_idx", "scheduled_reply", ["ticket_id"])
