"""What is known of a ticket's end beside its code and text."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0013."""
    op.add_column("ticket", sa.Column("root_cause", sa.Text(), nullable=True))
    op.add_column("ticket", sa.Column("workaround_used", sa.Boolean(), nullable=True))
    op.add_column("ticket", sa.Column("verified_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("ticket_verified_by_id_fkey"), "ticket", "person", ["verified_by_id"], ["id"])
