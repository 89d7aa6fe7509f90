"""ProtocolYear and ProtocolEntry: the book of what the law calls an application, a number each, without a gap."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Moment


class ProtocolYear(Base):
    """The last number of a year. Whoever enters something holds this row until their commit: no number is lost."""

    __tablename__ = "protocol_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class ProtocolEntry(Base):
    """One line of the book: this ticket got that number of that year, then."""

    __tablename__ = "protocol_entry"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    at: Mapped[Moment]
