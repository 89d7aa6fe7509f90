"""Presence, offers, departments' ways to hand out work, likeness of tickets, tries of rules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seven tables, empty at first."""
    _presence()
    _departments()
    _offers()
    _unclaimed()
    _likeness()
    _surges()
    _trials()


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _number(name: str, default: str | None = None, *, needed: bool = False) -> sa.Column[object]:
    standing = sa.text(default) if default else None
    return sa.Column(name, sa.BigInteger(), server_default=standing, nullable=not (needed or default))


def _words(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _identity() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _own(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _json(name: str, default: str | None = "{}") -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), server_default=default, nullable=False)


def _to(of: str, column: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"{of}_{column}_fkey"), **more)  # type: ignore[arg-type]


def _key(of: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"{of}_pkey"))


def _presence() -> None:
    op.create_table(
        "presence",
        _own("person_id"),
        _words("state", "available"),
        sa.Column("without", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _moment("until"),
        _moment("changed_at", needed=True),
        _moment("seen_at"),
        _moment("given_at"),
        _to("presence", "person_id", "staff.person_id"),
        _key("presence", "person_id"),
    )


def _departments() -> None:
    name = "department_assignment"
    op.create_table(
        name,
        _own("department_id"),
        _words("mode", "pull"),
        _words("turn", "least_loaded"),
        sa.Column("sticky", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _number("offer_minutes", "10"),
        _json("skills"),
        _number("overflow_minutes"),
        _number("overflow_department_id"),
        _number("overflow_team_id"),
        _number("take_back_minutes"),
        _number("warn_minutes", "30"),
        _moment("changed_at", needed=True),
        _to(name, "department_id", "department.id"),
        _to(name, "overflow_department_id", "department.id"),
        _to(name, "overflow_team_id", "team.id"),
        _key(name, "department_id"),
    )


def _offers() -> None:
    op.create_table(
        "offer",
        _identity(),
        _words("kind"),
        _number("work_id", needed=True),
        _number("person_id", needed=True),
        _number("department_id"),
        _number("weight", needed=True),
        _json("why", None),
        _words("state", "offered"),
        _moment("offered_at", needed=True),
        _moment("expires_at", needed=True),
        _moment("settled_at"),
        _to("offer", "person_id", "staff.person_id"),
        _to("offer", "department_id", "department.id"),
        _key("offer"),
    )
    offered = sa.text("state = 'offered'")
    op.create_index("offer_open_key", "offer", ["kind", "work_id"], unique=True, postgresql_where=offered)
    held = sa.text("state in ('offered', 'accepted')")
    op.create_index("offer_person_idx", "offer", ["person_id"], postgresql_where=held)
    op.create_index("offer_expires_idx", "offer", ["expires_at"], postgresql_where=offered)
    op.create_index("offer_work_idx", "offer", ["kind", "work_id", "id"])


def _unclaimed() -> None:
    op.create_table(
        "unclaimed",
        _own("ticket_id"),
        _number("warned_id"),
        _moment("warned_at"),
        _moment("taken_back_at"),
        _moment("overflowed_at"),
        _to("unclaimed", "ticket_id", "ticket.id", ondelete="CASCADE"),
        _to("unclaimed", "warned_id", "person.id"),
        _key("unclaimed", "ticket_id"),
    )
    op.create_index(op.f("unclaimed_taken_back_at_idx"), "unclaimed", ["taken_back_at"])


def _likeness() -> None:
    op.create_table(
        "ticket_likeness",
        _own("ticket_id"),
        _moment("at", needed=True),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("bands", sa.ARRAY(sa.Integer()), nullable=False),
        _to("ticket_likeness", "ticket_id", "ticket.id", ondelete="CASCADE"),
        _key("ticket_likeness", "ticket_id"),
    )
    op.create_index("ticket_likeness_bands", "ticket_likeness", ["bands"], postgresql_using="gin")
    op.create_index(op.f("ticket_likeness_at_idx"), "ticket_likeness", ["at"])


def _surges() -> None:
    op.create_table(
        "surge",
        _identity(),
        _number("department_id"),
        _number("service_id"),
        sa.Column("ticket_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        _words("state", "proposed"),
        _moment("found_at", needed=True),
        _moment("changed_at", needed=True),
        _moment("settled_at"),
        _number("settled_by_id"),
        _to("surge", "department_id", "department.id"),
        _to("surge", "service_id", "service.id"),
        _to("surge", "settled_by_id", "person.id"),
        _key("surge"),
    )
    proposed = sa.text("state = 'proposed'")
    op.create_index("surge_proposed_idx", "surge", ["found_at"], postgresql_where=proposed)


def _trials() -> None:
    op.create_table(
        "routing_trial",
        _identity(),
        _number("version_id", needed=True),
        _number("against_id"),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        _words("state"),
        _moment("asked_at", needed=True),
        _number("asked_by_id"),
        _moment("beat_at"),
        _moment("ended_at"),
        _number("total"),
        _number("done", "0"),
        _number("last_id", "0"),
        _json("found"),
        sa.Column("error", sa.Text(), nullable=True),
        _to("routing_trial", "version_id", "rulebook.id"),
        _to("routing_trial", "against_id", "rulebook.id"),
        _to("routing_trial", "asked_by_id", "person.id"),
        _key("routing_trial"),
    )
    op.create_index("routing_trial_version_idx", "routing_trial", ["version_id", "id"])
    under_way = sa.text("state in ('waiting', 'running')")
    op.create_index("routing_trial_under_way_idx", "routing_trial", ["state"], postgresql_where=under_way)
