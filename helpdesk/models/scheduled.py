"""ScheduledReply: words that a member of staff wants to leave at a moment of their choice."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class ScheduledReply(Base):
    """A reply that was written and is not said yet: no message, and no clock knows of it, until its moment comes.

    ``seen`` is the newest message its author had read; ``state`` is waiting, sent, cancelled or stopped (``reason``).
    """

    __tablename__ = "scheduled_reply"
    __table_args__ = (
        Index("scheduled_reply_due_idx", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("scheduled_reply_ticket_idx", "ticket_id"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    seen: Mapped[int | None]
    due_at: Mapped[Moment]
    created_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    reason: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    settled_at: Mapped[datetime | None]
