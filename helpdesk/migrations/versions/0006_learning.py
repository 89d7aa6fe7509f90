"""Versions of the classifier, and what became of its proposals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates both tables."""
    moment, empty = sa.DateTime(timezone=True), sa.text("'{}'")
    op.create_table(
        "routing_model",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("examples", sa.BigInteger(), nullable=False),
        sa.Column("thresholds", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("figures", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("trained_at", moment, nullable=False),
        sa.Column("trained_by_id", sa.BigInteger(), nullable=True),
        sa.Column("in_force_at", moment, nullable=True),
        sa.Column("retired_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["trained_by_id"], ["person.id"], name="routing_model_trained_by_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="routing_model_pkey"),
        sa.UniqueConstraint("number", name="routing_model_number_key"),
    )
    in_force = sa.text("state = 'in_force'")
    op.create_index("routing_model_in_force_key", "routing_model", ["state"], unique=True, postgresql_where=in_force)
    op.create_table(
        "proposal",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("model", sa.BigInteger(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("routed", sa.Boolean(), nullable=False),
        sa.Column("settled_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", moment, nullable=True),
        sa.Column("settled_how", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="proposal_ticket_id_fkey"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="proposal_department_id_fkey"),
        sa.ForeignKeyConstraint(["settled_id"], ["department.id"], name="proposal_settled_id_fkey"),
        sa.PrimaryKeyConstraint("ticket_id", name="proposal_pkey"),
    )
    settled = sa.text("settled_at is not null")
    op.create_index("proposal_settled_idx", "proposal", ["settled_at"], postgresql_where=settled)
