"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

WORDS = """
create extension if not exists unaccent;
create extension if not exists pg_trgm;
create text search configuration helpdesk (copy = simple);
alter text search configuration helpdesk
  alter mapping for asciiword, asciihword, hword_asciipart with english_stem;
alter text search configuration helpdesk
  alter mapping for word, hword, hword_part with unaccent, greek_stem;
"""

JOURNAL = """
create table journal_tombstone (
  ticket_id bigint primary key,
  events bigint not null,
  reason text not null,
  at timestamptz not null
);
create function refuse_journal_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('helpdesk.erasing', true) = 'yes' then
    return old;
  end if;
  raise exception 'the journal is append-only' using errcode = 'restrict_violation';
end $$;
create trigger ticket_event_rows before update or delete on ticket_event
  for each row execute function refuse_journal_change();
create trigger ticket_event_whole before truncate on ticket_event
  for each statement execute function refuse_journal_change();
create function erase_journal(ticket bigint, why text, moment timestamptz) returns bigint
  language plpgsql security definer set search_path = public as $$
declare gone bigint;
begin
  perform set_config('helpdesk.erasing', 'yes', true);
  delete from ticket_event where ticket_id = ticket;
  get diagnostics gone = row_count;
  perform set_config('helpdesk.erasing', 'no', true);
  insert into journal_tombstone (ticket_id, events, reason, at) values (ticket, gone, why, moment)
    on conflict (ticket_id) do update set events = journal_tombstone.events + excluded.events;
  return gone;
end $$;
revoke execute on function erase_journal from public;
"""

ARTICLES = """
create function keep_article_words() returns trigger language plpgsql as $$
begin
  new.words :=
    setweight(to_tsvector('helpdesk', coalesce(new.titles->>'el', '') || ' ' || coalesce(new.titles->>'en', '')), 'A')
    || to_tsvector('helpdesk', coalesce(new.bodies->>'el', '') || ' ' || coalesce(new.bodies->>'en', ''));
  return new;
end $$;
create trigger article_words before insert or update of titles, bodies on article
  for each row execute function keep_article_words();
"""

