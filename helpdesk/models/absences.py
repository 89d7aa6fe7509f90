"""Absence and Handover: who is away from when to when, who stands in, and what was handed over meanwhile."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class Absence(Base):
    """Somebody is away in [from_at, until_at); why is nobody's business and is not kept.

    ``begun_at``: their cases were handed over; ``ended_at``: it is over, or was called off.
    """

    __tablename__ = "absence"
    __table_args__ = (
        Index("absence_person_idx", "person_id", "from_at"),
        Index("absence_open_idx", "from_at", postgresql_where=text("ended_at is null")),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    from_at: Mapped[Moment]
    until_at: Mapped[Moment]
    handing: Mapped[str]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[Moment]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Handover(Base):
    """A ticket that changed hands because somebody is away or has left (no absence); ``returned_at``: it came back."""

    __tablename__ = "handover"
    __table_args__ = (
        Index("handover_absence_idx", "absence_id", postgresql_where=text("returned_at is null")),
        Index("handover_ticket_idx", "ticket_id"),
    )

    id: Mapped[Key]
    absence_id: Mapped[int | None] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    capacity: Mapped[str]
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]
    returned_at: Mapped[datetime | None]
