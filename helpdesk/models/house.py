"""HouseEvent: who set up what in the house, and when; append-only like the journal."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class HouseEvent(Base):
    """One change by an administrator. ``data`` holds codes and short values of the house, no person's words."""

    __tablename__ = "house_event"
    __table_args__ = (Index("house_event_thing_idx", "kind", "thing_id", "id"),)

    id: Mapped[Key]
    at: Mapped[Moment]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    act: Mapped[str]
    kind: Mapped[str]
    thing_id: Mapped[int | None]
    data: Mapped[Json]
