"""Owners and examples in the registers, complaints about staff, people to be handled with care, the protocol."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ESCALATION = ("escalation_name", "escalation_email", "escalation_phone")
_TEXTS = postgresql.JSONB(astext_type=sa.Text())


def _point(table: str, name: str, to: str, key: str = "id") -> None:
    op.add_column(table, sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f(f"{table}_{name}_fkey"), table, to, [name], [key])


def _flag(table: str, name: str, usual: str) -> None:
    op.add_column(table, sa.Column(name, sa.Boolean(), server_default=sa.text(usual), nullable=False))


def upgrade() -> None:
    """From 0015."""
    _registers()
    _tickets()
    op.add_column("person", sa.Column("care", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("care_reason", sa.Text(), server_default="", nullable=False))
    op.create_index("person_care_idx", "person", ["id"], unique=False, postgresql_where=sa.text("care is not null"))
    _protocol()


def _registers() -> None:
    _point("department", "owner_id", "staff", "person_id")
    for place in ("department", "team"):
        for name in ESCALATION:
            op.add_column(place, sa.Column(name, sa.Text(), server_default="", nullable=False))
    _flag("team", "active", "true")
    op.add_column("category", sa.Column("examples", _TEXTS, server_default="{}", nullable=False))
    op.add_column("category", sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    _point("category", "successor_id", "category")
    _point("service", "owner_id", "staff", "person_id")
    _point("service", "supplier_id", "supplier")
    _point("service", "successor_id", "service")
    _flag("service", "application", "false")


def _tickets() -> None:
    op.add_column("ticket", sa.Column("complained_of", postgresql.ARRAY(sa.BigInteger()), nullable=True))
    op.create_index(
        "ticket_complained_of_idx",
        "ticket",
        ["complained_of"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("complained_of is not null"),
    )
    _point("ticket", "opening_category_id", "category")
    op.execute("update ticket set opening_category_id = category_id where category_id is not null")
    op.execute(_FIRST_CATEGORY)


_FIRST_CATEGORY = """
    update ticket set opening_category_id = cast(first.data->'previous'->>'category_id' as bigint)
    from (select distinct on (ticket_id) ticket_id, data from ticket_event
          where type = 'ticket_classified' and data->'previous' ? 'category_id' order by ticket_id, id) as first
    where first.ticket_id = ticket.id
"""
"""The journal knows which category a ticket had before it got its first other one."""


def _protocol() -> None:
    op.create_table(
        "protocol_year",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("protocol_year_pkey")),
    )
    op.create_table(
        "protocol_entry",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("protocol_entry_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("year", "number", name=op.f("protocol_entry_pkey")),
        sa.UniqueConstraint("ticket_id", name=op.f("protocol_entry_ticket_id_key")),
    )
