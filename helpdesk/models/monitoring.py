"""Signal: what a monitoring system reports under one name, as it stands now."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Moment


class Signal(Base):
    """Everything an account reported under one key. ``reports`` counts; ``said_at`` is when the ticket heard last."""

    __tablename__ = "signal"
    __table_args__ = (
        Index("signal_ticket_idx", "ticket_id", postgresql_where=text("ticket_id is not null")),
        Index("signal_opened_idx", "account_id", "opened_at", postgresql_where=text("opened_at is not null")),
        Index("signal_last_idx", "account_id", "last_at"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(default="", server_default="")
    level: Mapped[str]
    state: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    reports: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    first_at: Mapped[Moment]
    last_at: Mapped[Moment]
    opened_at: Mapped[datetime | None]
    said_at: Mapped[datetime | None]
    recovered_at: Mapped[datetime | None]
