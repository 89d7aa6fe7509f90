"""Registers of customer bodies and suppliers; merged, forwarded, incomplete, extended tickets; copies of messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARTY = ("contact_name", "contact_email", "contact_phone", "escalation_name", "escalation_email", "escalation_phone")


def _create_party(name: str) -> None:
    texts = [sa.Column(one, sa.Text(), server_default="", nullable=False) for one in PARTY]
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *texts[:3],
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        *texts[3:],
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.person_id"], name=op.f(f"{name}_owner_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{name}_pkey")),
        sa.UniqueConstraint("key", name=op.f(f"{name}_key_key")),
    )


def _add(table: str, name: str, to: str) -> None:
    op.add_column(table, sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f(f"{table}_{name}_fkey"), table, to, [name], ["id"])


def upgrade() -> None:
    for party in ("customer_body", "supplier"):
        _create_party(party)
    _add("service", "customer_id", "customer_body")
    op.create_index(op.f("service_customer_id_idx"), "service", ["customer_id"], unique=False)
    _add("ticket", "customer_id", "customer_body")
    _add("ticket", "supplier_id", "supplier")
    op.add_column("ticket", sa.Column("forwarded_to", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("ticket", sa.Column("incomplete_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("extended_days", sa.BigInteger(), nullable=True))
    _add("ticket", "merged_into_id", "ticket")
    _add("ticket", "survivor_id", "ticket")
    op.create_index(
        "ticket_survivor_idx",
        "ticket",
        ["survivor_id"],
        unique=False,
        postgresql_where=sa.text("survivor_id is not null"),
    )
    _add("message", "copy_of_id", "message")
    op.create_index(
        "message_copy_idx",
        "message",
        ["copy_of_id"],
        unique=False,
        postgresql_where=sa.text("copy_of_id is not null"),
    )
