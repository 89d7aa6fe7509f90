"""Telephony: numbers, menus, prompts, calls with their legs and reports, recordings, missed calls, refused hooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0018."""
    _phone_menu()
    _phone_number()
    _phone_prompt()
    _phone_line()
    _call()
    _call_indexes()
    _call_leg()
    _call_event()
    _recording()
    _missed_call()
    _hook_refused()


def _phone_menu() -> None:
    op.create_table(
        "phone_menu",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", JSONB(), nullable=False),
        sa.Column("tree", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="phone_menu_pkey"),
        sa.UniqueConstraint("key", name="phone_menu_key_key"),
    )


def _phone_number() -> None:
    op.create_table(
        "phone_number",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("names", JSONB(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("calendar_key", sa.Text(), nullable=True),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{el,en}", nullable=False),
        sa.Column("menu_id", sa.BigInteger(), nullable=True),
        sa.Column("longest_wait", sa.BigInteger(), server_default=sa.text("900"), nullable=False),
        sa.Column("missed_after", sa.BigInteger(), server_default=sa.text("5"), nullable=False),
        sa.Column("voicemail", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("records", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("keep_days", sa.BigInteger(), server_default=sa.text("90"), nullable=False),
        sa.Column("texts", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name="phone_number_account_id_fkey"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="phone_number_department_id_fkey"),
        sa.ForeignKeyConstraint(["menu_id"], ["phone_menu.id"], name="phone_number_menu_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="phone_number_pkey"),
        sa.UniqueConstraint("number", name="phone_number_number_key"),
    )
    op.create_index("phone_number_department_id_idx", "phone_number", ["department_id"], unique=False)


def _phone_prompt() -> None:
    op.create_table(
        "phone_prompt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("content_type", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "language", name="phone_prompt_pkey"),
    )


def _phone_line() -> None:
    op.create_table(
        "phone_line",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["staff.person_id"], name="phone_line_person_id_fkey"),
        sa.PrimaryKeyConstraint("person_id", name="phone_line_pkey"),
    )


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("number_id", sa.BigInteger(), nullable=True),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("errand", sa.Text(), nullable=True),
        sa.Column("other", sa.Text(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), server_default="el", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("nonce", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("entered", sa.Text(), server_default="", nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("checked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bridged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrap_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name="call_account_id_fkey"),
        sa.ForeignKeyConstraint(["agent_id"], ["staff.person_id"], name="call_agent_id_fkey"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="call_department_id_fkey"),
        sa.ForeignKeyConstraint(["number_id"], ["phone_number.id"], name="call_number_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="call_person_id_fkey"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="call_ticket_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="call_pkey"),
        sa.UniqueConstraint("sid", name="call_sid_key"),
    )


def _call_indexes() -> None:
    op.create_index("call_agent_idx", "call", ["agent_id", "id"], unique=False)
    op.create_index("call_errand_idx", "call", ["errand"], unique=False, postgresql_where=sa.text("errand is not null"))
    op.create_index("call_open_idx", "call", ["check_at"], unique=False, postgresql_where=sa.text("settled_at is null"))
    op.create_index(
        "call_other_idx", "call", ["other", "id"], unique=False, postgresql_where=sa.text("other is not null")
    )
    op.create_index("call_person_id_idx", "call", ["person_id"], unique=False)
    op.create_index(
        "call_queue_idx",
        "call",
        ["department_id", "queued_at"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'offered')"),
    )
    op.create_index(
        "call_ticket_idx", "call", ["ticket_id", "id"], unique=False, postgresql_where=sa.text("ticket_id is not null")
    )
    op.create_index(
        "call_waited_idx",
        "call",
        ["department_id", "bridged_at"],
        unique=False,
        postgresql_where=sa.text("bridged_at is not null"),
    )


def _call_leg() -> None:
    op.create_table(
        "call_leg",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="call_leg_call_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="call_leg_offer_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="call_leg_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="call_leg_pkey"),
        sa.UniqueConstraint("key", name="call_leg_key_key"),
        sa.UniqueConstraint("sid", name="call_leg_sid_key"),
    )
    op.create_index("call_leg_call_idx", "call_leg", ["call_id", "id"], unique=False)
    op.create_index(
        "call_leg_open_idx", "call_leg", ["check_at"], unique=False, postgresql_where=sa.text("ended_at is null")
    )


def _call_event() -> None:
    op.create_table(
        "call_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name="call_event_account_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="call_event_pkey"),
        sa.UniqueConstraint("account_id", "sid", "kind", "mark", name="call_event_account_id_sid_kind_mark_key"),
    )
    op.create_index("call_event_at_idx", "call_event", ["at"], unique=False)
    op.create_index(
        "call_event_parked_idx", "call_event", ["at"], unique=False, postgresql_where=sa.text("applied_at is null")
    )


def _recording() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("consent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("content_type", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("confidence", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_there_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="recording_call_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="recording_pkey"),
        sa.UniqueConstraint("sid", name="recording_sid_key"),
    )
    op.create_index("recording_call_idx", "recording", ["call_id"], unique=False)
    op.create_index(
        "recording_due_idx", "recording", ["due_at"], unique=False, postgresql_where=sa.text("due_at is not null")
    )
    op.create_index(
        "recording_forget_idx",
        "recording",
        ["keep_until"],
        unique=False,
        postgresql_where=sa.text("sha256 is not null"),
    )


def _missed_call() -> None:
    op.create_table(
        "missed_call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="missed_call_department_id_fkey"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="missed_call_ticket_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="missed_call_pkey"),
    )
    op.create_index(
        "missed_call_open_key",
        "missed_call",
        ["number", "department_id"],
        unique=True,
        postgresql_where=sa.text("recovered_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("missed_call_ticket_idx", "missed_call", ["ticket_id"], unique=False)


def _hook_refused() -> None:
    op.create_table(
        "hook_refused",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "reason", "hour", name="hook_refused_pkey"),
    )
