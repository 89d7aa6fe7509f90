"""What tickets say as sets of words (TicketLikeness), and many of them that may have one cause (Surge)."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class TicketLikeness(Base):
    """The words of what a ticket first said, as stems, and the bands by which like ones find each other.

    Kept while a ticket is open and for a while afterwards, so that the index stays small.
    """

    __tablename__ = "ticket_likeness"
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[Moment] = mapped_column(index=True)
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    bands: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class TicketBand(Base):
    """A ticket's bands once more, each a row: so the newest tickets of a band are the first of an index.

    Which ones refer to no likeness any more is nobody's concern: `duplicates` joins them, and takes both away together.
    """

    __tablename__ = "ticket_band"

    band: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Surge(Base):
    """Open tickets of one service within a short time that say the same: perhaps one cause. A proposal, no more."""

    __tablename__ = "surge"
    __table_args__ = (Index("surge_proposed_idx", "found_at", postgresql_where=text("state = 'proposed'")),)

    id: Mapped[Key]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    ticket_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(default="proposed", server_default="proposed")
    found_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
