"""Models of work on tickets, and problems with their known errors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS = """
create function keep_problem_words() returns trigger language plpgsql as $$
begin
  new.words :=
    setweight(to_tsvector('helpdesk', concat_ws(' ', new.titles->>'el', new.titles->>'en',
                                                new.symptoms->>'el', new.symptoms->>'en')), 'A')
    || setweight(to_tsvector('helpdesk', concat_ws(' ', new.causes->>'el', new.causes->>'en',
                                                   new.workarounds->>'el', new.workarounds->>'en')), 'C');
  return new;
end $$;
create trigger problem_words before insert or update of titles, symptoms, causes, workarounds on problem
  for each row execute function keep_problem_words();
"""
MOMENT, TEXTS = sa.DateTime(timezone=True), postgresql.JSONB(astext_type=sa.Text())


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [other], name=op.f(f"{table}_{column}_fkey"))


def upgrade() -> None:
    """From 0010."""
    _problems()
    _procedures()


def _problems() -> None:
    op.create_table(
        "problem",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("titles", TEXTS, nullable=False),
        sa.Column("symptoms", TEXTS, server_default="{}", nullable=False),
        sa.Column("causes", TEXTS, server_default="{}", nullable=False),
        sa.Column("workarounds", TEXTS, server_default="{}", nullable=False),
        sa.Column("no_workaround", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by_id", sa.BigInteger(), nullable=True),
        sa.Column("declared_at", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=True),
        _to("problem", "service_id", "service.id"),
        _to("problem", "category_id", "category.id"),
        _to("problem", "owner_id", "staff.person_id"),
        _to("problem", "opened_by_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("problem_pkey")),
    )
    op.create_index(op.f("problem_service_id_idx"), "problem", ["service_id"])
    op.create_index(op.f("problem_category_id_idx"), "problem", ["category_id"])
    op.create_index("problem_words_idx", "problem", ["words"], postgresql_using="gin")
    unsolved = sa.text("state <> 'resolved' and active")
    op.create_index("problem_review_idx", "problem", ["review_on"], postgresql_where=unsolved)
    op.execute(WORDS)
    op.create_table(
        "problem_ticket",
        sa.Column("problem_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        _to("problem_ticket", "problem_id", "problem.id"),
        _to("problem_ticket", "ticket_id", "ticket.id"),
        _to("problem_ticket", "by_id", "person.id"),
        sa.PrimaryKeyConstraint("problem_id", "ticket_id", name=op.f("problem_ticket_pkey")),
    )
    op.create_index(op.f("problem_ticket_ticket_id_idx"), "problem_ticket", ["ticket_id"])


def _procedures() -> None:
    op.create_table(
        "procedure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("rulebook_id", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("attached_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("fulfilled_at", MOMENT, nullable=True),
        _to("procedure", "ticket_id", "ticket.id"),
        _to("procedure", "rulebook_id", "rulebook.id"),
        _to("procedure", "home_id", "department.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("procedure_pkey")),
    )
    op.create_index(op.f("procedure_ticket_id_idx"), "procedure", ["ticket_id"])
    op.create_index("procedure_attached_idx", "procedure", ["attached_at"])
    holds = sa.text("ended_at is null")
    op.create_index("procedure_ticket_key", "procedure", ["ticket_id"], unique=True, postgresql_where=holds)
    op.create_table(
        "procedure_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        _to("procedure_step", "procedure_id", "procedure.id"),
        _to("procedure_step", "by_id", "person.id"),
        _to("procedure_step", "asked_by_id", "person.id"),
        _to("procedure_step", "message_id", "message.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("procedure_step_pkey")),
        sa.UniqueConstraint("procedure_id", "step", name=op.f("procedure_step_procedure_id_step_key")),
    )
    asked = sa.text("state = 'asked'")
    op.create_index("procedure_step_asked_idx", "procedure_step", ["asked_at"], postgresql_where=asked)
