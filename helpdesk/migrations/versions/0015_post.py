"""People whom mail does not reach; which raw post is old enough to be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0014."""
    op.add_column("person", sa.Column("mail_returned", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("person", sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True))
    raw = sa.text("raw is not null or stored is not null")
    op.create_index("inbound_forget_idx", "inbound", ["processed_at"], postgresql_where=raw)
    op.create_index("outbound_forget_idx", "outbound", ["settled_at"], postgresql_where=sa.text("payload <> '{}'"))
