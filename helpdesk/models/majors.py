"""MajorIncident with its children, stakeholders, updates and review; MajorProposal: what criteria found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment, Texts

_OPEN = text("state = 'open'")


class MajorIncident(Base):
    """What a ticket that was declared major has beyond a ticket. ``titles`` and ``summaries`` are citizens' words.

    ``next_update_at`` is when everybody was promised to hear again; ``alarms`` how many were told that it is late.
    ``settling``: it is resolved and not all of its children are yet.
    """

    __tablename__ = "major_incident"
    __table_args__ = (
        Index("major_incident_update_idx", "next_update_at", postgresql_where=text("next_update_at is not null")),
        Index("major_incident_settling_idx", "ticket_id", postgresql_where=text("settling")),
        Index("major_incident_lasting_idx", "declared_at", postgresql_where=text("ended_at is null")),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    criterion: Mapped[str]
    titles: Mapped[Texts]
    summaries: Mapped[Texts]
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    service_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list, server_default="{}")
    update_minutes: Mapped[int]
    next_update_at: Mapped[datetime | None]
    alarms: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    outage_id: Mapped[int | None] = mapped_column(ForeignKey("outage.id", ondelete="SET NULL"))
    declared_at: Mapped[Moment]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolutions: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    settling: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    ended_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class MajorChild(Base):
    """A ticket about the same disturbance: part of one major incident at most."""

    __tablename__ = "major_child"
    __table_args__ = (Index("major_child_parent_idx", "parent_id", "state", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    parent_id: Mapped[int] = mapped_column(ForeignKey("major_incident.ticket_id"))
    state: Mapped[str] = mapped_column(default="linked", server_default="linked")
    linked_at: Mapped[Moment]
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


class MajorStakeholder(Base):
    """Somebody who is kept informed and asked nothing: a colleague, a customer body, any address."""

    __tablename__ = "major_stakeholder"
    __table_args__ = (UniqueConstraint("ticket_id", "email"),)

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("major_incident.ticket_id"))
    name: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str]
    language: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer_body.id"))


class MajorUpdate(Base):
    """One word to everybody concerned, in each language; ``done_at`` once it has reached all."""

    __tablename__ = "major_update"
    __table_args__ = (
        Index("major_update_ticket_idx", "ticket_id", "id"),
        Index("major_update_undone_idx", "id", postgresql_where=text("done_at is null")),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("major_incident.ticket_id"))
    texts: Mapped[Texts]
    at: Mapped[Moment]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    next_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class MajorLetter(Base):
    """An update stands on that ticket; ``person_id`` where a letter of it went to who asked there: one a person."""

    __tablename__ = "major_letter"
    __table_args__ = (Index("major_letter_person_key", "update_id", "person_id", unique=True),)

    update_id: Mapped[int] = mapped_column(ForeignKey("major_update.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))


class MajorReview(Base):
    """What was learned. ``timeline``: ``[{"at", "text"}]``.

    ``actions``: ``[{"text", "owner_id", "due_on", "problem_id"}]``.
    """

    __tablename__ = "major_review"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("major_incident.ticket_id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    timeline: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    cause: Mapped[str] = mapped_column(default="", server_default="")
    went_well: Mapped[str] = mapped_column(default="", server_default="")
    went_badly: Mapped[str] = mapped_column(default="", server_default="")
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    finished: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MajorProposal(Base):
    """Somebody should decide whether this is a major incident. One open proposal a service, or a ticket."""

    __tablename__ = "major_proposal"
    __table_args__ = (
        Index("major_proposal_service_key", "service_id", unique=True, postgresql_where=_OPEN),
        Index("major_proposal_ticket_key", "ticket_id", unique=True, postgresql_where=_OPEN),
        Index("major_proposal_open_idx", "at", postgresql_where=_OPEN),
    )

    id: Mapped[Key]
    criterion: Mapped[str]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    similar: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    at: Mapped[Moment]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
