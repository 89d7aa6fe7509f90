"""What became of telling people, who declined letters, codes that work once, and the language of parties."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0012."""
    _informed()
    op.create_table(
        "silence",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("silence_ticket_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("silence_person_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("silence_pkey")),
    )
    op.create_table(
        "code_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("code_request_pkey")),
    )
    op.create_table(
        "one_time_code",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("one_time_code_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("one_time_code_pkey")),
    )
    for party in ("customer_body", "supplier"):
        op.add_column(party, sa.Column("language", sa.Text(), server_default="el", nullable=False))


def _informed() -> None:
    op.create_table(
        "informed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("telling", sa.Text(), nullable=False),
        sa.Column("rules_id", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("informed_ticket_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("informed_person_id_fkey")),
        sa.ForeignKeyConstraint(["rules_id"], ["rulebook.id"], name=op.f("informed_rules_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("informed_pkey")),
    )
    op.create_index("informed_ticket_idx", "informed", ["ticket_id", "id"])
    op.create_index("informed_at_idx", "informed", ["at"])
    op.create_index("informed_external_idx", "informed", ["external_id"])
