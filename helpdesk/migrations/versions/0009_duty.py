"""Absences and what is handed over, levels of escalation, a case owner for every ticket of a department."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("is_open")


def upgrade() -> None:
    """From 0008."""
    _columns()
    _absences()
    _handovers()
    _levels()
    for statement in (OWNERS, FACTS, SILENT):
        op.execute(statement)
    op.create_index("ticket_open_owner_idx", "ticket", ["owner_id", "next_due_at", "id"], postgresql_where=OPEN)
    op.create_index("ticket_silent_idx", "ticket", ["silent_at"], postgresql_where=OPEN)


def _columns() -> None:
    false, none = sa.text("false"), sa.text("0")
    op.add_column("ticket", sa.Column("owner_by_default", sa.Boolean(), server_default=false, nullable=False))
    op.add_column("ticket", sa.Column("escalation_told", sa.BigInteger(), server_default=none, nullable=False))
    op.add_column("ticket", sa.Column("silent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("department", sa.Column("default_owner_id", sa.BigInteger(), nullable=True))
    op.add_column("department", sa.Column("silent_days", sa.BigInteger(), nullable=True))
    op.add_column("team", sa.Column("lead_id", sa.BigInteger(), nullable=True))
    for table, name in (("department", "default_owner_id"), ("team", "lead_id")):
        op.create_foreign_key(op.f(f"{table}_{name}_fkey"), table, "person", [name], ["id"])


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(name: str, *, needed: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not needed)


def _moment(name: str, *, needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _refers(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"{table}_{column}_fkey"), ondelete=ondelete)


def _absences() -> None:
    op.create_table(
        "absence",
        _key(),
        _number("person_id"),
        _number("deputy_id", needed=False),
        _moment("from_at"),
        _moment("until_at"),
        sa.Column("handing", sa.Text(), nullable=False),
        _number("entered_by_id", needed=False),
        _moment("entered_at"),
        _moment("begun_at", needed=False),
        _moment("ended_at", needed=False),
        _refers("absence", "person_id", "staff.person_id"),
        _refers("absence", "deputy_id", "staff.person_id"),
        _refers("absence", "entered_by_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("absence_pkey")),
    )
    op.create_index("absence_person_idx", "absence", ["person_id", "from_at"])
    op.create_index("absence_open_idx", "absence", ["from_at"], postgresql_where=sa.text("ended_at is null"))


def _handovers() -> None:
    op.create_table(
        "handover",
        _key(),
        _number("absence_id", needed=False),
        _number("ticket_id"),
        sa.Column("capacity", sa.Text(), nullable=False),
        _number("from_id"),
        _number("to_id", needed=False),
        _moment("at"),
        _moment("returned_at", needed=False),
        _refers("handover", "absence_id", "absence.id", ondelete="CASCADE"),
        _refers("handover", "ticket_id", "ticket.id"),
        _refers("handover", "from_id", "person.id"),
        _refers("handover", "to_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("handover_pkey")),
    )
    still_there = sa.text("returned_at is null")
    op.create_index("handover_absence_idx", "handover", ["absence_id"], postgresql_where=still_there)
    op.create_index("handover_ticket_idx", "handover", ["ticket_id"])


def _levels() -> None:
    op.create_table(
        "escalation_level",
        _number("department_id"),
        _number("level"),
        _number("team_id"),
        _refers("escalation_level", "department_id", "department.id"),
        _refers("escalation_level", "team_id", "team.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("department_id", "level", name=op.f("escalation_level_pkey")),
    )
    op.create_index("escalation_level_team_id_idx", "escalation_level", ["team_id"])


OWNERS = """
    update ticket set owner_id = coalesce(worker.person_id, answers.person_id),
                      owner_by_default = worker.person_id is null
    from ticket as same left join staff as worker on worker.person_id = same.assignee_id and worker.active,
    (
        select department.id, (
            select staff.person_id from staff
            left join membership on membership.staff_id = staff.person_id
                                and membership.department_id = department.id
            where staff.active and (membership.staff_id is not null or staff.role = 'administrator')
            order by membership.lead desc nulls last, staff.role = 'supervisor' desc,
                     staff.role = 'administrator' desc, staff.person_id
            limit 1) as person_id
        from department
    ) as answers
    where same.id = ticket.id and answers.id = ticket.department_id and ticket.owner_id is null
      and coalesce(worker.person_id, answers.person_id) is not null
"""
"""Who works on it answers for it; where nobody does, who leads its department."""

FACTS = """
    insert into ticket_event (ticket_id, type, at, actor_kind, actor_id, data)
    select ticket.id, 'owner_changed', ticket.updated_at, 'system', null,
           jsonb_build_object('owner_id', ticket.owner_id, 'reason', 'default')
    from ticket where ticket.owner_id is not null and not exists (
        select from ticket_event where ticket_event.ticket_id = ticket.id and ticket_event.type = 'owner_changed')
    order by ticket.id
"""

SILENT = "update ticket set silent_at = updated_at + interval '1 day' where is_open"
