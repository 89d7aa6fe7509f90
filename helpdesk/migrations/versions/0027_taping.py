"""Talks that are recorded: what the citizen said to it, and since when a recording is paused."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was asked yet, and nothing is paused."""
    op.add_column("call", sa.Column("consent", sa.Text(), nullable=True))
    op.add_column("recording", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
