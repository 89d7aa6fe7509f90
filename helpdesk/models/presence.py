"""Presence: who sits at the desk and takes new work."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Moment


class Presence(Base):
    """How a member of staff is there. ``state`` holds until ``until``; ``seen_at`` is the desk's last sign of life.

    ``without`` names kinds of work (`WorkKind`) that they do not take; ``given_at``: when they were given some last.
    """

    __tablename__ = "presence"

    person_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(default="available", server_default="available")
    without: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    until: Mapped[datetime | None]
    changed_at: Mapped[Moment]
    seen_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
