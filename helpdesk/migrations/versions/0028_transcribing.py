"""Numbers whose recordings a machine of the body's own writes down."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None, as delivered."""
    off: sa.Column[bool] = sa.Column("transcribes", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("phone_number", off)
