"""Other rules tried on tickets (ReplayRun, ReplayFlip), and versions applied to open ones (Application)."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment

_UNDER_WAY = text("state in ('waiting', 'running')")


class ReplayRun(Base):
    """One piece of work over many tickets: past ones under other rules, open ones, or all clocks verified.

    ``last_id`` is the ticket up to which it is done and ``found`` what that came to, so that whoever goes on loses
    nothing; ``as_of`` is the moment as of which all of them are read; ``beat_at`` when somebody last worked on it.
    """

    __tablename__ = "replay_run"
    __table_args__ = (
        Index(
            "replay_run_under_way_key",
            "kind",
            "version_id",
            unique=True,
            postgresql_where=_UNDER_WAY,
            postgresql_nulls_not_distinct=True,
        ),
        Index("replay_run_version_idx", "version_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook.id"))
    version_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list, server_default="{}")
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    state: Mapped[str]
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    as_of: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    found: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    error: Mapped[str | None]


class ReplayFlip(Base):
    """A promise that would be another one; a side has no state where nothing was, or would be, promised."""

    __tablename__ = "replay_flip"
    __table_args__ = (Index("replay_flip_run_idx", "run_id", "id"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("replay_run.id", ondelete="CASCADE"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    clock: Mapped[str]
    cycle: Mapped[int]
    change: Mapped[str]
    department_id: Mapped[int | None]
    priority: Mapped[str]
    state_before: Mapped[str | None]
    state_after: Mapped[str | None]
    due_before: Mapped[datetime | None]
    due_after: Mapped[datetime | None]


class Application(Base):
    """An act by which an administrator applied versions to open tickets, or took such an act back (``undoes_id``)."""

    __tablename__ = "application"
    __table_args__ = (Index("application_under_way_idx", "state", postgresql_where=_UNDER_WAY),)

    id: Mapped[Key]
    version_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), unique=True)
    why: Mapped[str]
    state: Mapped[str]
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    error: Mapped[str | None]


class ApplicationTicket(Base):
    """A ticket to which versions were applied, with those it had: its policy, and by clock policy and calendar.

    ``breached`` counts its clocks that were late at once, ``late_before`` those whose deadline was missed already.
    """

    __tablename__ = "application_ticket"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False, index=True)
    had: Mapped[Json]
    clocks: Mapped[int]
    breached: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    late_before: Mapped[int] = mapped_column(default=0, server_default=text("0"))
