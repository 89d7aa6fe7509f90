"""Configuration that decides, as versions: rulesets, calendars, policies, the priority matrix."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class Rulebook(Base):
    """One version. ``key`` names what it is a version of ("municipal-hours"); ``number`` counts.

    ``why`` is the reason it was made or put in force for; ``starts_at`` the moment from which it shall hold.
    """

    __tablename__ = "rulebook"
    __table_args__ = (
        UniqueConstraint("kind", "key", "number"),
        Index("rulebook_in_force_key", "kind", "key", unique=True, postgresql_where=text("state = 'in_force'")),
        Index("rulebook_scheduled_idx", "starts_at", postgresql_where=text("state = 'scheduled'")),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    key: Mapped[str]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[Json]
    state: Mapped[str]
    created_at: Mapped[Moment]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(default="", server_default="")
    in_force_at: Mapped[datetime | None]
    in_force_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    retired_why: Mapped[str] = mapped_column(default="", server_default="")


class Setting(Base):
    """One thing the body decides as a whole (its names, languages, auto-close days)."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[Json]
    changed_at: Mapped[Moment]
