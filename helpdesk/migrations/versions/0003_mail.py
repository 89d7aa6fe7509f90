"""Mailboxes that we read, what became of each raw message, lists of senders, the breaker, and virus scans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OUTCOMES = """
update inbound set outcome = case
    when message.id is null then 'settled'
    when message.automatic is not null then 'automatic'
    when exists (select from message earlier where earlier.ticket_id = message.ticket_id and earlier.id < message.id)
        then 'joined'
    else 'opened' end
from inbound raw left join message on message.inbound_id = raw.id
where raw.id = inbound.id and inbound.state = 'processed'
"""


def upgrade() -> None:
    """From 0001."""
    _mailbox()
    _inbound()
    _screening()
    op.create_index("outbound_held_idx", "outbound", ["id"], postgresql_where=sa.text("state = 'held'"))


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("cursor", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("behind", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("mailbox_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "place", name=op.f("mailbox_pkey")),
    )


def _inbound() -> None:
    op.add_column("inbound", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("inbound", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("inbound", sa.Column("cleared", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("inbound", sa.Column("stored", sa.Text(), nullable=True))
    op.execute(OUTCOMES)
    op.create_index("inbound_held_idx", "inbound", ["id"], postgresql_where=sa.text("state = 'held'"))
    op.create_index("inbound_received_idx", "inbound", ["received_at"])


def _screening() -> None:
    op.create_table(
        "sender_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("sender_rule_made_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sender_rule_pkey")),
        sa.UniqueConstraint("pattern", name=op.f("sender_rule_pattern_key")),
    )
    op.create_table(
        "arrival_mark",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("arrival_mark_pkey")),
    )
    op.create_index("arrival_mark_idx", "arrival_mark", ["mark", "at"])
    op.create_index("arrival_mark_at_idx", "arrival_mark", ["at"])
    op.create_table(
        "breaker",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tripped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reset_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reset_by", sa.BigInteger(), nullable=True),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["reset_by"], ["person.id"], name=op.f("breaker_reset_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("breaker_pkey")),
    )
    op.create_index("breaker_open_idx", "breaker", ["name"], unique=True, postgresql_where=sa.text("reset_at is null"))
    op.create_table(
        "file_scan",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("file_scan_pkey")),
    )
    op.create_index("file_scan_waiting_idx", "file_scan", ["asked_at"], postgresql_where=sa.text("verdict is null"))
