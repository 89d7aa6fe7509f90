"""Who may read a help article; which unanswered questions of the bot an editor took up."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0022; what was published stays for everybody."""
    op.add_column("article", sa.Column("audience", sa.Text(), server_default="public", nullable=False))
    op.add_column("bot_turn", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
