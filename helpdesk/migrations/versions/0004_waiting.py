"""How the waiting of a ticket goes on, and steps whose effect was set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING_NOW = """
insert into ticket_wait (ticket_id, reason, since, set_by_id, next_at)
select ticket.id, coalesce(ticket.waiting_reason, ''), coalesce(moved.at, ticket.updated_at), moved.actor_id,
       ticket.waiting_until
from ticket left join lateral (
    select ticket_event.at, ticket_event.actor_id from ticket_event
    where ticket_event.ticket_id = ticket.id and ticket_event.type = 'status_changed'
    order by ticket_event.id desc limit 1) as moved on true
where ticket.status in ('waiting_requester', 'waiting_supplier', 'waiting_internal', 'scheduled')
"""


def upgrade() -> None:
    """What waits now waits on, with the end it was given and without reminders; the steps that fired stand."""
    op.create_table(
        "ticket_wait",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by_id", sa.BigInteger(), nullable=True),
        sa.Column("rules_id", sa.BigInteger(), nullable=True),
        sa.Column("reminders", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["rules_id"], ["rulebook.id"], name=op.f("ticket_wait_rules_id_fkey")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("ticket_wait_set_by_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("ticket_wait_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("ticket_wait_pkey")),
    )
    op.create_index(
        "ticket_wait_next_idx",
        "ticket_wait",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.execute(WAITING_NOW)
    op.add_column("clock_step", sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clock_step", sa.Column("error", sa.Text(), nullable=True))
    op.create_index(
        "clock_step_again_idx",
        "clock_step",
        ["again_at"],
        unique=False,
        postgresql_where=sa.text("again_at is not null"),
    )
