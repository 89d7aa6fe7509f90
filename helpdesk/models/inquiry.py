"""How somebody who lost their code proves who they are: what was asked for, and codes that work once."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class CodeRequest(Base):
    """Somebody asked for a code by number and address or phone number; kept until it was looked at, whatever it named.

    The page that keeps it does the same work for every number, so that nobody learns from its time which ones exist.
    """

    __tablename__ = "code_request"

    id: Mapped[Key]
    number: Mapped[int]
    proof: Mapped[str]
    at: Mapped[Moment]


class OneTimeCode(Base):
    """A code that was sent to the address on file: opens its request once, for a short time. Only its hash is kept."""

    __tablename__ = "one_time_code"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Moment]
    expires_at: Mapped[Moment]
