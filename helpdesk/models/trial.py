"""RoutingTrial: past tickets decided anew by a draft of the rules."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class RoutingTrial(Base):
    """One try of a ruleset's version on the tickets received in a period; ``found`` is what it came to.

    ``last_id`` is the ticket up to which it is done, so that whoever goes on loses nothing; ``beat_at`` when somebody
    last worked on it.
    """

    __tablename__ = "routing_trial"
    __table_args__ = (
        Index("routing_trial_version_idx", "version_id", "id"),
        Index("routing_trial_under_way_idx", "state", postgresql_where=text("state in ('waiting', 'running')")),
    )

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("rulebook.id"))
    against_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    state: Mapped[str]
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    found: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    error: Mapped[str | None]
