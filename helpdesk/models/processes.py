"""Procedure and ProcedureStep: the model that a ticket is worked by, and how its steps stand (FitSM I-S8, I-S9)."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class Procedure(Base):
    """A model as it holds for one ticket: the version it was attached in stays, whatever comes into force later.

    ``home_id`` is the department that steps without one of their own belong to; ``ended_at`` is set when the ticket
    turned out to be something else.
    """

    __tablename__ = "procedure"
    __table_args__ = (
        Index("procedure_ticket_key", "ticket_id", unique=True, postgresql_where=text("ended_at is null")),
        Index("procedure_attached_idx", "attached_at"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    rulebook_id: Mapped[int] = mapped_column(ForeignKey("rulebook.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    attached_at: Mapped[Moment]
    ended_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    fulfilled_at: Mapped[datetime | None]


class ProcedureStep(Base):
    """A step that somebody touched; ``step`` is its key in the model. Steps without a row are open.

    ``message_id`` is the internal note with the reason or the answers.
    """

    __tablename__ = "procedure_step"
    __table_args__ = (
        UniqueConstraint("procedure_id", "step"),
        Index("procedure_step_asked_idx", "asked_at", postgresql_where=text("state = 'asked'")),
    )

    id: Mapped[Key]
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    step: Mapped[str]
    state: Mapped[str]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