HOUSE = """
create trigger house_event_rows before update or delete on house_event
  for each row execute function refuse_journal_change();
create trigger house_event_whole before truncate on house_event
  for each statement execute function refuse_journal_change();
"""

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first tables."""
    op.execute(WORDS)
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("descriptions", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("category_parent_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("category_pkey")),
        sa.UniqueConstraint("key", name=op.f("category_key_key")),
    )
    op.create_index(op.f("category_parent_id_idx"), "category", ["parent_id"], unique=False)
    op.create_table(
        "department",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("descriptions", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("calendar_key", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("department_pkey")),
        sa.UniqueConstraint("key", name=op.f("department_key_key")),
    )
    op.create_table(
        "failure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("failure_pkey")),
        sa.UniqueConstraint("what", "address", name=op.f("failure_what_address_key")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="el", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
    )
    op.create_index("person_email_key", "person", ["email"], unique=True, postgresql_where=sa.text("email is not null"))
    op.create_index(
        "person_email_words",
        "person",
        ["email"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "person_name_words",
        "person",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "person_phone_idx", "person", ["phone"], unique=False, postgresql_where=sa.text("phone is not null")
    )
    op.create_table(
        "sent_automatically",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("address", "day", name=op.f("sent_automatically_pkey")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("setting_pkey")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("api_token_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("api_token_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("api_token_token_hash_key")),
    )
    op.create_index(op.f("api_token_person_id_idx"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("canned_reply_department_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("canned_reply_pkey")),
        sa.UniqueConstraint("key", name=op.f("canned_reply_key_key")),
    )
    op.create_index(op.f("canned_reply_department_id_idx"), "canned_reply", ["department_id"], unique=False)
    op.create_table(
        "channel_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("channel_account_department_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("channel_account_pkey")),
        sa.UniqueConstraint("kind", "address", name=op.f("channel_account_kind_address_key")),
    )
    op.create_index(op.f("channel_account_department_id_idx"), "channel_account", ["department_id"], unique=False)
    op.create_table(
        "house_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("house_event_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("house_event_pkey")),
    )
    op.create_index("house_event_thing_idx", "house_event", ["kind", "thing_id", "id"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("idempotency_key_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("idempotency_key_pkey")),
        sa.UniqueConstraint("person_id", "key", name=op.f("idempotency_key_person_id_key_key")),
    )
    op.create_index("idempotency_key_created_at_idx", "idempotency_key", ["created_at"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("login_session_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("login_session_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("login_session_token_hash_key")),
    )
    op.create_index(op.f("login_session_person_id_idx"), "login_session", ["person_id"], unique=False)
    op.create_table(
        "password_reset",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("password_reset_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("password_reset_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("password_reset_token_hash_key")),
    )
    op.create_index(op.f("password_reset_person_id_idx"), "password_reset", ["person_id"], unique=False)
    op.create_table(
        "rulebook",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_by_id", sa.BigInteger(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("rulebook_created_by_id_fkey")),
        sa.ForeignKeyConstraint(["in_force_by_id"], ["person.id"], name=op.f("rulebook_in_force_by_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("rulebook_pkey")),
        sa.UniqueConstraint("kind", "key", "number", name=op.f("rulebook_kind_key_number_key")),
    )
    op.create_index(
        "rulebook_in_force_key",
        "rulebook",
        ["kind", "key"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("descriptions", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("phase", sa.Text(), server_default="live", nullable=False),
        sa.Column("type", sa.Text(), server_default="request", nullable=False),
        sa.Column("impact", sa.Text(), server_default="medium", nullable=False),
        sa.Column("urgency", sa.Text(), server_default="medium", nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("featured", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("icon", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("service_category_id_fkey")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("service_department_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_pkey")),
        sa.UniqueConstraint("key", name=op.f("service_key_key")),
    )
    op.create_index(op.f("service_category_id_idx"), "service", ["category_id"], unique=False)
    op.create_index(op.f("service_department_id_idx"), "service", ["department_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("skills", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("capacity", sa.BigInteger(), server_default=sa.text("20"), nullable=False),
        sa.Column("calendar_key", sa.Text(), nullable=True),
        sa.Column("signature", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("staff_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("staff_pkey")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("team_department_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("team_pkey")),
        sa.UniqueConstraint("key", name=op.f("team_key_key")),
    )
    op.create_index(op.f("team_department_id_idx"), "team", ["department_id"], unique=False)
    op.create_table(
        "article",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bodies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("published", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("article_department_id_fkey")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("article_service_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("article_pkey")),
        sa.UniqueConstraint("key", name=op.f("article_key_key")),
    )
    op.create_index(op.f("article_department_id_idx"), "article", ["department_id"], unique=False)
    op.create_index(op.f("article_service_id_idx"), "article", ["service_id"], unique=False)
    op.create_index("article_words_idx", "article", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "membership",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("lead", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("membership_department_id_fkey")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.person_id"], name=op.f("membership_staff_id_fkey")),
        sa.PrimaryKeyConstraint("staff_id", "department_id", name=op.f("membership_pkey")),
    )
    op.create_index(op.f("membership_department_id_idx"), "membership", ["department_id"], unique=False)
    op.create_table(
        "outage",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("outage_service_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("outage_pkey")),
    )
    op.create_index(op.f("outage_service_id_idx"), "outage", ["service_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.person_id"], name=op.f("team_member_staff_id_fkey")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("team_member_team_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "staff_id", name=op.f("team_member_pkey")),
    )
    op.create_index(op.f("team_member_staff_id_idx"), "team_member", ["staff_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False, start=100001), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("protocol_number", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "is_open",
            sa.Boolean(),
            sa.Computed("status not in ('resolved', 'closed', 'cancelled', 'merged')", persisted=True),
            nullable=False,
        ),
        sa.Column("waiting_reason", sa.Text(), nullable=True),
        sa.Column("waiting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("requester_id", sa.BigInteger(), nullable=True),
        sa.Column("on_behalf_of_id", sa.BigInteger(), nullable=True),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("priority_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("routing", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("escalation_level", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("major", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("automatic", sa.Text(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=True),
        sa.Column("matrix_id", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution_code", sa.Text(), nullable=True),
        sa.Column("resolution_text", sa.Text(), nullable=True),
        sa.Column("reopened", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tracking_version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("ticket_assignee_id_fkey")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("ticket_category_id_fkey")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("ticket_department_id_fkey")),
        sa.ForeignKeyConstraint(["matrix_id"], ["rulebook.id"], name=op.f("ticket_matrix_id_fkey")),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["person.id"], name=op.f("ticket_on_behalf_of_id_fkey")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("ticket_owner_id_fkey")),
        sa.ForeignKeyConstraint(["policy_id"], ["rulebook.id"], name=op.f("ticket_policy_id_fkey")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("ticket_requester_id_fkey")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("ticket_service_id_fkey")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("ticket_team_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("ticket_pkey")),
        sa.UniqueConstraint("protocol_number", name=op.f("ticket_protocol_number_key")),
    )
    op.create_index(
        "ticket_assignee_idx",
        "ticket",
        ["assignee_id", "id"],
        unique=False,
        postgresql_where=sa.text("assignee_id is not null"),
    )
    op.create_index("ticket_department_received_idx", "ticket", ["department_id", "received_at"], unique=False)
    op.create_index(
        "ticket_open_assignee_idx",
        "ticket",
        ["assignee_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ticket_open_department_idx",
        "ticket",
        ["department_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ticket_open_free_idx",
        "ticket",
        ["department_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open and assignee_id is null"),
    )
    op.create_index(
        "ticket_open_idx", "ticket", ["next_due_at", "id"], unique=False, postgresql_where=sa.text("is_open")
    )
    op.create_index("ticket_received_idx", "ticket", ["received_at", "id"], unique=False)
    op.create_index("ticket_requester_idx", "ticket", ["requester_id", "id"], unique=False)
    op.create_index(
        "ticket_resolved_at_idx",
        "ticket",
        ["resolved_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at is not null"),
    )
    op.create_index(
        "ticket_resolved_idx",
        "ticket",
        ["resolved_at"],
        unique=False,
        postgresql_where=sa.text("status = 'resolved'"),
    )
    op.create_index(
        "ticket_subject_words",
        "ticket",
        ["subject"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"subject": "gin_trgm_ops"},
    )
    op.create_index(
        "ticket_waiting_department_idx",
        "ticket",
        ["department_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text(
            "status in ('waiting_requester', 'waiting_supplier', 'waiting_internal', 'scheduled')"
        ),
    )
    op.create_index(
        "ticket_waiting_idx",
        "ticket",
        ["waiting_until"],
        unique=False,
        postgresql_where=sa.text("waiting_until is not null"),
    )
    op.create_table(
        "clock_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cycle", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("clock_step_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("clock_step_pkey")),
        sa.UniqueConstraint(
            "ticket_id", "clock", "cycle", "step", name=op.f("clock_step_ticket_id_clock_cycle_step_key")
        ),
    )
    op.create_table(
        "form_receipt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("form_receipt_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("form_receipt_pkey")),
    )
    op.create_index(op.f("form_receipt_created_at_idx"), "form_receipt", ["created_at"], unique=False)
    op.create_index(op.f("form_receipt_ticket_id_idx"), "form_receipt", ["ticket_id"], unique=False)
    op.create_table(
        "form_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("form_draft_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("form_draft_token_hash_key")),
    )
    op.create_index(op.f("form_draft_expires_at_idx"), "form_draft", ["expires_at"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("envelope", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="kept", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("inbound_account_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("inbound_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("inbound_pkey")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("inbound_account_id_external_id_key")),
    )
    op.create_index(
        "inbound_kept_idx",
        "inbound",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'kept'"),
    )
    op.create_index(
        "inbound_processed_idx",
        "inbound",
        ["processed_at"],
        unique=False,
        postgresql_where=sa.text("processed_at is not null"),
    )
    op.create_index(op.f("inbound_ticket_id_idx"), "inbound", ["ticket_id"], unique=False)
    op.create_index(
        "inbound_unreadable_idx",
        "inbound",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'unreadable'"),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["ticket.id"], name=op.f("link_from_id_fkey")),
        sa.ForeignKeyConstraint(["to_id"], ["ticket.id"], name=op.f("link_to_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("link_pkey")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name=op.f("link_from_id_to_id_kind_key")),
    )
    op.create_index(op.f("link_to_id_idx"), "link", ["to_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("participant_person_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("participant_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("participant_pkey")),
    )
    op.create_index(op.f("participant_person_id_idx"), "participant", ["person_id"], unique=False)
    op.create_table(
        "ticket_clock",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cycle", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("target_seconds", sa.BigInteger(), nullable=False),
        sa.Column("elapsed_seconds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("paused_seconds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_seconds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("retargeted_after_breach", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["calendar_id"], ["rulebook.id"], name=op.f("ticket_clock_calendar_id_fkey")),
        sa.ForeignKeyConstraint(["policy_id"], ["rulebook.id"], name=op.f("ticket_clock_policy_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("ticket_clock_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("ticket_clock_pkey")),
        sa.UniqueConstraint("ticket_id", "name", "cycle", name=op.f("ticket_clock_ticket_id_name_cycle_key")),
    )
    op.create_index(
        "ticket_clock_next_step_idx",
        "ticket_clock",
        ["next_step_at"],
        unique=False,
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.create_index("ticket_clock_started_idx", "ticket_clock", ["name", "started_at"], unique=False)
    op.create_table(
        "ticket_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("ticket_event_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("ticket_event_pkey")),
    )
    op.create_index("ticket_event_ticket_idx", "ticket_event", ["ticket_id", "id"], unique=False)
    op.create_index("ticket_event_type_idx", "ticket_event", ["type", "at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("reply_text", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("automatic", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("inbound_id", sa.BigInteger(), nullable=True),
        sa.Column("authentication", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("warnings", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("delivery_state", sa.Text(), nullable=True),
        sa.Column("delivery_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("message_author_id_fkey")),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("message_inbound_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("message_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_pkey")),
    )
    op.create_index(
        "message_external_idx",
        "message",
        ["external_id"],
        unique=False,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index(op.f("message_inbound_id_idx"), "message", ["inbound_id"], unique=False)
    op.create_index("message_ticket_idx", "message", ["ticket_id", "at", "id"], unique=False)
    op.create_index(
        "message_undelivered_idx",
        "message",
        ["ticket_id"],
        unique=False,
        postgresql_where=sa.text("delivery_state in ('refused', 'unknown', 'bounced')"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("inline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("attachment_message_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("attachment_pkey")),
    )
    op.create_index(op.f("attachment_message_id_idx"), "attachment", ["message_id"], unique=False)
    op.create_index(op.f("attachment_sha256_idx"), "attachment", ["sha256"], unique=False)
    op.create_table(
        "message_words",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("message_words_message_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("message_words_pkey")),
    )
    op.create_index("message_words_at_idx", "message_words", ["at"], unique=False)
    op.create_index("message_words_idx", "message_words", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "outbound",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), server_default="", nullable=False),
        sa.Column("automatic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("outbound_account_id_fkey")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("outbound_message_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("outbound_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("outbound_pkey")),
        sa.UniqueConstraint("external_id", name=op.f("outbound_external_id_key")),
    )
    op.create_index(
        "outbound_claimed_idx",
        "outbound",
        ["claimed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "outbound_due_idx",
        "outbound",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(op.f("outbound_message_id_idx"), "outbound", ["message_id"], unique=False)
    op.create_index(
        "outbound_settled_badly_idx",
        "outbound",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state in ('refused', 'unknown')"),
    )
    op.create_index(op.f("outbound_ticket_id_idx"), "outbound", ["ticket_id"], unique=False)
    op.execute(JOURNAL)
    op.execute(ARTICLES)
    op.execute(HOUSE)
    op.execute("alter table inbound alter column raw set storage external")
