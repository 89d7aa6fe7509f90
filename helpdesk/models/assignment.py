"""How departments hand out work, what is on offer to whom, and what was done about work that nobody does."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class DepartmentAssignment(Base):
    """How one department hands out its work; a department without a row lets its people take it.

    ``skills`` asks skills of who works on a service: ``{service id: [word, …]}``. Minutes are of opening hours.
    """

    __tablename__ = "department_assignment"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, autoincrement=False)
    mode: Mapped[str] = mapped_column(default="pull", server_default="pull")
    turn: Mapped[str] = mapped_column(default="least_loaded", server_default="least_loaded")
    sticky: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    offer_minutes: Mapped[int] = mapped_column(default=10, server_default=text("10"))
    skills: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    overflow_minutes: Mapped[int | None]
    overflow_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    overflow_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    take_back_minutes: Mapped[int | None]
    warn_minutes: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    changed_at: Mapped[Moment]


class Offer(Base):
    """Work on offer to one person, as a lease: ``kind`` and ``work_id`` name a ticket, a chat or a call.

    ``weight`` is what it takes of a capacity, in hundredths; ``why`` the reason for the choice.
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index("offer_open_key", "kind", "work_id", unique=True, postgresql_where=text("state = 'offered'")),
        Index("offer_person_idx", "person_id", postgresql_where=text("state in ('offered', 'accepted')")),
        Index("offer_expires_idx", "expires_at", postgresql_where=text("state = 'offered'")),
        Index("offer_work_idx", "kind", "work_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    work_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    weight: Mapped[int]
    why: Mapped[Json]
    state: Mapped[str] = mapped_column(default="offered", server_default="offered")
    offered_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    settled_at: Mapped[datetime | None]


class Unclaimed(Base):
    """What was done about a ticket that nobody works on: its assignee warned, or another department asked."""

    __tablename__ = "unclaimed"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    warned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    warned_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None] = mapped_column(index=True)
    overflowed_at: Mapped[datetime | None]
