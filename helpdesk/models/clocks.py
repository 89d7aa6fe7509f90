"""TicketClock, ClockStep: what is read of a ticket's deadlines, and which of their steps fired."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class TicketClock(Base):
    """A cache of what ``sla`` reads from the journal; may be rebuilt at any time.

    ``next_step_at`` is when the tick must look at it again (null: never); ``paused_at`` since when it is paused.
    """

    __tablename__ = "ticket_clock"
    __table_args__ = (
        UniqueConstraint("ticket_id", "name", "cycle"),
        Index("ticket_clock_next_step_idx", "next_step_at", postgresql_where=text("next_step_at is not null")),
        Index("ticket_clock_started_idx", "name", "started_at"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    name: Mapped[str]
    cycle: Mapped[int] = mapped_column(default=1)
    state: Mapped[str]
    started_at: Mapped[Moment]
    due_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    target_seconds: Mapped[int]
    elapsed_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    paused_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    breached_at: Mapped[datetime | None]
    late_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    retargeted_after_breach: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    next_step_at: Mapped[datetime | None]
    policy_id: Mapped[int] = mapped_column(ForeignKey("rulebook.id"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("rulebook.id"))
    target_key: Mapped[str]
    error: Mapped[str | None]


class ClockStep(Base):
    """A step that fired; the unique key makes it fire once whatever crashes.

    ``error`` is why what it does failed; it is tried again at ``again_at``.
    """

    __tablename__ = "clock_step"
    __table_args__ = (
        UniqueConstraint("ticket_id", "clock", "cycle", "step"),
        Index("clock_step_again_idx", "again_at", postgresql_where=text("again_at is not null")),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    clock: Mapped[str]
    cycle: Mapped[int]
    step: Mapped[str]
    due_at: Mapped[Moment]
    fired_at: Mapped[Moment]
    again_at: Mapped[datetime | None]
    error: Mapped[str | None]
