"""The chat: when who waits is asked whether they wait on, and since when it is asked who is there."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who waits already is asked at once: they have waited for long."""
    op.add_column("chat", sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("chat", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update chat set ask_at = queued_at where state = 'queued'")
