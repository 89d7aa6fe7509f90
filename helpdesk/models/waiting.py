"""TicketWait: how the waiting of a ticket goes on, while it waits."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Moment


class TicketWait(Base):
    """The last wait of a ticket; it holds while the ticket's status is one of waiting. Its end stands on the ticket.

    ``next_at`` is when the clock looks at it again (null: never); ``rules_id`` the version of the rules it began under;
    ``limit_at`` until when it may last, unless a supervisor extends it; ``error`` why it was set aside.
    """

    __tablename__ = "ticket_wait"
    __table_args__ = (Index("ticket_wait_next_idx", "next_at", postgresql_where=text("next_at is not null")),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str]
    since: Mapped[Moment]
    limit_at: Mapped[datetime | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook.id"))
    reminders: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    reminded_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    extended: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    next_at: Mapped[datetime | None]
    error: Mapped[str | None]
