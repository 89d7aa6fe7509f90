"""TicketEvent: append-only, guarded by database triggers. Only services/journal writes it."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class TicketEvent(Base):
    """One fact. ``data`` holds ids, codes and reason codes, never a person's words."""

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index("ticket_event_ticket_idx", "ticket_id", "id"),
        Index("ticket_event_type_idx", "type", "at"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    type: Mapped[str]
    at: Mapped[Moment]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    data: Mapped[Json]


class JournalTombstone(Base):
    """What is left of a journal that law made us erase: how many facts, when, by which reason code."""

    __tablename__ = "journal_tombstone"

    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    events: Mapped[int]
    reason: Mapped[str]
    at: Mapped[Moment]
