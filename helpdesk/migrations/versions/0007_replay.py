"""Other rules tried on tickets, and versions applied to open ones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNDER_WAY = "state in ('waiting', 'running')"


def upgrade() -> None:
    """Four tables, empty at first."""
    _runs()
    _flips()
    _applications()
    _applied()


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _count(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)


def _runs() -> None:
    op.create_table(
        "replay_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=True),
        sa.Column("version_ids", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        _moment("asked_at", needed=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        _moment("as_of"),
        _moment("beat_at"),
        _moment("ended_at"),
        sa.Column("total", sa.BigInteger(), nullable=True),
        _count("done"),
        _count("last_id"),
        sa.Column("found", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["rulebook.id"], name=op.f("replay_run_version_id_fkey")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("replay_run_department_id_fkey")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("replay_run_asked_by_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("replay_run_pkey")),
    )
    op.create_index(
        "replay_run_under_way_key",
        "replay_run",
        ["kind", "version_id"],
        unique=True,
        postgresql_where=sa.text(UNDER_WAY),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("replay_run_version_idx", "replay_run", ["version_id", "id"], unique=False)


def _flips() -> None:
    op.create_table(
        "replay_flip",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cycle", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=True),
        sa.Column("state_after", sa.Text(), nullable=True),
        _moment("due_before"),
        _moment("due_after"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["replay_run.id"], name=op.f("replay_flip_run_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("replay_flip_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("replay_flip_pkey")),
    )
    op.create_index("replay_flip_run_idx", "replay_flip", ["run_id", "id"], unique=False)
    op.create_index(op.f("replay_flip_ticket_id_idx"), "replay_flip", ["ticket_id"], unique=False)


def _applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("undoes_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _moment("asked_at", needed=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        _moment("beat_at"),
        _moment("ended_at"),
        sa.Column("total", sa.BigInteger(), nullable=True),
        _count("done"),
        _count("last_id"),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["undoes_id"], ["application.id"], name=op.f("application_undoes_id_fkey")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("application_asked_by_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("application_pkey")),
        sa.UniqueConstraint("undoes_id", name=op.f("application_undoes_id_key")),
    )
    op.create_index(
        "application_under_way_idx", "application", ["state"], unique=False, postgresql_where=sa.text(UNDER_WAY)
    )


def _applied() -> None:
    op.create_table(
        "application_ticket",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("had", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("clocks", sa.BigInteger(), nullable=False),
        _count("breached"),
        _count("late_before"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("application_ticket_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("application_ticket_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("application_id", "ticket_id", name=op.f("application_ticket_pkey")),
    )
    op.create_index(op.f("application_ticket_ticket_id_idx"), "application_ticket", ["ticket_id"], unique=False)
