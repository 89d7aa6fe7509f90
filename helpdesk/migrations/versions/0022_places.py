"""Calls back: a place kept in the line, appointments in writing, when retries come, and who was told of too many."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE, _PHONE, _PLACE = "callback_promise", "callback_promise_phone_key", "callback_promise_place_idx"
_ASKED = sa.text("state in ('scheduled', 'ringing', 'retry_wait') and origin <> 'agent' and phone <> ''")
_WAITS = sa.text("place_since is not null and state = 'scheduled'")


def upgrade() -> None:
    """Every promise so far is a call by telephone without a place in the line; retries come as they did."""
    op.add_column(_TABLE, sa.Column("way", sa.Text(), server_default="phone", nullable=False))
    op.add_column(_TABLE, sa.Column("place_since", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(_PHONE, _TABLE)
    op.create_index(_PHONE, _TABLE, ["phone"], unique=True, postgresql_where=_ASKED)
    op.create_index(_PLACE, _TABLE, ["department_id", "place_since"], postgresql_where=_WAITS)
    rung = sa.text("phone <> ''")
    op.create_index("callback_promise_number_idx", _TABLE, ["phone", "promised_at"], postgresql_where=rung)
    for name, usual in (("soon_minutes", "10"), ("later_minutes", "120")):
        kept = sa.Column(name, sa.BigInteger(), server_default=sa.text(usual), nullable=False)
        op.add_column("department_callback", kept)
    told = sa.Column("over_told", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("callback_slot", told)
