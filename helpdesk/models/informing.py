"""Informed: what became of telling somebody of a change. Silence: who wants only the letters that ask or answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class Informed(Base):
    """One reader and one public change of a ticket: by a letter, by words that said it already, or why not.

    ``external_id`` names the letter in the outbox, whose state tells the rest; ``message_id`` the words that said it
    already. ``about`` tells apart what can happen twice at once: the clock and its cycle. ``leaves_at`` is the
    earliest moment the letter may leave.
    """

    __tablename__ = "informed"
    __table_args__ = (
        Index("informed_ticket_idx", "ticket_id", "id"),
        Index("informed_at_idx", "at"),
        Index("informed_external_idx", "external_id"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    change: Mapped[str]
    reader: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]
    telling: Mapped[str]
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook.id"))
    external_id: Mapped[str | None]
    message_id: Mapped[int | None]
    leaves_at: Mapped[datetime | None]
    about: Mapped[str] = mapped_column(default="", server_default="")


class Silence(Base):
    """Somebody who declined the letters about a ticket that may be declined."""

    __tablename__ = "silence"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[Moment]
