"""RoutingModel and Proposal: what the classifier learned, version by version, and what became of its proposals."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class RoutingModel(Base):
    """One version of the classifier; at most one is in force. ``figures``: what it was measured at, by which
    ``thresholds`` (department key → confidence) it may send without a human."""

    __tablename__ = "routing_model"
    __table_args__ = (
        Index("routing_model_in_force_key", "state", unique=True, postgresql_where=text("state = 'in_force'")),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    why: Mapped[str]
    examples: Mapped[int]
    thresholds: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    figures: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    trained_at: Mapped[Moment]
    trained_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    in_force_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class Proposal(Base):
    """What a model proposed for one ticket and where people say it belongs. ``routed``: it was sent there at once.

    ``department_id`` is null for "none of ours"; ``settled_id`` the department a human chose or that resolved it.
    """

    __tablename__ = "proposal"
    __table_args__ = (Index("proposal_settled_idx", "settled_at", postgresql_where=text("settled_at is not null")),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    model: Mapped[int]
    at: Mapped[Moment]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    confidence: Mapped[float]
    known: Mapped[bool]
    routed: Mapped[bool]
    settled_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    settled_at: Mapped[datetime | None]
    settled_how: Mapped[str | None]
