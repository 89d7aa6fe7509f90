"""Letters about tickets by the moment they were put, for the share that left in time."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0016."""
    op.create_index("outbound_told_idx", "outbound", ["created_at"], postgresql_where=sa.text("ticket_id is not null"))
