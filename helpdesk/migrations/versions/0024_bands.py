"""Bands of likeness as rows of their own: the newest tickets of a band are the first of an index."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is kept already is written down once more; the index over lists of bands goes."""
    op.create_table(
        "ticket_band",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "ticket_id", name=op.f("ticket_band_pkey")),
    )
    op.execute("insert into ticket_band select distinct unnest(bands), ticket_id from ticket_likeness")
    op.drop_index("ticket_likeness_bands", table_name="ticket_likeness")
