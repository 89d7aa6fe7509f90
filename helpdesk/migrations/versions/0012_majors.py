"""Major incidents, what monitoring reports, and the place of a ticket in the queue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0011."""
    _major_incident()
    _major_proposal()
    _signal()
    _major_child()
    _major_review()
    _major_stakeholder()
    _major_update()
    _major_letter()
    _queue()


def _major_incident() -> None:
    op.create_table(
        "major_incident",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("summaries", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("coordinator_id", sa.BigInteger(), nullable=False),
        sa.Column("service_ids", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("update_minutes", sa.BigInteger(), nullable=False),
        sa.Column("next_update_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarms", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("outage_id", sa.BigInteger(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.BigInteger(), nullable=True),
        sa.Column("resolutions", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("settling", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["coordinator_id"], ["person.id"], name=op.f("major_incident_coordinator_id_fkey")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["person.id"], name=op.f("major_incident_declared_by_id_fkey")),
        sa.ForeignKeyConstraint(
            ["outage_id"], ["outage.id"], name=op.f("major_incident_outage_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("major_incident_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("major_incident_pkey")),
    )
    op.create_index(
        "major_incident_lasting_idx", "major_incident", ["declared_at"], postgresql_where=sa.text("ended_at is null")
    )
    op.create_index(
        "major_incident_settling_idx", "major_incident", ["ticket_id"], postgresql_where=sa.text("settling")
    )
    op.create_index(
        "major_incident_update_idx",
        "major_incident",
        ["next_update_at"],
        postgresql_where=sa.text("next_update_at is not null"),
    )


def _major_proposal() -> None:
    op.create_table(
        "major_proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("similar", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("minutes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("major_proposal_service_id_fkey")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("major_proposal_settled_by_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("major_proposal_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("major_proposal_pkey")),
    )
    op.create_index("major_proposal_open_idx", "major_proposal", ["at"], postgresql_where=sa.text("state = 'open'"))
    op.create_index(
        "major_proposal_service_key",
        "major_proposal",
        ["service_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "major_proposal_ticket_key",
        "major_proposal",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def _signal() -> None:
    op.create_table(
        "signal",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("reports", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("signal_account_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("signal_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("signal_pkey")),
    )
    op.create_index("signal_last_idx", "signal", ["account_id", "last_at"])
    op.create_index(
        "signal_opened_idx", "signal", ["account_id", "opened_at"], postgresql_where=sa.text("opened_at is not null")
    )
    op.create_index("signal_ticket_idx", "signal", ["ticket_id"], postgresql_where=sa.text("ticket_id is not null"))


def _major_child() -> None:
    op.create_table(
        "major_child",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="linked", nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["linked_by_id"], ["person.id"], name=op.f("major_child_linked_by_id_fkey")),
        sa.ForeignKeyConstraint(["parent_id"], ["major_incident.ticket_id"], name=op.f("major_child_parent_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("major_child_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("major_child_pkey")),
    )
    op.create_index("major_child_parent_idx", "major_child", ["parent_id", "state", "ticket_id"])


def _major_review() -> None:
    op.create_table(
        "major_review",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("timeline", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("went_well", sa.Text(), server_default="", nullable=False),
        sa.Column("went_badly", sa.Text(), server_default="", nullable=False),
        sa.Column("actions", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("finished", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("major_review_saved_by_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["major_incident.ticket_id"], name=op.f("major_review_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("major_review_pkey")),
    )


def _major_stakeholder() -> None:
    op.create_table(
        "major_stakeholder",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer_body.id"], name=op.f("major_stakeholder_customer_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("major_stakeholder_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["major_incident.ticket_id"], name=op.f("major_stakeholder_ticket_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("major_stakeholder_pkey")),
        sa.UniqueConstraint("ticket_id", "email", name=op.f("major_stakeholder_ticket_id_email_key")),
    )


def _major_update() -> None:
    op.create_table(
        "major_update",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("major_update_author_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["major_incident.ticket_id"], name=op.f("major_update_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("major_update_pkey")),
    )
    op.create_index("major_update_ticket_idx", "major_update", ["ticket_id", "id"])
    op.create_index("major_update_undone_idx", "major_update", ["id"], postgresql_where=sa.text("done_at is null"))


def _major_letter() -> None:
    op.create_table(
        "major_letter",
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("major_letter_message_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("major_letter_person_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("major_letter_ticket_id_fkey")),
        sa.ForeignKeyConstraint(["update_id"], ["major_update.id"], name=op.f("major_letter_update_id_fkey")),
        sa.PrimaryKeyConstraint("update_id", "ticket_id", name=op.f("major_letter_pkey")),
    )
    op.create_index("major_letter_person_key", "major_letter", ["update_id", "person_id"], unique=True)


def _queue() -> None:
    op.add_column(
        "ticket",
        sa.Column(
            "queue_at",
            sa.DateTime(timezone=True),
            sa.Computed(
                "case when major then '1970-01-01 00:00:00+00'::timestamptz else next_due_at end", persisted=True
            ),
            nullable=False,
        ),
    )
    op.drop_index("ticket_open_assignee_idx", table_name="ticket")
    op.create_index(
        "ticket_open_assignee_idx", "ticket", ["assignee_id", "queue_at", "id"], postgresql_where=sa.text("is_open")
    )
    op.drop_index("ticket_open_department_idx", table_name="ticket")
    op.create_index(
        "ticket_open_department_idx", "ticket", ["department_id", "queue_at", "id"], postgresql_where=sa.text("is_open")
    )
    op.drop_index("ticket_open_free_idx", table_name="ticket")
    op.create_index(
        "ticket_open_free_idx",
        "ticket",
        ["department_id", "queue_at", "id"],
        postgresql_where=sa.text("is_open and assignee_id is null"),
    )
    op.drop_index("ticket_open_idx", table_name="ticket")
    op.create_index("ticket_open_idx", "ticket", ["queue_at", "id"], postgresql_where=sa.text("is_open"))
    op.drop_index("ticket_waiting_department_idx", table_name="ticket")
    op.create_index(
        "ticket_waiting_department_idx",
        "ticket",
        ["department_id", "queue_at", "id"],
        postgresql_where=sa.text(
            "status in ('waiting_requester', 'waiting_supplier', 'waiting_internal', 'scheduled')"
        ),
    )
    op.drop_index("ticket_open_owner_idx", table_name="ticket")
    op.create_index(
        "ticket_open_owner_idx", "ticket", ["owner_id", "queue_at", "id"], postgresql_where=sa.text("is_open")
    )
    op.create_index(
        "ticket_incident_idx", "ticket", ["service_id", "received_at"], postgresql_where=sa.text("type = 'incident'")
    )
