"""Versions of the rulebook that wait for their day, and why one was retired."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the columns, and an index of what waits."""
    op.add_column("rulebook", sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rulebook", sa.Column("retired_why", sa.Text(), server_default="", nullable=False))
    waiting = sa.text("state = 'scheduled'")
    op.create_index("rulebook_scheduled_idx", "rulebook", ["starts_at"], postgresql_where=waiting)
